"""Dataclasses to JSON and back, derived from their annotations.

Unknown fields are dropped; a missing required one is `Unreadable`. For a union, the first member
that fits is used.
"""

import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints


class Unreadable(ValueError):
    """A payload does not have the shape this version expects."""


def plain(value: object) -> Any:
    """A JSON-ready value. Raises ValueError for what JSON cannot represent."""
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
    given = {}
    for name, read, needed in _fields(cast(Hashable, cls)):
        if name in payload:
            given[name] = read(payload[name])
        elif needed:
            raise Unreadable(f"{cls.__name__}.{name} is missing")
    return cls(**given)


Read = Callable[[Any], Any]
"""Reads a value by its annotation; tuples come from lists, dataclasses from objects."""


@cache
def _fields(cls: Any) -> tuple[tuple[str, Read, bool], ...]:
    """Each field, its reader, and whether it is required."""
    hints = get_type_hints(cls)
    return tuple(
        (f.name, _reader(hints[f.name]), f.default is MISSING and f.default_factory is MISSING)
        for f in fields(cls)
    )


@cache
def _reader(hint: Any) -> Read:
    """Resolve an annotation once: a long conversation has thousands of values."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is object or hint is Any:
        return lambda value: value
    if origin in (Union, types.UnionType):
        return _union(hint, args)
    if origin is Literal:
        return lambda value: _expect(value in args, value, hint)
    if origin is tuple:
        return _tuple(args)
    if origin is frozenset:
        items = _tuple((*args, ...))
        return lambda value: frozenset(items(value))
    if is_dataclass(hint):
        return partial(build, cast(type[Any], hint))
    if origin is not None and issubclass(origin, Mapping):
        of = _reader((args[1:] or (object,))[0])
        return lambda value: {
            name: of(item)
            for name, item in _expect(isinstance(value, Mapping), value, hint).items()
        }
    return _scalar(hint)


def _scalar(hint: Any) -> Read:
    def number(value: Any) -> float:
        return float(_expect(isinstance(value, int | float) and value is not True
                             and value is not False, value, hint))  # fmt: skip

    def instant(value: Any) -> datetime:
        try:
            return datetime.fromisoformat(_expect(isinstance(value, str), value, hint))
        except ValueError as error:
            raise Unreadable(f"{value!r} is no instant") from error

    if hint is float:
        return number
    if hint is datetime:
        return instant
    if hint is int:
        return lambda value: value if type(value) is int else _expect(False, value, hint)
    return lambda value: value if isinstance(value, hint) else _expect(False, value, hint)


def _union(hint: Any, args: tuple[Any, ...]) -> Read:
    choices = [_reader(choice) for choice in args if choice is not types.NoneType]
    optional = len(choices) < len(args)

    def read(value: Any) -> Any:
        if value is None and optional:
            return None
        for choice in choices:
            try:
                return choice(value)
            except Unreadable:
                continue
        raise Unreadable(f"{value!r} is not {hint}")

    return read


def _tuple(args: tuple[Any, ...]) -> Read:
    alike = len(args) == 2 and args[1] is ...
    items = [_reader(arg) for arg in args if arg is not ...]

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Unreadable(f"{value!r} is not a list")
        if alike:
            return tuple(map(items[0], value))
        if len(items) != len(value):
            raise Unreadable(f"expected {len(items)} items")
        return tuple(item(one) for item, one in zip(items, value, strict=True))

    return read


def _expect(good: bool, value: Any, hint: Any) -> Any:
    if not good:
        raise Unreadable(f"{value!r} is not {typing.cast(object, hint)}")
    return value
