"""Resolves time phrases to dates in code, never by a model: "the end of the quarter" on a day."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core.conversation.words.date_rules import DAYS, FEASTS, MONTHS, OPEN, RULES
from core.conversation.words.numbers import KEPT

__all__ = ["DAYS", "MONTHS", "When", "days_cased", "inside_a_line", "spoken_day", "times"]


@dataclass(frozen=True, slots=True)
class When:
    """A phrase that names a day; `by` is the last day it can mean. `open`: no date set."""

    by: date | None
    start: int
    end: int

    @property
    def open(self) -> bool:
        return self.by is None


@lru_cache(maxsize=KEPT)
def times(text: str, day: date) -> tuple[When, ...]:
    """Every time phrase in lower-case text, resolved on `day`; earlier rules win over later."""
    found: list[When] = []
    for pattern, resolve in RULES:
        for match in pattern.finditer(text):
            if any(w.start < match.end() and match.start() < w.end for w in found):
                continue
            by = resolve(match, day)
            if by is not None or pattern is OPEN[0]:
                found.append(When(by, match.start(), match.end()))
    return (*sorted(found, key=lambda w: w.start),)


def spoken_day(day: date, today: date) -> str:
    """A date as said on the phone: "today", "tomorrow", "on Monday", "on June 3"."""
    ahead = (day - today).days
    if ahead == 0:
        return "today"
    if ahead == 1:
        return "tomorrow"
    if 1 < ahead < 7:
        return f"on {DAYS[day.weekday()].capitalize()}"
    return f"on {MONTHS[day.month - 1].capitalize()} {day.day}"


def inside_a_line(when: str) -> str:
    """A time as it stands within a sentence: "before Christmas" said as "Before Christmas"."""
    first = re.split(r"\W", when.lower(), maxsplit=1)[0]
    named = any(len(first) > 2 and name.startswith(first) for name in _NAMES)  # "jan" as well
    return when if named or not first.isalpha() else when[:1].lower() + when[1:]


_NAMES = {*MONTHS, *DAYS, *(word for feast in FEASTS for word in feast.split())} - {"the"}


def days_cased(text: str) -> str:
    """A lower-case wish with its weekdays and months capitalised."""
    return _DAY.sub(lambda day: day[0].capitalize(), text)


_DAY = re.compile(
    rf"\b(?:{'|'.join((*DAYS, *(m for m in MONTHS if m != 'may')))})"
    r"|\b(?<=in |by |of )may\b|^may$"
)
