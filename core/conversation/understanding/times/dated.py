"""The dates a company asks for by criteria of its own: an event, a move, the end of a contract.

A date of theirs is known by the words of its question ("our policy renews in March"). The first one
of something that is yet to be done is also what any plan is about ("we'd like to start in May"),
unless the company asks for a `timeline`. Pure.
"""

import re
from collections.abc import Sequence
from functools import cache

from core.commands import ProvideSignal
from core.conversation.understanding.times.timing import PAST, REPLY_BY, TIMELINE, timeline
from core.conversation.words.dates import When
from core.conversation.words.stems import PLAIN, WORD, stem, stems
from core.conversation.words.utterance import Utterance
from knowledge.profile import Criterion

_ENDS = re.compile(
    r"\b(?:renew\w*|expir\w*|ends?|ending|run(?:s|ning)? out|lapse\w*|terminat\w*|up|over|due)\b"
)
"""Said of something that ends by itself: its day is no plan."""
_WORDLESS = frozenset(
    stem(w)
    for w in "date day time when current currently soon plan planned planning hope hoping start"
    " begin done".split()
) | {stem(w) for w in PLAIN}
"""Words of a question that do not tell one date from another."""


def dated(
    u: Utterance,
    named: Sequence[When],
    criteria: Sequence[Criterion],
    expecting: str | None,
    asked: list[tuple[int, int]],
) -> list[ProvideSignal]:
    """The days told for criteria of kind `date`, each day for one of them; `named`: every time in
    the turn, `asked`: the ranges of its questions, `expecting`: the criterion just asked for."""
    dates = [c for c in criteria if c.kind == "date"]
    plan = next((c for c in dates if c.name == TIMELINE), None)
    plan = plan or next((c for c in dates if not _ends(c.label, c.ask)), None)
    found: list[ProvideSignal] = []
    left = list(named)
    for c in sorted(dates, key=lambda c: (c.name != expecting, c is plan)):
        expected = c.name == expecting
        its = left if expected or c is plan else [w for w in left if _of(u, w, c)]
        if not (its or expected or c is plan):
            continue
        sure = expected or c is not plan
        told = timeline(u, its, c.name, asked, expected=sure)
        found += told
        spans = [u.found(t.span.quote) for t in told]
        left = [w for w in left if not any(a <= w.start and w.end <= b for a, b in spans)]
    return found


def _of(u: Utterance, when: When, criterion: Criterion) -> bool:
    """Whether the words around a day are about what a criterion asks for, and not over."""
    before = re.split(r"[.?!;]", u.text[: when.start])[-1]
    after = re.split(r"[.?!;,]| (?:and|but|so) ", u.text[when.end :])[0]
    if REPLY_BY.search(before) or (when.by and when.by < u.said.at.date()):
        return False
    own = _words(criterion.label, criterion.ask)
    said = [m.start() for m in WORD.finditer(before) if stems(m.group()) & own]
    if _ends(criterion.label, criterion.ask):
        said += [m.start() for m in _ENDS.finditer(before)]
    if not said:
        return bool(stems(after) & own) and not PAST.search(before[-_NEAR:])
    return PAST.search(before, max(0, max(said) - _NEAR)) is None


_NEAR = 12
"""Letters before a word in which it may be said to be over: "was renewed"."""


@cache
def _words(label: str, ask: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stems(" ".join((label, *ask))) - _WORDLESS)


@cache
def _ends(label: str, ask: tuple[str, ...]) -> bool:
    """Whether a criterion asks when something they have ends."""
    return _ENDS.search(" ".join((label, *ask)).lower()) is not None
