"""What belongs together in approved text: a figure and its unit, a plan and what it includes.

Pure. A true statement about the wrong plan, or a right figure with the wrong unit, is false.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.conversation.grounding.claims import UNIT, content, covered, plain, stretches
from core.conversation.grounding.licence import Licence
from core.conversation.words.numbers import numbers
from knowledge.sentences import sentences

_PERIOD = re.compile(
    r"^[a-z ]{0,9}\b(?:a|an|per|each|every|for a) (?P<per>month|year|week|day|hour|minute)\b"
    r"|^ ?(?:dollars )?(?P<ly>year|month|week|hour)ly\b|^ ?(?:dollars )?(?P<an>annual)(?:ly)?\b"
)
_MONEY = {"dollar", "usd", "buck", "euro", "pound"}
_SYMBOLS = ("$", "\u20ac", "\u00a3")
_SPANS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_LOOSE = re.compile(
    r"\b(?:twice|thrice|double\w*|triple\w*|half|quarter|third|dozens?|hundreds|thousands"
    r"|millions|billions|nines)\b"
)

Bounds = tuple[float | None, float | None]
Figure = tuple[Bounds, str, str]


@lru_cache(maxsize=512)
def quantities(text: str) -> frozenset[Figure]:
    """Numbers of plain text with their bounds, unit and any "a month" after them.

    Durations up to weeks are in seconds, so that fourteen days equal two weeks.
    """
    found: set[Figure] = set()
    for number in numbers(text):
        after = text[number.end :]
        match = UNIT.match(after)
        unit = match["unit"].rstrip("s") if match else ""
        if text[: number.start].rstrip().endswith(_SYMBOLS) or unit in _MONEY:
            unit = "money"
        unit = {"%": "percent"}.get(unit, unit)
        per = _PERIOD.search(after[:28])
        period = (per["per"] or per["ly"] or ("year" if per["an"] else "")) if per else ""
        scale = _SPANS.get(unit, 1)
        low, high = (None if v is None else v * scale for v in (number.low, number.high))
        found.add(((low, high), "span" if unit in _SPANS else unit, period))
    return frozenset(found)


def figures(low: str, passages: Iterable[str], others: Iterable[str]) -> str | None:
    """A figure that no approved text states with that unit; None when there is none."""
    texts = [plain(t) for t in (*passages, *others)]
    known = [q for t in texts for q in quantities(t)]
    for said in sorted(quantities(low), key=str):
        if not any(_same(said, q) for q in known):
            return f"the number {_shown(said)}"
    for loose in _LOOSE.finditer(low):
        if not any(loose.group() in t for t in texts):
            return f"the number {loose.group()}"
    if re.search(r"[$\u20ac\u00a3%]", low) and not quantities(low):
        return "a price without a figure"
    return None


def _shown(figure: Figure) -> str:
    bounds, unit, _ = figure
    value = bounds[0] if bounds[0] is not None else bounds[1] or 0.0
    if unit == "span":
        unit = next(u for u in reversed(_SPANS) if value % _SPANS[u] == 0)
        value /= _SPANS[unit]
    return f"{value:,.10g} {unit}".rstrip()


def apart(low: str, licence: Licence) -> str | None:
    """A figure next to words that are approved only with another figure."""
    texts = [plain(t) for t in licence.passages]
    held = [(quantities(x), content(x)) for x in texts]
    for piece in _pieces(low, licence.anchors):
        words = content(piece)
        for figure in quantities(piece):
            homes = [w for q, w in held if any(_same(figure, k) for k in q)]
            others = {w for q, ws in held if q and ws not in homes for w in ws}
            free = {w for q, ws in held if not q for w in ws}
            bound = {w for w in words if covered(w, others) and not covered(w, free)}
            if homes and not any(all(covered(w, home) for w in bound) for home in homes):
                return "a figure of something else than approved"
    return None


def _same(said: Figure, known: Figure) -> bool:
    bounds, unit, period = said
    if unit != known[1] and not (not unit and known[1] not in ("money", "percent", "span")):
        return False
    if period and period != known[2]:
        return False
    if bounds == known[0]:
        return True
    exact = bounds[0] == bounds[1]
    return exact and bounds[0] in known[0]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence, and the anchors it refers to."""

    words: frozenset[str]
    figures: frozenset[Figure]
    anchors: frozenset[str]


