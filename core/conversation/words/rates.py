"""Rates: how often something happens, converted to a criterion's period. Pure.

"Two loads a week" for "How many loads a month?" are eight or nine.
"""

import math
import re
from collections.abc import Callable
from functools import cache

from core.conversation.words.numbers import Number
from knowledge.profile import Criterion

_LEAST_DAYS, _MOST_DAYS = 20, 31
"""Days of a month on which something happens that happens every day."""
_PER = {
    "day": (_LEAST_DAYS, _MOST_DAYS), "week": (52 / 12, 52 / 12), "month": (1.0, 1.0),
    "quarter": (1 / 3, 1 / 3), "year": (1 / 12, 1 / 12),
}  # fmt: skip
"""How often a period occurs in a month, at least and at most."""
_LY = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
       "yearly": "year", "annually": "year", "annual": "year"}  # fmt: skip
_SHORT = {"wk": "week", "mo": "month", "mth": "month", "yr": "year", "mnth": "month"}
_TIMES = {"once": 1, "twice": 2, "two times": 2, "three times": 3, "four times": 4, "five times": 5}
_NAMED = (
    r"(?:(?:an?|per|each|every) (?P<every>other |second |two |couple of"
    r" |few )?|/ ?)(?P<per>day|week|wk|month|mo|mth|mnth|quarter|year|yr)s?\b"
    r"(?! (?:from|ago|later|before|after|earlier|and a half|or two|or so from)\b)"
    r"|(?P<ly>daily|weekly|bi ?-?weekly|monthly|quarterly|yearly|annually|annual)\b"
)
_TWO_WEEKS = re.compile(r"bi ?-?weekly")
_FOLLOWS = re.compile(
    rf"[^.?!,;]{{0,28}}?(?:\b(?P<times>{'|'.join(_TIMES)}) )?(?:{_NAMED})", re.IGNORECASE
)
_LEADS = re.compile(
    rf"(?:^|[.?!,;] ?|\b(?:and|so|but|like) )(?:{_NAMED})"
    r"(?:[, ]+(?:we|i|it's|it is|that's|there's|there are|we'd|i'd|we're|it'd|maybe|about|around"
    r"|roughly|like|do|have|ship|send|get|need|move|run|be|at|say|probably|would|got|some)\b)*"
    r" (?:\$)?$",
    re.IGNORECASE,
)
_IN = re.compile(_NAMED, re.IGNORECASE)


@cache
def _period(label: str, ask: tuple[str, ...]) -> str | None:
    words = " . ".join((label, *ask)).lower()
    match = _IN.search(words)
    return _name(match) if match else None


def period_of(criterion: Criterion) -> str | None:
    """The period of a criterion's figure, by its own words: "Loads a month"."""
    return _period(criterion.label, criterion.ask)


def _name(match: re.Match[str]) -> str:
    said = (match["per"] or match["ly"]).lower()
    return _LY.get(said) or _SHORT.get(said) or ("week" if _TWO_WEEKS.match(said) else said)


_AGAIN = re.compile(
    r"\b(?:no|wait|sorry|actually|i mean|i meant|correction)\b[^.?!]{0,12}?[,.]? ?"
    rf"(?:that's|it's|that is|it is|that was|make (?:that|it)|i meant?|that'd be) (?:{_NAMED})",
    re.IGNORECASE,
)


def put_right(text: str, end: int) -> tuple[str, float, int] | None:
    """The period that replaces the one a figure was said for: "no wait, that's a week"."""
    match = _AGAIN.search(text, end)
    return (_name(match), 1.0, match.end()) if match else None


def rate(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """The period of a figure between two offsets, how often in it, and where that ends."""
    follows = _FOLLOWS.match(text, end)
    match = follows or _LEADS.search(text[:start])
    if match is None:
        return None
    times = float(_TIMES[match["times"].lower()]) if follows and match["times"] else 1.0
    if match["every"] or _TWO_WEEKS.match(match["ly"] or ""):
        times /= 3 if (match["every"] or "").startswith("few") else 2
    return _name(match), times, follows.end() if follows else end


def in_period(number: Number, said: tuple[str, float, int] | None, wanted: str | None) -> Number:
    """A figure converted to another period: a range where that is no whole number."""
    if said is None or wanted is None:
        return number
    period, times, _ = said
    least, most = (times * a / b for a, b in zip(_PER[period], reversed(_PER[wanted]), strict=True))
    if period == wanted:
        least = most = times
    low = None if number.low is None else whole(number.low * least, math.floor)
    high = None if number.high is None else whole(number.high * most, math.ceil)
    return Number(low, high, number.start, number.end, number.approximate)


def whole(figure: float, rounded: Callable[[float], int]) -> float:
    """A converted figure without a fraction: the nearest whole one, or as `rounded`."""
    near = round(figure)
    return float(near if figure >= _MANY or abs(figure - near) < _CLOSE else rounded(figure))


_MANY, _CLOSE = 20, 0.05
"""From which count one more or less does not matter, and a fraction that never does."""
