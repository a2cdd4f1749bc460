"""Numbers as people say them: "about two hundred", "a couple hundred", "fifty to a hundred".

Quantities with their places and bounds; knowledge's `tokens` turns numbers into digits for search.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.conversation.words.utterance import TOKEN, Token
from core.quantity import stored
from knowledge.number_words import LARGE, TEENS, TENS, UNITS

PAIRS = {word: str(n) for word, n in (TEENS | TENS).items()}
"""The two digits of each, for dictation."""
SCALES = LARGE | {"grand": 1_000, "k": 1_000}
KEPT = 64
"""Cache size for texts: a turn is read several times."""
VAGUE = {"couple": 2, "few": 3, "several": 5, "dozen": 12}
PARTS = {"half": 0.5, "quarter": 0.25}

APPROXIMATE = re.compile(
    r"\b(about|around|roughly|approximately|maybe|probably|i think|i guess|somewhere|or so|ish"
    r"|like|give or take|nearly|almost|close to|couple|few|several|say)\b"
)
OVER = re.compile(
    r"\b(?:over|more than|at least|upwards of|north of|above|greater than|minimum of|beyond)"
    r"\s+(?:an? |\$)?$"
)
UNDER = re.compile(
    r"\b(?:under|less than|fewer than|below|at most|up to|no more than|not more than|no bigger than"
    r"|south of|maximum of|max|within|not over|not above|not exceed|nowhere near"
    r"|not even)\s+(?:an? |\$)?$"
)
MORE = re.compile(r"^\s*(?:plus|or more|and up|or above|\+)(?!\w)")
LESS = re.compile(r"^\s*(?:or less|or fewer|or under|at most|max|tops|maximum)\b")
BETWEEN = re.compile(
    r"^\s*(?:to|and|or|-|through|till|\u2013|,|)\s*(?:an? )?(?:about |maybe |\$)?$"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity and its position; `low`/`high` bound it, None where open."""

    low: float | None
    high: float | None
    start: int
    end: int
    approximate: bool = False

    @property
    def value(self) -> str:
        """Its stored form in a signal."""
        return stored(self.low, self.high)


@lru_cache(maxsize=KEPT)
def numbers(text: str) -> tuple[Number, ...]:
    """Every quantity in lower-case text, in order, ranges joined."""
    tokens = [Token(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]
    found = []
    i = 0
    while i < len(tokens):
        taken, value = _take(tokens, i, text)
        start, end = tokens[i].start, tokens[i + max(taken, 1) - 1].end
        if taken and not _a_year(text, start, end):
            found.append(_bounded(text, value, start, end))
        i += max(taken, 1)
    return (*_ranges(text, found),)


def _a_year(text: str, start: int, end: int) -> bool:
    """Whether a figure only says when: "we were founded in 2019"."""
    figure = _YEAR.fullmatch(text[start:end]) is not None
    return figure and bool(_WHEN.search(text[:start]) and _NO_UNIT.match(text[end:]))


_YEAR = re.compile(r"(?:19|20)\d\d")
_WHEN = re.compile(r"\b(?:in|since|(?:early|late|back|way back|around) in) $")
_NO_UNIT = re.compile(r"\s*(?:$|[.,;!?]|(?:and|but|so|or|when|because|we|i|they|it|he|she)\b)")


def _bounded(text: str, value: float, start: int, end: int) -> Number:
    before, after = text[max(0, start - 24) : start], text[end : end + 16]
    approximate = bool(APPROXIMATE.search(before + text[start : end + 8]))
    if UNDER.search(before) or LESS.search(after):
        return Number(None, value, start, end, approximate)
    if OVER.search(before) or MORE.search(after):
        return Number(value, None, start, end, approximate)
    return Number(value, value, start, end, approximate)


def _ranges(text: str, found: list[Number]) -> list[Number]:
    joined: list[Number] = []
    for number in found:
        last = joined[-1] if joined else None
        between = text[last.end : number.start] if last else ""
        if last and last.low is not None and number.high is not None and BETWEEN.match(between):
            low, high = _same_scale(text, last, number.high), number.high
            wanted = _ranging(text, last, between.strip())
            if wanted and low < high and last.low == last.high:
                joined[-1] = Number(low, high, last.start, number.end, True)
                continue
        joined.append(number)
    return joined


def _ranging(text: str, last: Number, between: str) -> bool:
    """Whether two numbers so joined are a range: "and" needs a "between", a comma a hedge."""
    if "and" in between.split():
        return "between" in text[max(0, last.start - 14) : last.start]
    if between in ("", ","):
        return last.approximate or bool(re.search(r"\b(?:say|like)\b", text[: last.start]))
    return True


def _same_scale(text: str, last: Number, high: float) -> float:
    """ "Two to three hundred", "ten to fifteen thousand": the first number shares the scale."""
    low = last.low or 0.0
    scale = _SCALED.match(text, last.end)
    scaled = low * ({"hundred": 100} | SCALES)[scale[1]] if scale else low
    return scaled if scaled < high else low


_SCALED = re.compile(
    r"\W*(?:to|and|or|through|till)?[\s,]*(?:an? |about )*(?:[a-z]+[\s-]){0,3}?(?:\d[\d.]*\s?)?"
    r"(hundred|thousand|grand|k|million)\b"
)


def _literal(word: str) -> float | None:
    match = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)([km]?)", word)
    if not match:
        return None
    return float(match[1].replace(",", "")) * {"": 1, "k": 1_000, "m": 1_000_000}[match[2]]


