"""YAML read with the line of every key, and pydantic's complaints turned into located problems."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from knowledge.errors import Problem
from knowledge.keys import section_at
from knowledge.yaml_text import QUICK, Loader

Path = tuple[str | int, ...]

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_from_datetime_parsing": "a date such as 2026-01-31",
    "date_type": "a date such as 2026-01-31",
    "time_parsing": 'a time such as "09:00"',
    "time_type": 'a time such as "09:00", in quotes',
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}


@dataclass
class Located:
    """A YAML document as plain data, with the 1-based line of each key and list item."""

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Line of `path`, or of its nearest ancestor that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, expected: str, found: str, remedy: str) -> Problem:
        """A problem at `path` of this document."""
        return Problem(
            self.file, self.line(path), dotted(path), expected, found or "nothing", remedy
        )


def read_yaml(file: str, text: str, first_line: int = 1) -> Located:
    """Parse `text`, which starts at `first_line` of `file`. Faults land in `.problems`."""
    try:
        return _read(Located(file, None), QUICK, text, first_line)
    except (yaml.YAMLError, ValueError):
        pass  # told below by the parser written in Python, whose complaints say more
    located = Located(file, None)
    try:
        return _read(located, yaml.SafeLoader, text, first_line)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        what = getattr(error, "problem", None) or str(error)
        remedy = "Check indentation and quotes on this line and the one above."
        located.problems.append(Problem(file, line, "", "valid YAML", what, remedy))
    return located


def _read(located: Located, kind: Loader, text: str, first_line: int) -> Located:
    loader = kind(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _walk(node, (), located, first_line)
            located.data = loader.construct_document(node)
    finally:
        loader.dispose()
    return located


def _walk(node: yaml.Node, path: Path, located: Located, first_line: int) -> None:
    located.lines.setdefault(path, node.start_mark.line + first_line)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + first_line
            located.lines[(*path, name)] = line
            if name in seen:
                expected = f"the key `{name}` once"
                found = f"it again (first on line {seen[name]})"
                remedy = "Remove one of the two."
                where = dotted((*path, name))
                located.problems.append(Problem(located.file, line, where, expected, found, remedy))
            seen[name] = line
            _walk(value, (*path, name), located, first_line)
    elif isinstance(node, yaml.SequenceNode):
        for n, item in enumerate(node.value):
            _walk(item, (*path, n), located, first_line)


def complaints(
    located: Located,
    error: ValidationError,
    fields: set[str],
    model: type[BaseModel] | None = None,
) -> list[Problem]:
    """Every complaint of pydantic as a problem.

    `fields` are the key names typos may mean; those of the same section of `model` come first.
    """
    return [_complaint(located, d, _near(model, d["loc"]), fields) for d in error.errors()]


def _near(model: type[BaseModel] | None, path: Path) -> set[str]:
    section = section_at(model, path[:-1]) if model is not None else None
    return {f.alias or n for n, f in section.model_fields.items()} if section is not None else set()


def without_faults(data: Any, error: ValidationError) -> Any:
    """The same data without the keys that were complained of, for a look at the rest."""
    rest = deepcopy(data)
    for path in sorted((d["loc"] for d in error.errors()), key=len, reverse=True):
        here = rest
        for part in path[:-1]:
            inside = isinstance(here, dict) and part in here
            listed = isinstance(here, list) and isinstance(part, int) and part < len(here)
            here = here[part] if inside or listed else None
        if isinstance(here, dict):
            here.pop(path[-1], None)
    return rest


def _complaint(
    located: Located, details: ErrorDetails, near: set[str], fields: set[str]
) -> Problem:
    path: Path = tuple(details["loc"])
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        remedy = f"Add `{path[-1]}:` here." if path else "Fill in the file."
        return located.problem(path, "this key", "nothing", remedy)
    if kind == "extra_forbidden":
        word = str(path[-1])
        remedy = (
            did_you_mean(word, near)
            or did_you_mean(word, fields)
            or "Remove it; this key means nothing here."
        )
        expected = "a known key"
        return Problem(
            located.file, located.line(path), dotted(path), expected, f"`{path[-1]}`", remedy
        )
    if kind == "literal_error":
        allowed = [
            part.strip("' ") for part in str(context["expected"]).replace(" or ", ", ").split(",")
        ]
        remedy = did_you_mean(str(details["input"]), allowed) or f"Use {context['expected']}."
        return located.problem(
            path, f"one of {', '.join(allowed)}", shown(details["input"]), remedy
        )
    expected = _KINDS.get(kind) or details["msg"].removeprefix("Input should be ")
    expected = expected.removeprefix("Value error, ")
    return located.problem(path, expected, shown(details["input"]), "Correct the value.")


def did_you_mean(word: str, known: set[str] | list[str] | tuple[str, ...]) -> str:
    """`Did you mean …?` for the nearest known word, or nothing when none is near."""
    lowered = {name.lower(): name for name in sorted(known)}
    found = process.extractOne(word.lower(), lowered.keys(), scorer=fuzz.ratio, score_cutoff=70)
    return f"Did you mean `{lowered[found[0]]}`?" if found else ""


def dotted(path: Path) -> str:
    """`("team", 0, "email")` as `team.0.email`."""
    return ".".join(str(part) for part in path)


def shown(value: object) -> str:
    """A value as it may stand in a message: short, and quoted when it is text."""
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
