"""A faulty file's data with likely corrections, so that the rest can be checked.

A mistyped key or word becomes the one it resembles; a missing or wrongly typed value becomes its
default, or a stand-in of the right type. The result is never loaded.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, time
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from knowledge.errors import Problem
from knowledge.keys import section_at
from knowledge.positions import Located, Path, nearest

M = TypeVar("M", bound=BaseModel)
ROUNDS = 5
"""Most rounds of corrections: a corrected part may contain further faults."""
_PLAIN: Mapping[Any, Any] = {
    int: 1, float: 1, bool: False, date: "2000-01-01", time: "12:00",
}  # fmt: skip
_PAIR = (".from", ".to")


def mended(located: Located, error: ValidationError, model: type[M]) -> M | None:
    """The whole of a file without its faults; None where too little is left to be judged.

    Keys under a mistyped one get their lines in `located` under the right one as well.
    """
    rest = deepcopy(located.data or {})
    for _ in range(ROUNDS):
        for details in sorted(error.errors(), key=_order):
            _mend(rest, details, model, located.lines)
        if any(d["type"] == "missing" and _a_list(rest, d["loc"], model) for d in error.errors()):
            return None  # no team, or no segments at all: whatever names them would be wrong
        try:
            return model.model_validate(rest)
        except ValidationError as again:
            error = again
    return None


def beside(problems: Sequence[Problem], told: Sequence[Problem]) -> list[Problem]:
    """Problems, except those caused only by stand-ins for what was `told` about the same place."""
    keys = {(p.file, p.key) for p in told if p.key}
    items = {(file, key.rpartition(".")[0]) for file, key in keys if "." in key}

    def due(p: Problem) -> bool:
        within = any(f == p.file and f"{p.key}.".startswith(f"{key}.") for f, key in keys)
        pair = p.key.endswith(_PAIR) and (p.file, p.key.rpartition(".")[0]) in items
        return within or pair or (p.file, p.key) in items

    return [p for p in problems if not due(p)]


def _order(details: ErrorDetails) -> tuple[int, bool]:
    """Sort key: inner faults first, and mistyped keys before the ones they leave missing."""
    return -len(details["loc"]), details["type"] != "extra_forbidden"


def _a_list(rest: Any, path: Path, model: type[BaseModel]) -> bool:
    """Whether a path is one of the file's own lists, and empty."""
    field = _fields(model, path).get(str(path[-1])) if len(path) == 1 else None
    return field is not None and get_origin(field.annotation) is tuple and not rest.get(path[-1])


def _mend(rest: Any, details: ErrorDetails, model: type[BaseModel], lines: dict[Path, int]) -> None:
    path: Path = tuple(part for part in details["loc"] if part != "[key]")
    if not path:
        return
    here, kind = _at(rest, path[:-1]), details["type"]
    if isinstance(here, list) and isinstance(path[-1], int) and path[-1] < len(here):
        listed = _fields(model, path[:-1]).get(str(path[-2])) if len(path) > 1 else None
        item = get_args(listed.annotation) if listed is not None else ()
        here[path[-1]] = _stand_in(item[0] if item else str, here[path[-1]])
    if not isinstance(here, dict) or (kind == "missing" and path[-1] in here):
        return
    value = here.pop(path[-1], None)
    fields = _fields(model, path)
    field = fields.get(str(path[-1]))
    if kind == "extra_forbidden":
        meant = nearest(str(path[-1]), fields)
        if meant and meant not in here:
            here[meant] = value
            size = len(path)
            lines |= {(*path[:-1], meant, *p[size:]): n for p, n in lines.items()
                      if p[:size] == path}  # fmt: skip
    elif field is not None and field.is_required():
        here[path[-1]] = _stand_in(field.annotation, value)


def _at(rest: Any, path: Path) -> Any:
    for part in path:
        inside = isinstance(rest, dict) and part in rest
        listed = isinstance(rest, list) and isinstance(part, int) and part < len(rest)
        rest = rest[part] if inside or listed else None
    return rest


def _fields(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    section = section_at(model, path[:-1])
    return {f.alias or n: f for n, f in section.model_fields.items()} if section else {}


def _stand_in(kind: Any, typed: Any) -> Any:
    """A value of a type; for a choice, the word it resembles."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _stand_in(args[0], typed)
    if origin is Literal:
        return nearest(str(typed), [str(a) for a in args]) or args[0]
    if origin in (tuple, dict):
        return [] if origin is tuple else {}
    if origin is Union or (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return _PLAIN.get(kind, "?")
