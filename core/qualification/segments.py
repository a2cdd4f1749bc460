"""Which segment a buyer belongs to and which criteria apply, as far as the signals prove it."""

from collections.abc import Iterator, Sequence

from core.events import SignalCaptured
from core.quantity import bounds, within
from knowledge.profile import Company, Condition, Criterion, Segment


def latest(signals: Sequence[SignalCaptured], criterion: str) -> SignalCaptured | None:
    """The latest standing signal of a criterion."""
    return next((s for s in reversed(signals) if s.criterion == criterion), None)


def holds(conditions: Sequence[Condition], signals: Sequence[SignalCaptured]) -> bool | None:
    """Whether all conditions hold: True, False, or None while unknown."""
    found = [_holds(condition, signals) for condition in conditions]
    return False if False in found else None if None in found else True


def _holds(condition: Condition, signals: Sequence[SignalCaptured]) -> bool | None:
    own = _surest([s for s in signals if s.criterion == condition.criterion])
    if condition.any_of:
        wanted = {value.lower() for value in condition.any_of}
        return None if not own else any(value in wanted for value in _values(own))
    known = bounds(own[-1].value) if own else None
    return None if known is None else within(known, condition.at_least, condition.at_most)


def _surest(own: list[SignalCaptured]) -> list[SignalCaptured]:
    """The stated signals, if any; words that match nothing known decide nothing."""
    known = [s for s in own if s.polarity != "neutral"]
    return [s for s in known if s.basis == "stated"] or known


def _values(own: Sequence[SignalCaptured]) -> Iterator[str]:
    """The values as conditions name them; a denied industry is none of theirs."""
    for signal in own:
        if signal.polarity != "negative" or signal.value == "no":
            yield signal.value.lower()


def told_apart_by(company: Company) -> frozenset[str]:
    """The facts by which the company tells its segments apart."""
    return frozenset(c.criterion for s in company.segments for c in s.conditions)


def signals_of(company: Company) -> frozenset[str]:
    """Everything the company wants to know about a buyer's business, asked for or not."""
    return told_apart_by(company) | {c.name for c in company.criteria}


def choose_segment(
    segments: Sequence[Segment], signals: Sequence[SignalCaptured]
) -> tuple[Segment | None, tuple[Segment, ...]]:
    """The first proven segment, if any, and all that are still possible.

    A segment whose conditions hold does not wait for an earlier one about which too little is
    known: a buyer who tells their size but not their industry is classified by size. A size that
    excludes the others also decides for the last segment, which has no conditions: a buyer would
    have mentioned a need or an industry that makes them special.
    """
    held = {s.id: holds(s.conditions, signals) for s in segments}
    possible = tuple(s for s in segments if held[s.id] is not False)
    proven = possible[0] if len(possible) == 1 else None
    for n, segment in enumerate(possible):
        left = len(possible) < len(segments) and all(map(_special, possible[:n]))
        if held[segment.id] and (n == 0 or segment.conditions or left):
            proven = segment
            break
    return proven, possible or tuple(segments)


def likeliest(
    segments: Sequence[Segment], signals: Sequence[SignalCaptured]
) -> tuple[Segment, ...]:
    """The possible segments: the proven one first, and last those defined by something their
    members would mention, such as an industry."""
    _, possible = choose_segment(segments, signals)

    def rank(segment: Segment) -> int:
        if segment.conditions and holds(segment.conditions, signals):
            return 0
        return 2 if segment.conditions and _special(segment) else 1

    return tuple(sorted(possible, key=rank))


def _special(segment: Segment) -> bool:
    """Whether a segment is defined by what it names, rather than by a figure that everybody has."""
    return all(condition.any_of for condition in segment.conditions)


def applying(segment: Segment, signals: Sequence[SignalCaptured]) -> Segment:
    """A segment without the criteria known not to apply."""
    kept = tuple(c for c in segment.criteria if not c.when or holds(c.when, signals) is not False)
    return (
        segment
        if len(kept) == len(segment.criteria)
        else segment.model_copy(update={"criteria": kept})
    )


def applies(criterion: Criterion, signals: Sequence[SignalCaptured]) -> bool:
    """Whether a criterion is known to apply, so that it may be asked for."""
    return not criterion.when or holds(criterion.when, signals) is True
