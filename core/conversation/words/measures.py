"""Units after a figure: what each measures, and its factor to the smallest one. Pure.

A figure in a unit of one measure never answers a question about another.
"""

import re
from dataclasses import dataclass
from functools import cache

from core.conversation.words.numbers import Number, numbers
from knowledge.profile import Criterion

_UNITS: tuple[tuple[str, str, float], ...] = (
    ("area", r"square (?:feet|foot|ft)|sq\.? ?(?:feet|foot|ft)|sqft|s\.?f\.?|ft2", 1.0),
    ("area", r"square met(?:er|re)s?|sq\.? ?m(?:et(?:er|re)s?)?|sqm|m2|m²", 10.7639),
    ("area", r"square (?:yards?|yd)", 9.0),
    ("area", r"acres?", 43_560.0),
    ("area", r"hectares?", 107_639.0),
    ("area", r"square(?= *(?:$|[.,;!?]|of|or|in all|total|maybe|i think))", 1.0),
    ("power", r"kilo ?watts?(?! ?hours?)|kws?(?!h)|k w(?! h)", 1.0),
    ("power", r"mega ?watts?(?! ?hours?)|mw(?!h)", 1000.0),
    ("power", r"watts?|horse ?power|hp|amps?|volts?", 0.001),
    ("energy", r"kilo ?watt ?hours?|kwhs?|k w h", 1.0),
    ("energy", r"mega ?watt ?hours?|mwhs?", 1000.0),
    ("length", r"feet|foot(?:ers?)?|ft", 1.0),
    ("length", r"met(?:er|re)s?", 3.28084),
    ("length", r"inch(?:es)?|yards?|miles?|mi|kilomet(?:er|re)s?|km", 1.0),
    ("height", r"stor(?:y|ies|eys?)|floors?|levels?", 1.0),
    ("money", r"dollars?|bucks|usd|euros?|eur|pounds sterling|gbp|quid|francs?|cents?", 1.0),
    ("people", r"people|persons?|ppl|employees|staff|folks|workers|of us|heads|men|guys", 1.0),
    ("age", r"(?:years?|months?)[ -]old", 1.0),
    ("time", r"years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?", 1.0),
    ("share", r"percent|per cent|%", 1.0),
    ("heat", r"degrees?|celsius|fahrenheit", 1.0),
    ("weight", r"tons?|tonnes?|kilos?|kilograms?|kgs?|lbs?|ounces?|grams?", 1.0),
    ("volume", r"gallons?|lit(?:er|re)s?|barrels?|cubic (?:feet|foot|met(?:er|re)s|yards?)", 1.0),
    ("storage", r"(?:giga|tera|mega)bytes?|[gt]b", 1.0),
)  # fmt: skip
_UNIT = re.compile(
    r"[\s-]*(?:or so |or thereabouts |plus |ish |odd |clear |full |usable |of )?(?:"
    + "|".join(f"(?P<u{n}>{said})" for n, (_, said, _) in enumerate(_UNITS))
    + r")(?![\w])"
)
_UNIT_WORD = re.compile(rf"(?<![a-z]){_UNIT.pattern}")
"""A unit anywhere in a text: no tons in "cartons"."""
_PERIOD = re.compile(
    r"[^.?!,;]{0,24}?(?:(?:\b(?:a|per|each|every|in a|the|last|this)|/) ?"
    r"(?P<per>month|mo|quarter|week|wk|year|yr)\b"
    r"|\b(?P<ly>monthly|quarterly|weekly|annually|yearly|annual)\b)"
)
_MONTHS = {"month": 1, "mo": 1, "quarter": 3, "week": 12 / 52, "wk": 12 / 52, "year": 12, "yr": 12,
           "monthly": 1, "quarterly": 3, "weekly": 12 / 52, "annually": 12, "yearly": 12,
           "annual": 12}  # fmt: skip
PAYS = re.compile(r"\b(?:pay(?:s|ing)?|paid|spend(?:s|ing)?|bills?)\b[^.?!]{0,24}$")
"""Before a bare figure and a period: it is money."""
_OF_A_FIGURE = re.compile(r"^\s*(?:of )?(?:high|tall|long|wide|deep|away|up|apart|off)\b")
"""After a length: it is no area, however worded."""
_STRETCH = re.compile(r"\s*(?:feet|foot|ft)?\s*(?:by|x|times|×)\s*(?:about |maybe )?$")
"""Between the two sides of an area."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit said with a figure. `months`: the period of a sum, if said."""

    measure: str
    factor: float
    end: int
    months: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a criterion's figure measures, by its own words, and its unit."""

    measure: str
    factor: float
    months: float | None
    cues: frozenset[str]
    """Words of its own for what is measured: "bill"."""
    things: frozenset[str]
    """The cues that the company also counts by: "400 units"."""

    def value(self, number: Number, unit: Unit | None) -> Number:
        """A figure in the criterion's unit."""
        times = unit.factor / self.factor if unit else 1.0
        if unit and unit.months and self.months:
            times *= self.months / unit.months
        low = number.low * times if number.low is not None else None
        high = number.high * times if number.high is not None else None
        end = unit.end if unit else number.end
        return Number(_whole(low), _whole(high), number.start, end, number.approximate)


