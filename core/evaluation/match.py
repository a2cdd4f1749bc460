"""Whether a noted value is the value that was said. Pure."""

import re
from datetime import date

from core.geography.places import territories
from core.quantity import bounds

ALLOWED_SHARE = 0.02
"""Largest relative difference of two quantities that count as equal."""
LEAST_DAYS = 3
DAYS_SHARE = 0.06
"""Vague times ("in about two months") may differ by this share of their distance."""


def matches(expected: str, found: str, polarity: str, today: date) -> bool:
    """Whether `found` matches `expected`: a name, a quantity, a date or a date range.

    A place also matches any territory it lies in. `a | b` matches either; `any` matches every
    value; `none` matches a statement that there is none.
    """
    return any(_one(e.strip(), found, polarity, today) for e in expected.split("|"))


def _one(expected: str, found: str, polarity: str, today: date) -> bool:
    if expected == "any":
        return True
    if expected == "none":
        return found == "none" or polarity == "negative"
    if polarity == "negative":
        return found == "no" == expected.lower()
    if (days := span(expected)) is not None:
        return _within(days, found, today)
    wanted, known = bounds(expected), bounds(found)
    if wanted is not None and known is not None:
        return all(_near(a, b) for a, b in zip(wanted, known, strict=True))
    if expected.startswith("+"):
        return re.sub(r"\D", "", expected) == re.sub(r"\D", "", found)
    return _plain(expected) in {_plain(name) for name in territories(found)}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w@.]+", " ", text.lower()).split())


def _near(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= ALLOWED_SHARE * max(abs(a), abs(b))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def span(text: str) -> tuple[date, date] | None:
    """The days of `2027-03-31` or `2027-03-01..2027-03-31`; None for anything else."""
    first, _, last = text.partition("..")
    start, end = _day(first), _day(last or first)
    return (start, end) if start and end else None


def _within(days: tuple[date, date], found: str, today: date) -> bool:
    day = _day(found)
    if day is None:
        return False
    slack = max(LEAST_DAYS, round(DAYS_SHARE * abs((days[1] - today).days)))
    return -slack <= (day - days[0]).days and (day - days[1]).days <= slack
