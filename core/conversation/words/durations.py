"""Durations, in the unit a criterion counts by: "about six weeks", "a year and a half". Pure."""

import math
import re
from collections.abc import Sequence
from functools import cache

from core.commands import ProvideSignal
from core.conversation.words.figures import certainty, standing_numbers
from core.conversation.words.numbers import OVER, UNDER, Number, numbers
from core.conversation.words.others import of_others
from core.conversation.words.rates import whole
from core.conversation.words.utterance import Utterance
from knowledge.profile import Criterion

_DAYS = {"hour": 1 / 24, "day": 1.0, "night": 1.0, "weekend": 2.0, "week": 7.0, "wk": 7.0,
         "month": 365 / 12, "mo": 365 / 12, "mth": 365 / 12, "quarter": 365 / 4, "year": 365.0,
         "yr": 365.0}  # fmt: skip
_UNIT = rf"(?P<unit>{'|'.join(sorted(_DAYS, key=len, reverse=True))})"
_HALF = r"(?P<half> and a half)?"
_MORE = (
    r"(?:,? (?:or|to|maybe|possibly|perhaps|(?:but )?(?:it )?(?:could|might|may) be)"
    r"(?: maybe| perhaps)? (?P<more>two|three|four|five|six|eight|ten|twelve|\d+)"
    r"(?! ?(?:days?|weeks?|months?|years?)))?"
)
"""After a duration: it may be longer, "a week or two"."""
_AFTER_FIGURE = re.compile(
    r"(?P<before> and a half)?[\s-]*(?:full |whole |solid |straight |more )?"
    rf"{_UNIT}s?\b{_HALF}{_MORE}"
)
_ONE = re.compile(
    r"(?:\b(?P<part>half) (?:an?|of an?)|\b(?:an?|the whole|the(?= weekend))"
    r"(?: (?:full|whole|solid|good|single))?"
    rf"|^)\s?{_UNIT}\b(?!s\b|'s){_HALF}{_MORE}"
)
"""One of a unit, or half of one."""
_LEADS_ONE = re.compile(
    r"(?:^|[.,;!?] ?|\b(?:for|about|around|roughly|keep (?:it|them|one)|like|maybe|probably|be|just"
    r"|only|than|least|most|or|say|think|it's|that's|is|nearly|almost|over|under|yeah|yes|um|uh"
    r"|well|oh|so|guess|takes?|lasts?)[, ]+)$"
)
"""Just before "a week" where it is that long, and no rate: "twice a week"."""
_NO_SPAN = re.compile(
    r"\b(?:in|within|every|per|each|next|last|past|this|by|net|after|before|until|till|first)"
    r" (?:about |another |a |the |around )*$"
)
_SINCE = re.compile(
    r"\b(?:been|since|ago|(?:have|had|has|'ve) (?:\w+ed|had|run|done)|was|were|did|used to)\b"
    r"[^.?!,;]*$"
)
"""Before a period in the past."""
_NO_LENGTH = re.compile(
    r"[\s-]*(?:ago|from (?:now|today)|later|earlier|old|notice|out\b|rates?|pric(?:e|es|ing)|terms"
    r"|trial|warranty|guarantee|experience|turnaround|lead time|(?:a|per|each|every|in a) \w+"
    r"|on site before|before|after)\b"
)
"""After a duration that is not the thing's: a date, an age, a rate or a term of ours."""
_OF_IT = re.compile(
    r"\b(?:for|keep|keeping|have|use|rent|renting|need|want|take|takes|last|lasts|run|runs|be|it's"
    r"|that's|going) (?:(?:it|them|one|that|about|around|roughly|maybe|like|probably|just|only|at"
    r"|least|a|an|the|another|over|under|up|to|out|here) )*$"
)
_IT_IS = re.compile(
    r"[\s-]*(?:job|project|rental|rent|hire|event|contract|build|work|stay"
    r"|is what)\b"
)


