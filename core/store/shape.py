"""Dataclasses to JSON and back, read off their own annotations.

Fields this version does not know are left out; one it needs and does not find is `Unreadable`.
Of a union, the first choice that fits is taken.
"""

import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints


class Unreadable(ValueError):
    """A payload does not have the shape this version expects."""


def plain(value: object) -> Any:
    """A value JSON-ready. Raises ValueError for what JSON cannot hold."""
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        raise ValueError(f"not a number JSON can hold: {value}")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise ValueError(f"not JSON-ready: {type(value).__name__}")


def build(cls: type[Any], payload: Any) -> Any:
    """An instance of a dataclass from its JSON. Raises: Unreadable."""
    if not isinstance(payload, Mapping):
        raise Unreadable(cls.__name__)
    hints = _hints(cast(Hashable, cls))
    given = {}
    for f in fields(cls):
        if f.name in payload:
            given[f.name] = _read(hints[f.name], payload[f.name])
        elif f.default is MISSING and f.default_factory is MISSING:
            raise Unreadable(f"{cls.__name__}.{f.name} is missing")
    return cls(**given)


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


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
    if origin is frozenset:
        return frozenset(_read_tuple((*get_args(hint), ...), value))
    if is_dataclass(hint):
        return build(cast(type[Any], hint), value)
    if origin is not None and issubclass(origin, Mapping):
        given = _expect(isinstance(value, Mapping), value, hint)
        of = get_args(hint)[1:] or (object,)
        return {name: _read(of[0], item) for name, item in given.items()}
    return _read_scalar(hint, value)


def _read_scalar(hint: Any, value: Any) -> Any:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is float:
        return float(_expect(numeric, value, hint))
    if hint is int:
        return _expect(numeric and isinstance(value, int), value, hint)
    if hint is datetime:
        try:
            return datetime.fromisoformat(_expect(isinstance(value, str), value, hint))
        except ValueError as error:
            raise Unreadable(f"{value!r} is no instant") from error
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
