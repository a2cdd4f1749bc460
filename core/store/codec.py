"""Facts to JSON and back, read off the dataclasses of `core.events` themselves.

A newer version may have written kinds or fields this one does not know. Unknown fields are left
out; a fact of an unknown kind, or one that lacks what this version needs, is read as
`Noted("unrecognised", {"kind", "payload"})` and encodes back to what it was.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from core import events
from core.events import Fact, Noted

UNRECOGNISED = "unrecognised"
KINDS: Mapping[str, type[Any]] = {cls.__name__: cls for cls in get_args(events.Fact)}
_HINTS: dict[str, dict[str, Any]] = {
    cls.__name__: get_type_hints(cls)
    for cls in [*KINDS.values(), events.CriterionResult, events.Flip]
}


class Unreadable(ValueError):
    """A payload does not have the shape this version expects."""


def encode(fact: Fact) -> tuple[str, dict[str, Any]]:
    """`(kind, payload)`, JSON-ready. Raises ValueError for what JSON cannot hold."""
    if isinstance(fact, Noted) and fact.kind == UNRECOGNISED:
        return str(fact.data["kind"]), dict(cast(Mapping[str, Any], fact.data["payload"]))
    return type(fact).__name__, {f.name: _plain(getattr(fact, f.name)) for f in fields(fact)}


def decode(kind: str, payload: Mapping[str, Any]) -> Fact:
    """The fact; never raises."""
    cls = KINDS.get(kind)
    if cls is not None:
        try:
            return cast(Fact, _build(cls, payload))
        except Unreadable:
            pass
    return Noted(UNRECOGNISED, {"kind": kind, "payload": dict(payload)})


def _plain(value: object) -> Any:
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        raise ValueError(f"not a number JSON can hold: {value}")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise ValueError(f"not JSON-ready: {type(value).__name__}")


def _build(cls: type[Any], payload: Any) -> Any:
    if not isinstance(payload, Mapping):
        raise Unreadable(cls.__name__)
    hints = _HINTS[cls.__name__]
    given = {}
    for f in fields(cls):
        if f.name in payload:
            given[f.name] = _read(hints[f.name], payload[f.name])
        elif f.default is MISSING and f.default_factory is MISSING:
            raise Unreadable(f"{cls.__name__}.{f.name} is missing")
    return cls(**given)


def _read(hint: Any, value: Any) -> Any:
    """`value` as `hint` says; tuples come from lists, dataclasses from objects."""
    origin = get_origin(hint)
    if hint is object or hint is Any:
        return value
    if origin in (Union, types.UnionType):
        return _read_union(hint, value)
    if origin is Literal:
        return _expect(value in get_args(hint), value, hint)
    if origin is tuple:
        return _read_tuple(get_args(hint), value)
    if is_dataclass(hint):
        return _build(cast(type[Any], hint), value)
    if origin is not None and issubclass(origin, Mapping):
        return dict(_expect(isinstance(value, Mapping), value, hint))
    if hint is float:
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return float(_expect(numeric, value, hint))
    if hint is int:
        return _expect(isinstance(value, int) and not isinstance(value, bool), value, hint)
    return _expect(isinstance(value, hint), value, hint)


def _read_union(hint: Any, value: Any) -> Any:
    for choice in get_args(hint):
        if choice is types.NoneType:
            if value is None:
                return None
            continue
        try:
            return _read(choice, value)
        except Unreadable:
            continue
    raise Unreadable(f"{value!r} is not {hint}")


def _read_tuple(args: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise Unreadable(f"{value!r} is not a list")
    if len(args) == 2 and args[1] is ...:
        return tuple(_read(args[0], item) for item in value)
    if len(args) != len(value):
        raise Unreadable(f"expected {len(args)} items")
    return tuple(_read(arg, item) for arg, item in zip(args, value, strict=True))


def _expect(good: bool, value: Any, hint: Any) -> Any:
    if not good:
        raise Unreadable(f"{value!r} is not {typing.cast(object, hint)}")
    return value
