"""Infers the segment of a buyer who never named it, from facts that other segments are not asked
for, such as orders per month. Pure.

It is an inference: a stated fact that separates the segments always decides, and the verdict says
what the inference is based on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.events import SignalCaptured
from core.qualification.criteria import SURE
from core.qualification.segments import holds
from knowledge.profile import Company, Criterion, Segment
from knowledge.retrieval.tokens import stem, tokens

_WHO = frozenset({"employees", "industry", "role", "location", "tech_stack"})
"""Criteria about who the buyer is, which do not separate segments by what they want."""
_COUNTED, _SHARED, ENOUGH = 2, 1, 2
"""Points for a count of one segment's own things, for another fact it asks for; points needed."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """An inferred segment, and the signals it is based on."""

    segment: Segment
    by: tuple[SignalCaptured, ...]

    @property
    def reason(self) -> str:
        """The explanation, for people."""
        if not self.by:
            return f"Taken for {self.segment.label}: nothing they told makes them another kind."
        said = ", ".join(f"“{s.words}”" for s in self.by)
        return f"Taken for {self.segment.label} by {said}; which kind they are was not said."


def leaning(
    company: Company, possible: Sequence[Segment], signals: Sequence[SignalCaptured]
) -> Leaning | None:
    """The segment that the stated facts support most, if segments differ in what is wanted; else
    the last one, if it is the catch-all and enough of what it asks for was told."""
    told = [s for s in signals if s.basis == "stated" and s.confidence >= SURE]
    told = [s for s in told if s.polarity == "positive"]
    if most := _spoken_for(company, possible, signals, told):
        return most
    asked = {criterion.name for criterion in possible[-1].criteria}
    known = asked.intersection(s.criterion for s in told)
    rest = not possible[-1].conditions and len(known) >= ENOUGH
    return Leaning(possible[-1], ()) if rest else None


def _spoken_for(
    company: Company,
    possible: Sequence[Segment],
    signals: Sequence[SignalCaptured],
    told: Sequence[SignalCaptured],
) -> Leaning | None:
    """The segment that the `told` signals support most."""
    conditions = [c for s in possible if holds(s.conditions, signals) is None for c in s.conditions]
    if not conditions or any(c.criterion in _WHO or not c.any_of for c in conditions):
        return None
    found = {
        segment.id: [(s, n) for s in told if (n := _says(company, segment, s))]
        for segment in possible
    }
    totals = {name: sum(n for _, n in speaking) for name, speaking in found.items()}
    best = max(possible, key=lambda segment: totals[segment.id])
    others = [total for name, total in totals.items() if name != best.id]
    if totals[best.id] < ENOUGH or totals[best.id] <= max(others, default=0):
        return None
    return Leaning(best, tuple(s for s, _ in found[best.id]))


def only_use(company: Company, criterion: str) -> tuple[str, str] | None:
    """The criterion, and its one value, that a count of a segment's own things implies, if any."""
    for segment in company.segments:
        counted = next((c for c in segment.criteria if c.name == criterion), None)
        if counted is None or _weight(company, segment, counted) < _COUNTED:
            continue
        if len(counted.when) == 1 and len(counted.when[0].any_of) == 1:
            return counted.when[0].criterion, counted.when[0].any_of[0]
        told = [c for c in segment.conditions if c.criterion not in _WHO]
        if len(segment.conditions) == len(told) == 1 and len(told[0].any_of) == 1:
            return told[0].criterion, told[0].any_of[0]
        if not segment.conditions and (rest := _left(company, segment)):
            return rest
    return None


def counts_of_uses(company: Company) -> dict[str, str]:
    """The count criterion that each use has to itself, the first if there are several."""
    found: dict[str, str] = {}
    for criterion in company.criteria:
        if use := only_use(company, criterion.name):
            found.setdefault(use[1], criterion.name)
    return found


def own_things(company: Company) -> dict[str, str]:
    """The stem of each thing that one kind of buyer alone is asked to count, and their use."""
    counting = {c.name: c for c in company.criteria if c.counts}
    counted = Counter(stem(word.lower()) for c in counting.values() for word in c.counts)
    return {
        thing: use[1]
        for c in counting.values()
        if not c.when and (use := only_use(company, c.name))
        for word in c.counts
        if counted[thing := stem(word.lower())] == 1
    }


def _left(company: Company, segment: Segment) -> tuple[str, str] | None:
    """The one value that is left for the segment of the rest, and its criterion."""
    told_by = {c.criterion for s in company.segments for c in s.conditions} - _WHO
    claimed = {v for s in company.segments for c in s.conditions for v in c.any_of}
    left = [(c.name, v) for c in segment.criteria if c.name in told_by for v in c.any_of]
    rest = [(name, value) for name, value in left if value not in claimed]
    return rest[0] if len(rest) == 1 else None


def _says(company: Company, segment: Segment, signal: SignalCaptured) -> int:
    """How strongly a signal supports one segment among all."""
    criterion = next((c for c in segment.criteria if c.name == signal.criterion), None)
    if criterion is None or signal.value in criterion.none_of:
        return 0
    return _weight(company, segment, criterion)


def _weight(company: Company, segment: Segment, criterion: Criterion) -> int:
    if criterion.name in _WHO or criterion.kind in ("date", "text") or not _own(criterion):
        return 0
    having = [s for s in company.segments if any(c.name == criterion.name for c in s.criteria)]
    if len(having) == len(company.segments):
        return 0
    alone = len(having) == 1 and criterion.counts
    words = {stem(word.lower()) for word in criterion.counts}
    return _COUNTED if alone and not words & _spoken(company, segment) else _SHARED


def _own(criterion: Criterion) -> bool:
    """Whether it is specific to the company, and not a sum or size anybody may tell."""
    return criterion.kind != "number" or bool(criterion.counts)


def _spoken(company: Company, segment: Segment) -> set[str]:
    """The words that say what other segments want."""
    told_by = {c.criterion for s in company.segments for c in s.conditions}
    claimed = {v for s in company.segments for c in s.conditions for v in c.any_of}
    others = [s for s in company.segments if s is not segment]
    values = {v for s in others for v in _wanted(s, told_by, claimed)}
    lines = [line for s in company.scenarios if s.value in values for line in s.said]
    return {stem(word) for line in (*values, *lines) for word in tokens(line)}


def _wanted(segment: Segment, told_by: set[str], claimed: set[str]) -> set[str]:
    """What a segment wants: its own distinguishing values, else those no other segment has."""
    own = {v for c in segment.conditions for v in c.any_of}
    rest = {v for c in segment.criteria if c.name in told_by for v in c.any_of}
    return own or rest - claimed
