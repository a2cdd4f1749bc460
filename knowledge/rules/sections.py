"""`company.yaml` by top-level sections: extracted and replaced, with the rest untouched. Pure."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import yaml

from knowledge.errors import Problem
from knowledge.positions import Located, read_yaml
from knowledge.yaml_text import QUICK

CRITERIA = ("segments", "disqualifiers", "target_accounts", "compatibility", "scenarios")
ROUTING = ("routing", "escalations", "team")
SECTIONS = (*CRITERIA, *ROUTING, "hours", "vocabulary")
"""Sections that can change while the server runs; the rest takes effect at start-up."""
EMPTY = {"hours": "{week: {}}", "vocabulary": "{}"}
"""Empty values of these sections; all others are lists."""
ROUTED = ("territories", "segments", "expertise", "languages", "capacity", "accounts")
"""What routing needs from a person."""
OF_TEAM = (*ROUTED, "hours", "away")
"""A person's keys that are rules. Names, addresses and calendars are not."""
DEEPEST = 30
"""Deeper nesting than any rule needs would overload parsers."""
_BLANK = re.compile(r"[ \t]*(#.*)?\n?")


class NotSections(ValueError):
    """A profile whose sections cannot be separated; the message says why."""


def spans(text: str) -> dict[str, tuple[int, int]]:
    """Each top-level key's range, from its first character to its last line's end.

    Comments and blank lines below belong to what follows. Raises: NotSections.
    """
    try:
        root = yaml.compose(text, Loader=QUICK)
    except yaml.YAMLError as error:
        raise NotSections(str(error)) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise NotSections("the file has to have one key a line, such as `segments:`")
    starts = [key.start_mark.index for key, _ in root.value]
    ends = [*starts[1:], len(text)]
    return {
        str(key.value): (start, _without_tail(text, start, end))
        for (key, _), start, end in zip(root.value, starts, ends, strict=True)
    }


def section(text: str, name: str) -> str:
    """One section's text, empty if there is none. Raises: NotSections."""
    start, end = spans(text).get(name, (0, 0))
    return text[start:end]


def with_sections(text: str, new: Mapping[str, str]) -> str:
    """The profile with sections replaced, or appended. Raises: NotSections."""
    found = spans(text)
    for name in sorted(new, key=lambda name: found.get(name, (0, 0)), reverse=True):
        part = new[name].rstrip("\n") + "\n"
        if name in found:
            start, end = found[name]
            text = text[:start] + part + text[end:]
        else:
            text = text.rstrip("\n") + "\n\n" + part
    return text


def first_line(text: str, name: str) -> int:
    """The 1-based first line of a section; 1 if there is none. Raises: NotSections."""
    start, _ = spans(text).get(name, (0, 0))
    return text.count("\n", 0, start) + 1


def read_section(name: str, text: str) -> Located:
    """A section by itself. Invalid YAML, or another key, is among its problems."""
    located = Located(name, None)
    if fault := _too_much(text):
        located.problems.append(located.problem((), *fault))
        return located
    located = read_yaml(name, text)
    if not located.problems and (not isinstance(located.data, dict) or [*located.data] != [name]):
        keys = ", ".join(str(k) for k in located.data) if isinstance(located.data, dict) else ""
        remedy = f"Begin with `{name}:` and keep everything below it."
        located.problems.append(located.problem((), f"the one key `{name}`", keys, remedy))
    return located


def _too_much(text: str) -> tuple[str, str, str] | None:
    """What could overload a parser: aliases, which may contain themselves, and deep nesting."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=QUICK):
            if isinstance(event, yaml.AliasEvent):
                return "plain values", "an alias (`*name`)", "Write the value out."
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                return "a list of rules", "lists in lists in lists", "Write it flat."
    except yaml.YAMLError:
        return None
    return None


def plain(name: str, text: str) -> Any:
    """A section's value as plain data; None if it cannot be read."""
    located = read_section(name, text) if text.strip() else None
    if located is None or located.problems:
        return None
    return located.data[name]


def sections_of(profile: str) -> dict[str, Any]:
    """Every rules section as plain data; None if there is none. Raises: NotSections."""
    try:
        whole = yaml.load(profile, Loader=QUICK)
    except yaml.YAMLError as error:
        raise NotSections(str(error)) from error
    known = whole if isinstance(whole, dict) else {}
    return {name: known.get(name) for name in SECTIONS}


def mark(text: str) -> str:
    """A short hash that identifies a text of a section or a file."""
    return hashlib.sha256(text.rstrip("\n").encode()).hexdigest()[:16]


def in_section(problem: Problem, begins: int) -> Problem:
    """A problem of the whole file, relocated to its section."""
    name = problem.key.partition(".")[0]
    line = max(problem.line - begins + 1, 1) if problem.line else 0
    return Problem(name, line, problem.key, problem.expected, problem.found, problem.remedy)


def _without_tail(text: str, start: int, end: int) -> int:
    """The end of the last line that is neither blank nor a comment at the margin."""
    while True:
        last = text.rfind("\n", start, max(end - 1, start)) + 1
        line = text[last:end]
        if last <= start or not _BLANK.fullmatch(line) or line[:1] in (" ", "\t") and line.strip():
            return end
        end = last
