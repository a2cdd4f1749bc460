"""How many of a thing of the company's own a buyer means: "two bench centrifuges"."""

import re
from collections.abc import Sequence

from core.commands import ProvideSignal
from core.conversation.words.figures import certainty, standing_numbers
from core.conversation.words.lexicon import Mention
from core.conversation.words.numbers import Number, numbers
from core.conversation.words.stems import WORD, stem
from core.conversation.words.utterance import Utterance
from knowledge.profile import Criterion

_WORDS_BETWEEN = 3
_OTHERS = re.compile(r"\b(?:have|had|own|already|sold|bought|used to|existing)\b[^.?!]{0,24}$")


_PIECES = ("piece", "unit", "item")
"""What anything is counted in."""
_BELOW_ZERO = re.compile(r"(?:-|\u2212|\bminus |\bbelow )$")
"""Before a figure that is a temperature: "a minus eighty freezer"."""
_WANTED = re.compile(
    r"\b(?:quote|price|order|buy|take|need|want|get|purchase|maybe|perhaps"
    r"|probably)\b[^.?!]{0,16}$"
)
_NEEDED = re.compile(
    r"\b(?:need|want|take|order|buy|get) (?:about |around |like |maybe |probably |just |only )*$"
)
_THEN = re.compile(r"\s*(?:$|[.,;!?]|(?:by|in|for|until|before|this|next|at|please|then|as)\b)")
"""After a bare number that is wanted: "we need 2 by february"."""
_OF_THEM = re.compile(r"\s+of (?:them|those|these)\b")


def counted(
    u: Utterance,
    criterion: Criterion,
    mentions: Sequence[Mention],
    asked: Sequence[tuple[int, int]] = (),
) -> list[ProvideSignal]:
    """The number of what a criterion counts, where one stands before a word for it; `asked`: what
    is asked in the turn, where "over five thousand" is no number of theirs."""
    units = {stem(word.lower()) for word in (*criterion.counts, *_PIECES)}
    named = {m.start for m in mentions if m.kind == "product"}
    every = numbers(u.text)
    kept = standing_numbers(u.text, every)
    every = [n for n in every if not _BELOW_ZERO.search(u.text[: n.start])]
    if not any(_unit(u.text, n, units, named) for n in every):
        return _single(u, criterion, units) if not every else []
    for number in (n for n in kept if n in every):
        bare = len(kept) == 1 and len(every) > 1  # "twelve centrifuges. sorry, two, not twelve"
        end = _unit(u.text, number, units, named) or (number.end if bare else None)
        before = u.text[: number.start]
        open_ended = number.low is None or number.high is None
        if open_ended and any(a <= number.start < b for a, b in asked):
            continue
        if end is None or _OTHERS.search(before) or (number.low == 1 and _A_PIECE.search(before)):
            continue
        sure = certainty(u, number.start, end, 0.85)
        span = u.span(number.start, end)
        return [ProvideSignal(span, criterion.name, number.value, "positive", sure)]
    return []


def _single(u: Utterance, criterion: Criterion, units: set[str]) -> list[ProvideSignal]:
    """Things named one by one: "one incubator", "an incubator and a centrifuge"."""
    found = [
        (one, end)
        for one in _ONE.finditer(u.text)
        if (end := _unit(u.text, Number(1, 1, one.start(), one.end()), units, set())) is not None
        and not _A_PIECE.search(u.text[: one.start()])
    ]
    found = list({end: (one, end) for one, end in found}.values())  # "a quote for one centrifuge"
    if not found or _OTHERS.search(u.text[: found[0][0].start()]):
        return []
    if len(found) == 1 and found[0][0].group() != "one":
        return []  # "a centrifuge" may be the first of many
    start, end = found[0][0].start(), found[-1][1]
    sure = certainty(u, start, end, 0.75)
    return [ProvideSignal(u.span(start, end), criterion.name, str(len(found)), "positive", sure)]


_A_PIECE = re.compile(
    r"\bhow much (?:is|are|for|does|do|would|will)(?: just| only)? $|\b(?:price|cost) (?:of|per"
    r"|for) $"
)
"""Before a one that is what a price is asked for, and no number wanted."""
_ONE = re.compile(r"\b(?:one|an?)\b(?! (?:of|more|day|year|question|thing)\b)")


def _unit(text: str, number: Number, units: set[str], named: set[int]) -> int | None:
    """Where the word for what is counted ends, if it follows the number."""
    match = _OF_THEM.match(text, number.end)
    if match and (_WANTED.search(text[: number.start]) or not text[: number.start].strip()):
        return match.end()
    if _NEEDED.search(text[: number.start]) and _THEN.match(text, number.end):
        return number.end
    for n, match in enumerate(WORD.finditer(text, number.end)):
        if n > _WORDS_BETWEEN or re.search(r"[.?!,]", text[number.end : match.start()]):
            return None
        if stem(match.group().lower()) in units or match.start() in named:
            return match.end()
    return None