def segments(
    text: str, anchors: Sequence[str], given: frozenset[str] = frozenset()
) -> list[Segment]:
    """Plain text in pieces that each refer to their own anchors, or to those named before."""
    made: list[Segment] = []
    for sentence in sentences(text):
        pieces = _pieces(sentence, anchors)
        named = [frozenset(a for a in anchors if _has(p, a)) for p in pieces]
        last = next((n for n in named if n), given)
        shared = _subject(sentence, anchors) if len({n for n in named if n}) > 1 else frozenset()
        for piece, own in zip(pieces, named, strict=True):
            last = own or last
            affirmed = {w for s in stretches(piece) if not s.denied for w in s.words}
            words = (_besides(piece, anchors) & affirmed) | shared
            if made and re.search(r"\bone\b", piece):
                words |= made[-1].words  # "one is assigned to you": refers to what was named before
            made.append(Segment(words, quantities(piece), last))
    return made


def _subject(sentence: str, anchors: Sequence[str]) -> frozenset[str]:
    """What a list is about: the words before its first figure or name apply to all of it."""
    starts = [n.start for n in numbers(sentence)]
    starts += [m.start() for a in anchors for m in re.finditer(rf"\b{re.escape(a)}\b", sentence)]
    return _besides(sentence[: min(starts, default=0)], anchors)


def _pieces(sentence: str, anchors: Sequence[str]) -> list[str]:
    """Split at stops, and at an "and" that has an anchor on both sides."""
    made: list[str] = []
    for piece in re.split(
        r"[,;:]\s+|\s+(?:while|but|whereas|because|since|so|though)\s+", sentence
    ):
        while match := _joint(piece, anchors):
            made.append(piece[: match.start()])
            piece = piece[match.end() :]
        made.append(piece)
    return made


def _joint(piece: str, anchors: Sequence[str]) -> re.Match[str] | None:
    for match in re.finditer(r"\s+(?:and|or)\s+", piece):
        left, right = piece[: match.start()], piece[match.end() :]
        listed = any(left.endswith(a) for a in anchors) and any(
            right.startswith(a) for a in anchors
        )
        alone = not _besides(left, anchors) or not _besides(right, anchors)
        named = any(_has(left, a) for a in anchors) and any(_has(right, a) for a in anchors)
        if named and not (listed and alone):
            return match
    return None


def _besides(text: str, anchors: Sequence[str]) -> frozenset[str]:
    """What a text mentions besides its anchors."""
    return content(text) - {w for a in anchors for w in content(a)}


def _has(text: str, anchor: str) -> bool:
    return re.search(rf"\b{re.escape(anchor)}\b", text) is not None


_THAN = re.compile(
    r"\bthan (?!an?\b|\d|(?:one|two|three|four|five|ten|twenty|thirty|forty|fifty)\b)"
)
_POINTS = re.compile(r"\b(?:it|its|it's|that|that's|this|there|they)\b")


def crossed(low: str, before: str, licence: Licence) -> str | None:
    """A statement approved for one plan or competitor, made about another."""
    if not licence.anchors:
        return None
    approved = [s for t in licence.passages for s in segments(plain(t), licence.anchors)]
    given = (
        frozenset(a for a in licence.anchors if _has(before, a))
        if _POINTS.search(low)
        else frozenset()
    )
    for said in segments(low, licence.anchors, given):
        if not said.anchors:
            continue
        for word in said.words:
            homes = [s.anchors for s in approved if covered(word, s.words)]
            if homes and all(homes) and not any(h & said.anchors for h in homes):
                return f"{word!r} said of {min(said.anchors)}"
        for figure in said.figures:
            homes = [s.anchors for s in approved if any(_same(figure, f) for f in s.figures)]
            if homes and all(homes) and not any(h & said.anchors for h in homes):
                return f"a figure said of {min(said.anchors)}"
    return None


def reversed_comparison(low: str, licence: Licence) -> str | None:
    """A comparison with its two sides swapped."""
    if not _THAN.search(low):
        return None
    ours = [n.lower() for n in licence.plan[-2:]]
    for text in licence.passages:
        for sentence in sentences(plain(text)):
            if not _THAN.search(sentence):
                continue
            sides = zip(
                _sides(low, licence.anchors, ours),
                _sides(sentence, licence.anchors, ours),
                strict=True,
            )
            if all(said <= known for said, known in sides):
                return None
    named = any(side for side in _sides(low, licence.anchors, ours))
    return "a comparison the other way round" if named else None


def _sides(text: str, anchors: Sequence[str], ours: Sequence[str]) -> tuple[set[str], set[str]]:
    left, _, right = text.partition(" than ")
    return _party(left, anchors, ours), _party(right, anchors, ours)


def _party(side: str, anchors: Sequence[str], ours: Sequence[str]) -> set[str]:
    found = {a for a in anchors if _has(side, a)}
    if re.search(r"\b(?:we|us|ours?)\b", side) or any(_has(side, n) for n in ours):
        found.add("us")
    return found
