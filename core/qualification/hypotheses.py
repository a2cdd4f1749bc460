"""What would change a verdict: how much each answer could, and the smallest changes that would."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from core.events import CriterionState, Flip, Verdict
from core.qualification.weighing import Line, fails, weigh
from knowledge.profile import Segment

STATES: tuple[CriterionState, CriterionState] = ("met", "not_met")
MOST_UNKNOWN = 10
"""Most unknown criteria that are varied; the lightest ones beyond are assumed to decide nothing."""
MOST_FLIPS = 6
_WORDS = {"met": "were met", "not_met": "were not met", "unknown": "were unknown"}


def powers(segment: Segment, lines: Sequence[Line]) -> dict[str, float]:
    """For each unknown criterion, how often its answer decides the result, in 0..1.

    Over all outcomes of the other unknown criteria, the share in which meeting this one and not
    meeting it give different results. All zero: nothing left to learn can change anything.
    """
    unknown = sorted((e for e in lines if e.result.state == "unknown"), key=_weight, reverse=True)
    varied, given = unknown[:MOST_UNKNOWN], [e for e in lines if e.result.state != "unknown"]
    fits = _outcomes(segment, given, varied)
    found = {e.name: 0.0 for e in unknown}
    for n, line in enumerate(varied):
        bit = 1 << n
        decided = sum(fits[m] != fits[m | bit] for m in range(len(fits)) if not m & bit)
        found[line.name] = 2 * decided / len(fits)
    return found


def _weight(line: Line) -> float:
    return line.criterion.weight + line.criterion.required


def _outcomes(segment: Segment, given: Sequence[Line], varied: Sequence[Line]) -> list[bool]:
    """Whether the buyer fits, for every subset of `varied` that is met (bit n: the nth one)."""
    size = 1 << len(varied)
    if any(fails(e) for e in given):
        return [False] * size
    total = sum(e.criterion.weight for e in (*given, *varied)) or 1.0
    needed = sum(1 << n for n, e in enumerate(varied) if e.criterion.required)
    met = [sum(e.earned for e in given)] * size
    for m in range(1, size):
        low = m & -m
        met[m] = met[m ^ low] + varied[low.bit_length() - 1].criterion.weight
    return [
        m & needed == needed and round(met[m] / total, 3) >= segment.qualify_at for m in range(size)
    ]


def _supposed(lines: Sequence[Line], states: Mapping[int, CriterionState]) -> list[Line]:
    return [e.supposed(states[n]) if n in states else e for n, e in enumerate(lines)]


def flips(segment: Segment, lines: Sequence[Line], result: Verdict) -> tuple[Flip, ...]:
    """The smallest sets of changed criteria that give another result: single ones, else pairs."""
    for size in (1, 2):
        found = list(_flips(segment, lines, result, size))
        if found:
            return tuple(found[:MOST_FLIPS])
    return ()


def _flips(segment: Segment, lines: Sequence[Line], result: Verdict, size: int) -> Iterator[Flip]:
    for places in combinations(range(len(lines)), size):
        options = [_other_states(lines[n]) for n in places]
        for states in product(*options):
            supposed = dict(zip(places, states, strict=True))
            other = weigh(segment, _supposed(lines, supposed))[0]
            if other != result:
                yield _flip(lines, supposed, other)


def _other_states(line: Line) -> tuple[CriterionState, ...]:
    return tuple(s for s in STATES if s != line.result.state or (s == "met" and line.result.partly))


def _flip(lines: Sequence[Line], states: Mapping[int, CriterionState], result: Verdict) -> Flip:
    named = [(lines[n].name, state) for n, state in states.items()]
    parts = [f"{lines[n].criterion.label} {_WORDS[state]}" for n, state in states.items()]
    return Flip(tuple(named), result, f"If {' and '.join(parts)}: {result}.")
