"""Figures of a period, counted from the cards, each with its base.

Unknown values are counted separately, never as a success or a failure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.facts.claims import HandoffRated, rated
from core.facts.standing import HANDED_OVER
from core.metrics.measured import NEXT_STEP, UNJUDGED, UNKNOWN
from core.projections.document import percentile
from core.store.callback_tables import CallbackRow
from core.store.card_tables import CardRow
from core.store.codec import decode
from core.store.tables import FactRow

_callback = CallbackRow.__table__
_card = CardRow.__table__
_fact = FactRow.__table__


@dataclass(frozen=True, slots=True)
class Period:
    """Which conversations are counted; `until` is exclusive, empty fields match all."""

    since: datetime
    until: datetime
    channel: str = ""
    segment: str = ""
    rep: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a total; `percent` is None for a total of 0."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded; None when the total is 0."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    """A period's figures."""

    conversations: int
    going_on: int
    by_channel: dict[str, int]
    by_verdict: dict[str, int]
    by_outcome: dict[str, int]
    by_rep: dict[str, int]
    by_segment: dict[str, int]
    qualified: Share
    """Out of those judged."""
    undecided: int
    """With too little known to judge."""
    booked: Share
    """Qualified conversations with a meeting."""
    after_hours: Share
    late_with_next_step: Share
    put_off: Share
    """Conversations with a question that approved knowledge did not cover."""
    heard_p50_ms: int | None
    heard_p95_ms: int | None
    reviewed: Share
    """Out of those flagged."""
    kept: Share
    """Promised calls that were made, out of those settled."""
    owed: int
    """Promised calls still open."""
    ratings: int
    rating: float | None
    repeated: Share
    """Handoffs after which the buyer had to repeat themselves, out of those reported."""
    days: tuple[tuple[date, int, int], ...]
    """Each day's conversations, and how many were qualified."""
    responded: Share = Share(0, 0)
    """Rated handoffs, out of all handoffs."""


def figures(c: sa.Connection, period: Period, zone: str) -> Figures:
    """The figures of a period, by days of `zone`."""
    columns = ("id", "conversation_id", "started_at", "status", "channel", "verdict", "outcome",
               "rep", "segment", "after_hours", "abstained", "p95_ms", "meeting_at", "callback_at",
               "flags", "reviewed_at", "rated_at")  # fmt: skip
    conditions = within(period)
    rows = c.execute(sa.select(*(_card.c[n] for n in columns)).where(*conditions)).all()
    chosen = sa.select(_card.c.conversation_id).where(*conditions)
    over = [row for row in rows if row.status != "in_progress"]
    late = [row for row in over if row.after_hours]
    fit = [row for row in over if row.verdict == "qualified"]
    clear = sum((row.verdict or UNJUDGED) != UNJUDGED for row in over)
    flagged = [row for row in over if row.flags]
    told = _ratings(c, chosen)
    said = [r.repeated for r in told if r.repeated is not None]
    scores = [r.score for r in told if r.score]
    calls = Counter(
        c.execute(sa.select(_callback.c.status).where(_callback.c.conversation_id.in_(chosen)))
        .scalars()
    )  # fmt: skip
    heard = [row.p95_ms for row in over if row.p95_ms is not None]
    handed = [row for row in over if row.rep and row.verdict in HANDED_OVER]
    return Figures(
        len(rows), len(rows) - len(over),
        _count(over, "channel"), _count(over, "verdict", UNJUDGED), _count(over, "outcome"),
        _count(fit, "rep"), _count(over, "segment"),
        Share(len(fit), clear), len(over) - clear,
        Share(sum(row.meeting_at is not None for row in fit), len(fit)),
        Share(len(late), len(over)),
        Share(sum(row.outcome in NEXT_STEP for row in late), len(late)),
        Share(sum(row.abstained for row in over), len(over)),
        percentile(heard, 0.5), percentile(heard, 0.95),
        Share(sum(row.reviewed_at is not None for row in flagged), len(flagged)),
        Share(calls["kept"], calls["kept"] + calls["broken"]),
        sum(n for status, n in calls.items() if status not in ("kept", "broken", "cancelled")),
        len(scores), round(sum(scores) / len(scores), 1) if scores else None,
        Share(sum(said), len(said)), _days(over, period, zone),
        Share(sum(row.rated_at is not None for row in handed), len(handed)),
    )  # fmt: skip


def within(period: Period) -> list[sa.ColumnElement[bool]]:
    """The conditions that select a period's cards."""
    conditions = [_card.c.started_at >= period.since, _card.c.started_at < period.until]
    return conditions + [
        _card.c[name] == value
        for name in ("channel", "segment", "rep", "entry")
        if (value := getattr(period, name))
    ]


def _ratings(c: sa.Connection, chosen: sa.Select[Any]) -> list[HandoffRated]:
    """Each person's latest rating of each handoff."""
    query = (
        sa.select(_fact.c.conversation_id, _fact.c.kind, _fact.c.payload)
        .where(_fact.c.kind == HandoffRated.__name__, _fact.c.conversation_id.in_(chosen))
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )
    found: dict[str, list[HandoffRated]] = {}
    for conversation_id, kind, payload in c.execute(query):
        fact = decode(kind, payload)
        if isinstance(fact, HandoffRated):
            found.setdefault(conversation_id, []).append(fact)
    return [one for all_ in found.values() for one in rated(all_).values()]


def _count(rows: Sequence[Any], name: str, none: str = UNKNOWN) -> dict[str, int]:
    return dict(Counter(getattr(row, name) or none for row in rows).most_common())


def _days(rows: Sequence[Any], period: Period, zone: str) -> tuple[tuple[date, int, int], ...]:
    local = ZoneInfo(zone)
    every = Counter(row.started_at.astimezone(local).date() for row in rows)
    fit = Counter(
        row.started_at.astimezone(local).date() for row in rows if row.verdict == "qualified"
    )
    first, last = (at.astimezone(local).date() for at in (period.since, period.until))
    count = max((last - first).days, 1)
    days = [first + timedelta(days=n) for n in range(count)]
    return tuple((day, every[day], fit[day]) for day in days)
