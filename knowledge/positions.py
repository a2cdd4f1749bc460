"""Reads YAML with the line of every key, and turns pydantic's errors into located problems."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from knowledge.errors import Problem
from knowledge.keys import section_at
from knowledge.yaml_faults import fault_in
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
    "date_parsing": "a date such as 2026-01-31",
    "date_from_datetime_inexact": "a date such as 2026-01-31",
    "time_parsing": 'a time such as "09:00"',
    "time_type": 'a time such as "09:00", in quotes',
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "too_short": "at least one",
    "string_too_short": "a text that is not empty",
}
_REMEDIES = {
    "string_type": "Put it in quotes, so that it is read as text.",
    "int_parsing": "Write digits alone, without commas, units or words.",
    "float_parsing": "Write digits alone, without commas, units or words.",
    "int_from_float": "Round it.",
    "bool_parsing": "Write `true` or `false`.",
    "bool_type": "Write `true` or `false`.",
    "date_from_datetime_parsing": "Write it as year, month and day: 2026-01-31.",
    "date_parsing": "Write it as year, month and day: 2026-01-31.",
    "date_type": "Write it as year, month and day: 2026-01-31.",
    "time_parsing": 'Write hours and minutes of the 24-hour clock, in quotes: "16:30".',
    "time_type": "Put it in quotes.",
    "tuple_type": "Write it as a list: [one, another].",
    "dict_type": "Write keys with their values below it, indented.",
    "model_type": "Write keys with their values below it, indented.",
    "too_short": "Add one.",
    "string_too_short": "Fill it in.",
}
"""The remedy for an invalid value, by pydantic's error type."""
_SHAPES = {
    "^https?://": "an address such as https://www.example.com",
    "^(https://": "an address that begins with https://",
    "^/": "a path such as /pricing",
    "^[1-9]$": "a key from 1 to 9",
    "^[A-Z]{3}$": "three capitals such as USD",
}
"""Beginnings of value patterns, and what they require."""
_BARE = r"[A-Za-z][\w .,-]*"
"""Text that needs no quotes."""
MOST_NAMED = 60
"""Most names of a list in a message."""
_ID = "a short name in lower case, with `-` between words, such as `tom-beck`"


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
    """Parse `text`, which starts at `first_line` of `file`. Faults go into `.problems`."""
    try:
        return _read(Located(file, None), QUICK, text, first_line)
    except (yaml.YAMLError, ValueError):
        pass  # reported below by the pure Python parser, whose messages say more
    located = Located(file, None)
    try:
        return _read(located, yaml.SafeLoader, text, first_line)
    except (yaml.YAMLError, ValueError) as error:
        fault = fault_in(text, error)
        line = first_line + fault.line
        located.problems.append(Problem(file, line, "", fault.expected, fault.found, fault.remedy))
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
    """Every pydantic error as a problem.

    `fields`: key names that a typo may mean; those of the same section of `model` come first.
    """
    found = error.errors()
    meant = {
        (*d["loc"][:-1], nearest(str(d["loc"][-1]), _near(model, d["loc"])))
        for d in found if d["type"] == "extra_forbidden"
    }  # fmt: skip
    return [
        _complaint(located, d, _near(model, d["loc"]), fields)
        for d in found
        if not _counted_out(d, found) and not (d["type"] == "missing" and d["loc"] in meant)
    ]


def _counted_out(one: ErrorDetails, found: Sequence[ErrorDetails]) -> bool:
    """Whether a list is called too short only because its items have faults."""
    depth = len(one["loc"])
    return one["type"] == "too_short" and any(
        d["loc"][:depth] == one["loc"] and len(d["loc"]) > depth for d in found
    )


def _near(model: type[BaseModel] | None, path: Path) -> set[str]:
    section = section_at(model, path[:-1]) if model is not None else None
    return {f.alias or n for n, f in section.model_fields.items()} if section is not None else set()


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
        remedy = did_you_mean(word, near) or did_you_mean(word, fields) or _only(near)
        expected = "a known key"
        return Problem(
            located.file, located.line(path), dotted(path), expected, f"`{path[-1]}`", remedy
        )
    if kind == "literal_error":
        allowed = [
            part.strip("' ") for part in str(context["expected"]).replace(" or ", ", ").split(",")
        ]
        remedy = did_you_mean(str(details["input"]), allowed) or "Use one of these."
        path = tuple(part for part in path if part != "[key]")
        return located.problem(
            path, f"one of {', '.join(allowed)}", shown(details["input"]), remedy
        )
    if kind == "string_pattern_mismatch":
        return _shape(located, path, str(details["input"]), str(context["pattern"]))
    expected = _KINDS.get(kind) or details["msg"].removeprefix("Input should be ")
    expected = expected.removeprefix("Value error, ")
    value = details["input"]
    remedy = _REMEDIES.get(kind, "Correct the value.")
    if kind == "string_type" and value is None:
        remedy = "Fill it in; a text that begins with # needs quotes."
    if kind == "string_type" and isinstance(value, list | dict):
        remedy = "Write one text alone here, without brackets or keys below it."
    if kind == "tuple_type":
        remedy = _as_list(value, near)
    return located.problem(path, expected, _typed(kind, value), remedy)


def _typed(kind: str, value: Any) -> str:
    """What was found, as typed before YAML converted it."""
    if kind == "time_type" and isinstance(value, int):
        return "{}:{:02} without them".format(*divmod(value, 60))
    if kind == "string_type" and isinstance(value, bool):
        return f"{'yes' if value else 'no'} without quotes"
    return shown(value)


def _as_list(value: Any, inner: set[str]) -> str:
    """How to write something as a list; of sections with the keys of `inner`, if any."""
    if inner >= {"from", "to"}:
        return 'Write it as a list: [{from: "09:00", to: "17:00"}].'
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return _REMEDIES["tuple_type"]
    text = str(value)
    return f"Write it as a list: [{text if re.fullmatch(_BARE, text) else json.dumps(text)}]."


def _only(near: set[str]) -> str:
    """What to do about an unrecognisable key: the keys that exist at its place."""
    if not near:
        return "Remove it; this key means nothing here."
    return f"Remove it; the keys here are {', '.join(sorted(near))}."


def _shape(located: Located, path: Path, text: str, pattern: str) -> Problem:
    """A text in the wrong format."""
    if path[-1] == "id":
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        return located.problem(path, _ID, shown(text), f"Write `{slug}`, say.")
    asked = next((told for begins, told in _SHAPES.items() if pattern.startswith(begins)), None)
    expected = asked or f"a text of the form {pattern}"
    return located.problem(path, expected, shown(text), "Write it in that form.")


def did_you_mean(word: str, known: set[str] | list[str] | tuple[str, ...]) -> str:
    """`Did you mean …?` with the nearest known word, or nothing when none is near."""
    near = nearest(word, known)
    return f"Did you mean `{near}`?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that a mistyped one resembles; empty when none is near."""
    lowered = {name.lower(): name for name in sorted(known)}
    found = process.extractOne(word.lower(), lowered.keys(), scorer=fuzz.ratio, score_cutoff=70)
    return lowered[found[0]] if found else ""


def listed(names: Collection[str]) -> str:
    """Names to choose from; of very many the first, and the number of others."""
    shown = sorted(names)
    rest = len(shown) - MOST_NAMED
    return ", ".join(shown[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def dotted(path: Path) -> str:
    """`("team", 0, "email")` as `team.0.email`."""
    return ".".join(str(part) for part in path)


def shown(value: object) -> str:
    """A value in a message: shortened, and quoted when it is text."""
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