def _small(word: str) -> int | None:
    for table in (UNITS, TEENS, TENS):
        if word in table:
            return table[word]
    return None


def _take(tokens: Sequence[Token], i: int, text: str) -> tuple[int, float]:
    """How many tokens from `i` form one number, and its value; (0, 0) when none do."""
    start = i
    if part := _part(tokens, i):
        return part
    if tokens[i].text in ("a", "the", "another") and _opens_vague(_word(tokens, i + 1)):
        i += 1
    total, current, kind = 0.0, 0.0, ""
    while i < len(tokens):
        word = tokens[i].text
        gap = text[tokens[i - 1].end : tokens[i].start] if kind else ""
        if re.search(r"[.?!;]" if kind == "scale" else r"[.?!;,]", gap):
            break  # "two fifty, two sixty" are two, "one thousand, two hundred" is one
        if kind == "scale" and (_small(word) or 0) >= 10 and _word(tokens, i + 1) == "hundred":
            break  # "a thousand, twelve hundred" are two
        step = _step(word, current, kind, tokens, i)
        if step is None:
            break
        add, current, kind, used = step
        total += add
        i += used
    if not kind or (kind == "unit" and tokens[start].text == "one" and i == start + 1):
        return (1, 1.0) if kind and _counts(text, tokens[start].end) else (0, 0.0)
    return i - start, total + current


Step = tuple[float, float, str, int]


def _step(word: str, current: float, kind: str, tokens: Sequence[Token], i: int) -> Step | None:
    """Add one word to a number being read; returns (total, current group, kind, tokens used)."""
    literal = _literal(word)
    if literal is not None:
        return (0.0, literal, "literal", 1) if not kind else None
    small = _small(word)
    if small is not None:
        return _add_small(small, current, kind)
    if word == "dozen" and kind in ("unit", "vague"):
        return 0.0, max(current, 1) * 12, "vague", 2 if _word(tokens, i + 1) == "of" else 1
    if word in VAGUE and kind in ("", "vague"):
        used = 2 if _word(tokens, i + 1) == "of" else 1
        return 0.0, max(current, 1) * VAGUE[word], "vague", used
    if word == "hundred" and kind in ("", "unit", "teen", "ten", "tens_unit", "vague", "literal"):
        return 0.0, max(current, 1) * 100, "hundred", 1
    if word == "and" and [_word(tokens, i + n) for n in (1, 2)] == ["a", "half"]:
        unit = SCALES.get(_word(tokens, i + 3), 0) if kind in ("unit", "teen", "ten") else 0
        return ((current + 0.5) * unit, 0.0, "scale", 4) if unit else None
    scale = SCALES.get(word.removesuffix("'s"))  # "eighty grand's approved"
    if scale is not None and kind != "scale":
        return max(current, 1) * scale, 0.0, "scale", 1
    if word == "and" and kind in ("hundred", "scale") and _small(_word(tokens, i + 1)) is not None:
        follows = _word(tokens, i + 2)
        scaled = follows == "hundred" or (follows in SCALES and not _whole(tokens, i, kind))
        return None if scaled else (0.0, current, "and", 1)
    if word == "point" and _word(tokens, i + 1) in UNITS and kind in ("unit", "teen", "ten"):
        return 0.0, current + UNITS[_word(tokens, i + 1)] / 10, "literal", 2
    return None


def _whole(tokens: Sequence[Token], i: int, kind: str) -> bool:
    """Whether "and" joins one number ("a hundred and twenty thousand") rather than a range."""
    return kind == "hundred" and not any(t.text == "between" for t in tokens[max(0, i - 5) : i])


def _add_small(small: int, current: float, kind: str) -> Step | None:
    """Units, teens and tens: "twenty five", "two fifty", "one twenty five"."""
    if kind in ("", "hundred", "scale", "and"):
        kinds = "unit" if small < 10 else "teen" if small < 20 else "ten"
        return 0.0, current + small, kinds, 1
    if kind == "ten" and small < 10:
        return 0.0, current + small, "tens_unit", 1
    if kind == "unit" and small >= 10 and 1 <= current <= 9:
        return 0.0, current * 100 + small, "ten" if small >= 20 else "teen", 1
    return None


def _part(tokens: Sequence[Token], i: int) -> tuple[int, float] | None:
    """ "Half a million", "a quarter of a million", "half a dozen"."""
    first = i + (tokens[i].text == "a")
    share = PARTS.get(_word(tokens, first))
    at = first + 1
    while share and at < first + 3 and _word(tokens, at) in ("of", "a"):
        at += 1
    unit = ({"dozen": 12, "hundred": 100} | SCALES).get(_word(tokens, at))
    return (at + 1 - i, unit * share) if share and unit else None


def _word(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].text if i < len(tokens) else ""


def _opens_vague(word: str) -> bool:
    return word in VAGUE or word == "hundred" or word in SCALES


def _counts(text: str, end: int) -> bool:
    """Whether a lone "one" counts something rather than standing for a thing."""
    follows = (
        r"\s+(person|employee|user|seat|year|month|week|day|developer|engineer"
        r"|acre|hectare|grand)"
    )
    return bool(re.match(follows, text[end:]))