def _whole(figure: float | None) -> float | None:
    return figure if figure is None or figure == int(figure) else float(round(figure))


def unit_of(text: str, number: Number) -> Unit | None:
    """The unit of a figure, if said; a sum is money by its sign or its "grand"."""
    match = _UNIT.match(text, number.end)
    measure, factor, end = "", 1.0, number.end
    if match:
        n = next(n for n in range(len(_UNITS)) if match[f"u{n}"])
        measure, factor, end = _UNITS[n][0], _UNITS[n][2], match.end()
    said = text[number.start : number.end]
    if text[: number.start].rstrip().endswith(("$", "€", "£")) or "grand" in said:
        measure, factor = "money", 1.0
    period = period_of(text, end) if measure in ("money", "") else None
    if period and (measure or PAYS.search(text[: number.start])):
        return Unit("money", factor, period[1], period[0])
    return Unit(measure, factor, end) if measure else None


def period_of(text: str, end: int) -> tuple[float, int] | None:
    """The months a bare sum is for, and where that was said: "eleven thousand a month"."""
    match = _PERIOD.match(text, end)
    return (_MONTHS[match["per"] or match["ly"]], match.end()) if match else None


def is_length(text: str, number: Number, unit: Unit, *, expected: bool) -> bool:
    """Whether feet are a length rather than, as people say, square ones: "thirty thousand feet"."""
    small = (number.high or number.low or 0) < (_LONGEST_ANSWER if expected else _LONGEST)
    return small or _OF_A_FIGURE.match(text[unit.end :]) is not None


_LONGEST, _LONGEST_ANSWER = 1000, 200


def sides(text: str, one: Number, other: Number) -> bool:
    """Whether two figures are the sides of an area: "a hundred by two hundred feet"."""
    return _STRETCH.fullmatch(text[one.end : other.start]) is not None


def wanted(criterion: Criterion) -> Wanted | None:
    """What a numeric criterion measures, by the units in its own words; None for things that are
    only counted."""
    return _wanted(criterion.counts, criterion.label, criterion.ask)


@cache
def _wanted(counts: tuple[str, ...], label: str, ask: tuple[str, ...]) -> Wanted | None:
    words = " ".join((*counts, label, *ask)).lower()
    plain = _WHEN.sub(" ", words)
    found = [
        (_UNITS[n][0], _UNITS[n][2])
        for match in _UNIT_WORD.finditer(plain)
        for n in range(len(_UNITS))
        if match[f"u{n}"]
    ]
    if any(sign in words for sign in "$€£"):
        found.append(("money", 1.0))
    measures = [measure for measure, _ in found]
    best = next((m for m in _FIRST if m in measures), None)
    if best is None:
        return None
    factor = next(factor for measure, factor in found if measure == best)
    if best == "length" and _SURFACE.search(words):
        best, factor = "area", factor**2
    period = _PERIOD.search(words) if best == "money" else None
    months = _MONTHS[period["per"] or period["ly"]] if period else None
    named = {*counts, *_CUE.findall(label.lower())}
    cues = frozenset(w.lower() for w in named if not _UNIT.fullmatch(w.lower()) and len(w) > 2)
    return Wanted(best, factor, months, cues - _NO_CUES, cues & {c.lower() for c in counts})


_FIRST = ("area", "power", "energy", "money", "volume", "weight", "length", "share", "age")
"""Possible measures of a criterion, in order of precedence: "square feet" before feet."""
_WHEN = re.compile(
    r"\b(?:a|per|in a|each|every|this|last|next) (?:month|year|week|day|quarter)s?\b"
)
_SURFACE = re.compile(r"\b(?:area|footage|floor ?space|surface)\b")
_CUE = re.compile(r"[a-z]+")
_NO_CUES = frozenset("monthly yearly weekly annual size number amount the and for per".split())


def measured_numbers(text: str) -> list[Number]:
    """Every figure of a text, except a "zero" that is a digit: "i dropped a zero"."""
    return [n for n in numbers(text) if not _A_ZERO.search(text[: n.end])]


_A_ZERO = re.compile(r"\b(?:an?|the|one|another) zero$")
