"""Which kind of buyer this is, as far as the signals prove it."""

from collections.abc import Sequence

from core.events import SignalCaptured
from core.quantity import bounds, within
from knowledge.profile import Segment


def latest(signals: Sequence[SignalCaptured], criterion: str) -> SignalCaptured | None:
    """The last standing signal of a criterion."""
    return next((s for s in reversed(signals) if s.criterion == criterion), None)


def holds(segment: Segment, signals: Sequence[SignalCaptured]) -> bool | None:
    """Whether a segment's conditions hold: True, False, or None while that is not known."""
    size = _size_holds(segment, latest(signals, "employees"))
    trade = _industry_holds(segment, latest(signals, "industry"))
    if size is False or trade is False:
        return False
    return None if size is None or trade is None else True


def choose_segment(
    segments: Sequence[Segment], signals: Sequence[SignalCaptured]
) -> tuple[Segment | None, tuple[Segment, ...]]:
    """The first segment that is proven, if any, and all that are still possible."""
    possible = tuple(s for s in segments if holds(s, signals) is not False)
    first = possible[0] if possible else None
    proven = first if first is not None and (holds(first, signals) or len(possible) == 1) else None
    return proven, possible or tuple(segments)


def _size_holds(segment: Segment, size: SignalCaptured | None) -> bool | None:
    least, most = segment.employees_at_least, segment.employees_at_most
    if least is None and most is None:
        return True
    known = bounds(size.value) if size else None
    return None if known is None else within(known, least, most)


def _industry_holds(segment: Segment, industry: SignalCaptured | None) -> bool | None:
    if not segment.industries:
        return True
    if industry is None:
        return None
    return industry.value.lower() in {i.lower() for i in segment.industries}
