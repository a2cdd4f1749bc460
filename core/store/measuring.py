"""Conversations of a time range for reports, read in pages. Blocking."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from core.events import Logged
from core.metrics.measured import Measured, measured
from core.store.codec import decode
from core.store.tables import ConversationRow, FactRow

PAGE = 200
MOST = 20_000
"""Most conversations in one report; request a longer range in parts."""
_UNCOUNTED = ("TurnTimed", "RouteChosen", "PersonRecalled", "CriterionDeclined", "PromiseMade",
              "RecordingSaved", "IdentifierSeen", "PersonAnswered")  # fmt: skip
_conversation = ConversationRow.__table__
_fact = FactRow.__table__


def measured_between(
    c: sa.Connection,
    since: datetime,
    until: datetime,
    channel: str | None = None,
    among: sa.Select[tuple[str]] | None = None,
) -> tuple[list[Measured], bool]:
    """The newest selected conversations of a range, and whether a report had to leave some out."""
    query = sa.select(_conversation.c.id).where(
        _conversation.c.started_at >= since, _conversation.c.started_at < until
    )
    if channel is not None:
        query = query.where(_conversation.c.channel == channel)
    if among is not None:
        query = query.where(_conversation.c.id.in_(among))
    query = query.order_by(_conversation.c.started_at.desc(), _conversation.c.id.desc())
    ids = [row.id for row in c.execute(query.limit(MOST + 1))]
    made: list[Measured] = []
    for first in range(0, min(len(ids), MOST), PAGE):
        made += _page(c, ids[first : min(first + PAGE, MOST)])
    return made, len(ids) > MOST


def _page(c: sa.Connection, ids: list[str]) -> Iterator[Measured]:
    query = (
        sa.select(_fact)
        .where(_fact.c.conversation_id.in_(ids), _fact.c.kind.not_in(_UNCOUNTED))
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )
    rows = c.execute(query).mappings()
    for conversation_id, group in groupby(rows, key=lambda row: row["conversation_id"]):
        log = [
            Logged(conversation_id, r["seq"], r["at"], decode(r["kind"], r["payload"]))
            for r in group
        ]
        if (one := measured(log)) is not None:
            yield one
