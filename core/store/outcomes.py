"""A period's conversations and their outcomes, for `core.metrics.outcomes`. Blocking."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from core.events import Fact
from core.facts.claims import DealTold, MeetingTold
from core.metrics.outcomes import Came
from core.store.card_tables import CardRow
from core.store.codec import decode
from core.store.figures import Period, within
from core.store.reviews import judged
from core.store.tables import FactRow

_card = CardRow.__table__
_fact = FactRow.__table__


def came(c: sa.Connection, period: Period) -> list[Came]:
    """The ended ones."""
    chosen = [*within(period), _card.c.status != "in_progress"]
    ids = sa.select(_card.c.conversation_id).where(*chosen)
    names = ("conversation_id", "channel", "entry", "verdict", "score", "draw", "duration_ms",
             "meeting_at", "invitation", "own_verdict", "own_score", "heard", "misheard", "missed",
             "reviewed_at")  # fmt: skip
    rows = c.execute(sa.select(*(_card.c[name] for name in names)).where(*chosen))
    second = {one.conversation_id: one.colleague for one in judged(c, ids)}
    return list(_each(rows, _told(c, ids), second))


def _each(rows: Any, told: dict[tuple[str, str], Fact], second: dict[str, str]) -> Iterator[Came]:
    for row in rows:
        meeting = told.get((row.conversation_id, MeetingTold.__name__))
        deal = told.get((row.conversation_id, DealTold.__name__))
        dealt = deal if isinstance(deal, DealTold) and deal.stage else None
        yield Came(
            row.channel, row.entry, row.verdict == "qualified",
            (row.duration_ms or 0) / 1000, row.meeting_at,
            {"held": True, "no_show": False}.get(meeting.outcome)
            if row.meeting_at is not None and isinstance(meeting, MeetingTold) else None,
            dealt.stage if dealt else "", dealt.amount if dealt else None,
            dealt.currency if dealt else "", row.own_verdict or "", row.own_score, row.draw,
            second.get(row.conversation_id, ""), row.invitation,
            row.heard, row.misheard, row.missed, row.reviewed_at is not None,
        )  # fmt: skip


def _told(c: sa.Connection, chosen: sa.Select[Any]) -> dict[tuple[str, str], Fact]:
    """The latest report on each conversation, by kind."""
    kinds = (MeetingTold.__name__, DealTold.__name__)
    query = (
        sa.select(_fact.c.conversation_id, _fact.c.kind, _fact.c.payload)
        .where(_fact.c.conversation_id.in_(chosen), _fact.c.kind.in_(kinds))
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )
    return {(row[0], row[1]): decode(row[1], row[2]) for row in c.execute(query)}
