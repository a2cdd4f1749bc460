"""Patterns of what callers want and who they are, from `requests.yaml`, `manners.yaml` and
`callers.yaml`."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files

from knowledge.yaml_text import plain

MOST_REPEATED = 6
"""Limit on repetitions in a pattern. Without one, a turn that says nothing else would be scanned to
its end from each word."""


class Frames:
    """The patterns of one meaning, in order, and what unsays it.

    `before`: ends right before a match; `after`: begins in a match or right after it.
    """

    def __init__(
        self, frames: Sequence[str], before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> None:
        self._frames = frames
        self._some = _standing("|".join(frames))
        self._before = re.compile(rf"(?<!\S)(?:{'|'.join(before)})$") if before else None
        self._after = [_standing(line) for line in after]

    def of(self, text: str) -> Sequence[re.Pattern[str]]:
        """All of them, or none if none matches; one combined search takes a quarter of the time."""
        return self._each if self._some.search(text) else ()

    def unsaid(self, clause: str, start: int, end: int) -> bool:
        """Whether words of a clause beside a match in it say that it is not meant."""
        if self._before and self._before.search(clause[:start].rstrip()):
            return True
        found = (m for pattern in self._after for m in pattern.finditer(clause, start))
        return any(m.start() <= end + 1 for m in found)

    @cached_property
    def _each(self) -> Sequence[re.Pattern[str]]:
        return [_standing(frame) for frame in self._frames]


def _read(name: str) -> dict[str, Frames]:
    """A file's patterns by meaning. A class may refer to another, two levels deep."""
    text = (files("core.conversation.words") / f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, str] = plain(text)
    classes = dict(line.split(" = ", 1) for line in data.pop("macros").splitlines())
    before, after = (
        _listed(data.pop(f"unless_{where}", ""), classes) for where in ("before", "after")
    )
    return {
        meaning: Frames(
            [_expression(line, classes) for line in lines.splitlines()],
            before[meaning],
            after[meaning],
        )
        for meaning, lines in data.items()
    }


def _listed(text: str, classes: dict[str, str]) -> defaultdict[str, list[str]]:
    """Expressions by meaning, from lines `meaning = expression`."""
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        meaning, expression = line.split(" = ", 1)
        listed[meaning].append(_expression(expression, classes))
    return listed


def _expression(frame: str, classes: dict[str, str]) -> str:
    for _ in range(3):
        for name, words in classes.items():
            frame = frame.replace("{" + name + "}", f"(?:{words})")
    frame = frame.replace(r"(?:\w+ )", r"(?:[\w']+ )")
    frame = frame.replace(")*", f"){{0,{MOST_REPEATED}}}")
    frame = re.sub(r" ~(\d) ", r"(?: [\\w']+){0,\1} ", frame)
    return re.sub(r" ~(\d)", r"(?: [\\w']+){0,\1}", frame)


def _standing(expression: str) -> re.Pattern[str]:
    """Between spaces or at an end of the text."""
    return re.compile(rf"(?<!\S)(?:{expression})(?!\S)")


REQUESTS = _read("requests") | _read("manners")
CALLERS = _read("callers")
