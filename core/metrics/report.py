"""`report(…)`: groups of figures over many conversations, JSON-ready. Pure.

Shares are out of what could be counted, and `n` gives that number; nothing unknown is counted as a
success.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.metrics.measured import NEXT_STEP, UNKNOWN, Measured
from core.projections.document import percentile

AGAIN = timedelta(days=7)
"""A buyer who returns within this time was not helped the first time."""
WENT_ON = ("backchannel", "noise", "echo")
"""What the agent talks through when somebody speaks over it."""
HELPED = frozenset({"answered", "redirected"})
"""Outcomes that may have saved somebody a conversation; a hang-up is not one."""


def report(every: Sequence[Measured], now: datetime) -> dict[str, Any]:
    """All groups over these conversations; figures that need an end leave out ongoing ones."""
    over = [m for m in every if m.over]
    return {
        "conversations": len(every),
        "in_progress": len(every) - len(over),
        "speed": _speed(every),
        "volume": _volume(over),
        "after_hours": after_hours(over),
        "deflection": _deflection(over, now),
        "asking": _asking(over),
        "grounding": _grounding(over),
        "turn_taking": _turn_taking(over),
    }


def after_hours(over: Sequence[Measured]) -> dict[str, Any]:
    """The outcomes of buyers who came when nobody was in."""
    late = [m for m in over if m.after_hours]
    stepped = sum(m.outcome in NEXT_STEP for m in late)
    return {
        "n": len(late),
        "share": _share(len(late), len(over)),
        "outcomes": _outcomes(late),
        "by_channel": {
            name: _outcomes([m for m in late if m.channel == name])
            for name in sorted({m.channel for m in late})
        },
        "meetings": sum(m.meeting for m in late),
        "callbacks": sum(m.callback for m in late),
        "messages": sum(m.message for m in late),
        "with_next_step": {"n": stepped, "share": _share(stepped, len(late))},
        "qualified": sum(m.verdict == "qualified" for m in late),
        "asked_for_a_person": sum(m.human for m in late),
    }


def _speed(every: Sequence[Measured]) -> dict[str, Any]:
    channels = sorted({m.channel for m in every})
    first = {
        name: _spread(m.first_response_ms for m in every if m.channel == name) for name in channels
    }
    return {
        "first_response_ms": first,
        "qualification_ms": _spread(m.qualified_ms for m in every),
        "qualification_turns": _spread(m.qualified_turns for m in every),
        "meeting_ms": _spread(m.booked_ms for m in every),
    }


def _volume(over: Sequence[Measured]) -> dict[str, Any]:
    return {
        "by_channel": dict(sorted(Counter(m.channel for m in over).items())),
        "by_outcome": _outcomes(over),
        "by_channel_and_outcome": {
            name: _outcomes([m for m in over if m.channel == name])
            for name in sorted({m.channel for m in over})
        },
        "by_verdict": dict(sorted(Counter(m.verdict for m in over).items())),
        "meetings": sum(m.meeting for m in over),
        "pilot": sum(m.pilot for m in over),
    }


def _outcomes(some: Sequence[Measured]) -> dict[str, int]:
    """How many ended in each way; an unknown outcome counts as its own, and is always included."""
    return {UNKNOWN: 0} | dict(sorted(Counter(m.outcome for m in some).items()))


def _deflection(over: Sequence[Measured], now: datetime) -> dict[str, Any]:
    """Helped, not a lead, no work for our people, and not back within a week."""
    came: dict[str, list[datetime]] = {}
    for m in over:
        if m.who:
            came.setdefault(m.who, []).append(m.started_at)
    deflected = pending = again = 0
    could = [m for m in over if m.outcome in HELPED and m.verdict != "qualified" and not m.human]
    for m in could:
        later = [at for at in came.get(m.who, ()) if m.started_at < at <= m.started_at + AGAIN]
        if later:
            again += 1
        elif now < m.started_at + AGAIN:
            pending += 1
        else:
            deflected += 1
    of = len(over) - pending
    return {"deflected": deflected, "came_back": again, "pending": pending, "of": of,
            "share": _share(deflected, of)}  # fmt: skip


def _asking(over: Sequence[Measured]) -> dict[str, Any]:
    gives, asks = sum(m.gives for m in over), sum(m.asks for m in over)
    asked = [m for m in over if m.asks]
    return {
        "gives": gives,
        "asks": asks,
        "gives_per_ask": round(gives / asks, 2) if asks else None,
        "before_first_value": _spread(m.before_value for m in asked),
        "re_asks": sum(m.re_asks for m in over),
    }


def _grounding(over: Sequence[Measured]) -> dict[str, Any]:
    questions, deferred = sum(m.questions for m in over), sum(m.deferred for m in over)
    return {
        "questions": questions,
        "answered": sum(m.answered for m in over),
        "deferred": deferred,
        "abstention": _share(deferred, questions),
        "conversations_with_abstention": sum(m.deferred > 0 for m in over),
    }


def _turn_taking(over: Sequence[Measured]) -> dict[str, Any]:
    """How often somebody spoke over it, and how it classified that."""
    took = Counter(what for m in over for what in m.talked_over)
    gave_way, every = took["interruption"], took.total()
    return {"talked_over": every, "gave_way": gave_way, "share": _share(gave_way, every),
            "went_on": {name: took[name] for name in WENT_ON}}  # fmt: skip


def _spread(values: Iterable[int | None]) -> dict[str, int | None]:
    known = [value for value in values if value is not None]
    return {"n": len(known), "p50": percentile(known, 0.5), "p95": percentile(known, 0.95)}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
