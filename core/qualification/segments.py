"""Which kind of buyer this is, and which criteria apply, as far as the signals prove it."""

from collections.abc import Iterator, Sequence

from core.events import SignalCaptured
from core.quantity import bounds, within
from knowledge.profile import Company, Condition, Criterion, Segment


def latest(signals: Sequence[SignalCaptured], criterion: str) -> SignalCaptured | None:
    """The last standing signal of a criterion."""
    return next((s for s in reversed(signals) if s.criterion == criterion), None)


def holds(conditions: Sequence[Condition], signals: Sequence[SignalCaptured]) -> bool | None:
    """Whether all conditions hold: True, False, or None while that is not known."""
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
    """What was stated, where anything was; words that name nothing we know decide nothing."""
    known = [s for s in own if s.polarity != "neutral"]
    return [s for s in known if s.basis == "stated"] or known


def _values(own: Sequence[SignalCaptured]) -> Iterator[str]:
    """What was said, as conditions name it: a trade that was denied is none of theirs."""
    for signal in own:
        if signal.polarity != "negative" or signal.value == "no":
            yield signal.value.lower()


def told_apart_by(company: Company) -> frozenset[str]:
    """What the company tells its segments apart by."""
    return frozenset(c.criterion for s in company.segments for c in s.conditions)


def signals_of(company: Company) -> frozenset[str]:
    """Everything the company wants to know of a buyer's business, asked for or not."""
    return told_apart_by(company) | {c.name for s in company.segments for c in s.criteria}


def choose_segment(
    segments: Sequence[Segment], signals: Sequence[SignalCaptured]
) -> tuple[Segment | None, tuple[Segment, ...]]:
    """The first segment that is proven, if any, and all that are still possible.

    One with conditions that hold is not kept waiting for one before it of which too little is
    known: who tells how many they are, and not their trade, is taken by their size. So is who is
    left for the last kind, which has no conditions, by a size that another one excludes: a need
    or a trade that makes somebody special is one that they would have told.
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
    """Those that are still possible: the proven first, and last what nobody who is it keeps quiet
    about, such as a trade."""
    _, possible = choose_segment(segments, signals)

    def rank(segment: Segment) -> int:
        if segment.conditions and holds(segment.conditions, signals):
            return 0
        return 2 if segment.conditions and _special(segment) else 1

    return tuple(sorted(possible, key=rank))


def _special(segment: Segment) -> bool:
    """Whether a kind is told by what it names, and by no figure that everybody has."""
    return all(condition.any_of for condition in segment.conditions)


def applying(segment: Segment, signals: Sequence[SignalCaptured]) -> Segment:
    """A segment without the criteria that are known not to apply."""
    kept = tuple(c for c in segment.criteria if not c.when or holds(c.when, signals) is not False)
    return (
        segment
        if len(kept) == len(segment.criteria)
        else segment.model_copy(update={"criteria": kept})
    )


def applies(criterion: Criterion, signals: Sequence[SignalCaptured]) -> bool:
    """Whether a criterion is known to apply, so that it may be asked for."""
    return not criterion.when or holds(criterion.when, signals) is True