def span_of(criterion: Criterion) -> float | None:
    """The days per unit of a criterion that is a duration; None for others."""
    return _span(criterion.counts, criterion.ask) if criterion.kind == "number" else None


@cache
def _span(counts: tuple[str, ...], ask: tuple[str, ...]) -> float | None:
    units = [_DAYS.get(word.lower().removesuffix("s")) for word in counts]
    if not units and (named := _HOW_MANY.search(" . ".join(ask).lower())):
        units = [_DAYS[named["unit"]]]
    return units[0] if None not in units and units else None


_HOW_MANY = re.compile(rf"\bhow many {_UNIT}s\b(?! (?:a|an|per|each|every)\b)")


def lasting(
    u: Utterance,
    criterion: Criterion,
    unit: float,
    asked: Sequence[tuple[int, int]],
    *,
    expected: bool,
) -> list[ProvideSignal]:
    """At most one duration, in units of that many days; `expected`: whether we asked for it."""
    for number, match in _said(u.text):
        told = _in_unit(number, match, unit)
        inside = any(a <= told.start and told.end <= b for a, b in asked)
        if inside and number.end == number.start:
            continue  # "what's it cost for a week" is how prices are asked for
        own = expected or _DAYS[match["unit"]] == unit or _of_it(u.text, told)
        if not own or _elsewhere(u.text, told) or of_others(u.text, told.start):
            continue
        implied = inside and not expected
        sure = certainty(u, told.start, told.end, 0.6 if implied else 0.85)
        span = u.span(told.start, told.end)
        return [ProvideSignal(span, criterion.name, told.value, "positive", sure, implied)]
    return []


def _said(text: str) -> list[tuple[Number, re.Match[str]]]:
    """Each figure with its unit of time; one of a unit, "a week", is a figure of no letters."""
    figures = standing_numbers(text, numbers(text))
    found = [(n, m) for n in figures if (m := _AFTER_FIGURE.match(text, n.end))]
    ends = [(n.start, m.end()) for n, m in found]
    for one in _ONE.finditer(text):
        led = one.start() == 0 or one["part"] or _LEADS_ONE.search(text[: one.start()])
        if led and not any(a < one.end() and one.start() < b for a, b in ends):
            found.append((_one(text, one), one))
    return sorted(found, key=lambda f: f[0].start)


def _one(text: str, match: re.Match[str]) -> Number:
    """One of a unit or half of it, or at most, or at least, that."""
    amount, at = 0.5 if match["part"] else 1.0, match.start()
    before = text[max(0, at - _NEAR) : at]
    most = UNDER.search(before) is not None
    least = OVER.search(before) is not None and not most
    return Number(None if most else amount, None if least else amount, at, at)


_NEAR = 24


def _in_unit(number: Number, match: re.Match[str], unit: float) -> Number:
    """A duration in units of that many days."""
    times = _DAYS[match["unit"]] / unit
    half = 0.5 if match["half"] or match.groupdict().get("before") else 0.0
    more = next((n.low for n in numbers(match["more"] or "")), None)
    most = more or number.high
    low = None if number.low is None else whole((number.low + half) * times, math.floor)
    high = None if most is None else whole((most + half) * times, math.ceil)
    return Number(low, high, number.start, match.end(), number.approximate)


def _elsewhere(text: str, number: Number) -> bool:
    before = text[: number.start]
    return bool(
        _NO_SPAN.search(before) or _SINCE.search(before) or _NO_LENGTH.match(text, number.end)
    )


def _of_it(text: str, number: Number) -> bool:
    """Whether a duration is that of the thing they want, or stands by itself."""
    before, after = text[: number.start], text[number.end :]
    alone = re.search(r"(?:^|[.,;] ?)$", before) and re.match(r"\s*(?:$|[.,;!])", after)
    return bool(alone or _OF_IT.search(before) or _IT_IS.match(after))
