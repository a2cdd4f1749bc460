"""Which facts are sent to other systems, under which names, and with what content. Pure.

A name is derived from the fact's class: `VerdictReached` is `verdict.reached`, so a new kind of
fact needs no entry. Words of the conversation and internal facts are not sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from core.events import (
    CriterionAsked,
    Fact,
    Flagged,
    IdentifierSeen,
    Logged,
    MeetingRecorded,
    Noted,
    PersonRecalled,
    TurnMerged,
    TurnTimed,
    UtteranceRecorded,
)
from core.projections.document import instant
from core.replay.facts import InputsKept

_INSIDE = (
    UtteranceRecorded, TurnTimed, TurnMerged, CriterionAsked, IdentifierSeen, PersonRecalled,
    InputsKept,
)  # fmt: skip
_NOTES = {"handoff": "handoff.written", "crm": "crm.finished", "calendar": "calendar.finished"}
_MEETINGS = ("meeting.booked", "meeting.moved", "meeting.cancelled")


def kind_of(fact: Fact) -> str | None:
    """A fact's public name; None if it is not sent."""
    match fact:
        case Noted(kind):
            return _NOTES.get(kind)
        case MeetingRecorded(status=status):
            return f"meeting.{status}"
        case Flagged():
            return "flag.raised"
        case _ if isinstance(fact, _INSIDE):
            return None
        case _:
            return _named(type(fact).__name__)


def kinds() -> tuple[str, ...]:
    """All public names."""
    own = [cls for cls in get_args(Fact) if cls not in (*_INSIDE, Noted, MeetingRecorded, Flagged)]
    made = {*(_named(cls.__name__) for cls in own), *_NOTES.values(), *_MEETINGS, "flag.raised"}
    return tuple(sorted(made))


def wanted(kind: str, events: Sequence[str]) -> bool:
    """Whether a name is subscribed: `meeting.*` matches several, an empty list all."""
    return not events or any(
        kind == event or (event.endswith(".*") and kind.startswith(event[:-1])) for event in events
    )


def told(logged: Logged, public_url: str = "") -> Mapping[str, Any]:
    """The content sent for a fact: as currently in the log, so also after an erasure."""
    fact = logged.fact
    known = {f.name: _plain(getattr(fact, f.name)) for f in fields(fact)}
    data: dict[str, Any] = {"conversation_id": logged.conversation_id, "seq": logged.seq}
    if public_url:
        data["url"] = f"{public_url.rstrip('/')}/api/v1/conversations/{logged.conversation_id}"
    what = dict(fact.data) if isinstance(fact, Noted) else known
    return {
        "type": kind_of(fact) or "",
        "timestamp": instant(logged.at),
        "data": {**data, "fact": what},
    }


def _named(name: str) -> str:
    *about, happened = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", name)
    return f"{'-'.join(about).lower() or 'conversation'}.{happened.lower()}"


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | frozenset | list):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)
