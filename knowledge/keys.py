"""Every key of a section and its meaning, read from the models themselves."""

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

_PLAIN: dict[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "yes or no", date: "date",
    time: "time", datetime: "instant",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One key: dotted path with `[]` for lists and `*` for free keys, type, default, meaning."""

    path: str
    type: str
    default: str
    """As written in YAML; `required` if there is none."""
    meaning: str


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[Key]:
    """Every key of a section and its subsections, in the order of the code."""
    for name, info in model.model_fields.items():
        path = f"{prefix}{info.alias or name}"
        inner, mark = inner_section(info.annotation)
        meaning = " ".join((info.description or "").split())
        if not meaning and inner is not None:
            meaning = " ".join((inner.__doc__ or "").split())
        yield Key(path, named(info.annotation), _default(info), meaning)
        if inner is not None:
            yield from keys(inner, f"{path}{mark}.")


def section_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel] | None:
    """The section at a path of a file; None if there is none."""
    here: type[BaseModel] | None = model
    skip = False
    for part in path:
        if isinstance(part, int) or skip:
            skip = False
            continue
        fields = here.model_fields if here is not None else {}
        info = next((f for n, f in fields.items() if part in (n, f.alias)), None)
        if info is None:
            return None
        here, mark = inner_section(info.annotation)
        skip = mark.startswith(".*")
    return here


def inner_section(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """The section inside a type, and its path suffix: ``, `[]` or `.*`."""
    origin, args = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    if origin is Annotated:
        return inner_section(args[0])
    if origin in (Union, types.UnionType):
        found = [inner_section(a) for a in args]
        return next((f for f in found if f[0] is not None), (None, ""))
    if origin is tuple:
        inner, mark = inner_section(args[0])
        return inner, f"[]{mark}"
    if origin is dict:
        inner, mark = inner_section(args[1])
        return inner, f".*{mark}"
    return None, ""


def named(annotation: Any) -> str:
    """A type in plain words: `list of text`, `native | through | none`."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if origin is Annotated:
        return named(args[0])
    if origin is Literal:
        return " \\| ".join(str(a) for a in args)
    if origin in (Union, types.UnionType):
        return " or ".join(named(a) for a in args if a is not types.NoneType)
    if origin is tuple:
        return f"list of {named(args[0])}"
    if origin is dict:
        return f"map of {named(args[0])} to {named(args[1])}"
    return "section"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = info.default if info.default is not PydanticUndefined else info.get_default(
        call_default_factory=True)  # fmt: skip
    if value is None or value in ((), {}, ""):
        return ""
    if isinstance(value, BaseModel):
        return "its defaults"
    if isinstance(value, tuple):
        return ", ".join(f"“{v}”" for v in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
