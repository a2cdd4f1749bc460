"""Facts to JSON and back, derived from the dataclasses of `core.events`.

A newer version may have written unknown kinds or fields. Unknown fields are dropped; a fact of an
unknown kind, or one that lacks what this version needs, decodes to `Noted("unrecognised", {"kind",
"payload"})` and encodes back unchanged.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast, get_args

from core import events
from core.events import Fact, Noted
from core.store.shape import Unreadable, build, plain

UNRECOGNISED = "unrecognised"
KINDS: Mapping[str, type[Any]] = {cls.__name__: cls for cls in get_args(events.Fact)}


def encode(fact: Fact) -> tuple[str, dict[str, Any]]:
    """`(kind, payload)`, JSON-ready. Raises ValueError for what JSON cannot represent."""
    if isinstance(fact, Noted) and fact.kind == UNRECOGNISED:
        return str(fact.data["kind"]), dict(cast(Mapping[str, Any], fact.data["payload"]))
    return type(fact).__name__, {f.name: plain(getattr(fact, f.name)) for f in fields(fact)}


def decode(kind: str, payload: Mapping[str, Any]) -> Fact:
    """The fact; never raises."""
    cls = KINDS.get(kind)
    if cls is not None:
        try:
            return cast(Fact, build(cls, payload))
        except Unreadable:
            pass
    return Noted(UNRECOGNISED, {"kind": kind, "payload": dict(payload)})
