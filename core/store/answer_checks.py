"""Colleagues' checks of the agent's answers, for `Store.write` and `Store.query`.

Append-only; the latest check of each question counts.
"""

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa

from core.metrics.answers import Checked, Gave
from core.store.card_tables import CardRow
from core.store.figures import Period, within
from core.store.inserting import added
from core.store.review_tables import AnswerCheckRow
from core.store.tables import every_row

_card = CardRow.__table__
_check = AnswerCheckRow.__table__


def add_checks(c: sa.Connection, rows: Sequence[AnswerCheckRow]) -> int:
    """Store checks, each once by its id; returns how many are new."""
    return sum(added(c, _check, row.model_dump()) for row in rows)


def checks_of(c: sa.Connection, conversation_id: str) -> dict[str, AnswerCheckRow]:
    """The current check of each question of a conversation, by question id."""
    mine = sa.select(_check).where(_check.c.conversation_id == conversation_id)
    rows = every_row(c, AnswerCheckRow, mine.order_by(_check.c.at, _check.c.id))
    latest = {row.question_id: row for row in rows}
    return {name: row for name, row in latest.items() if row.result}


def checked(c: sa.Connection, period: Period, sample: float) -> list[Checked]:
    """Current checks of a period's conversations. `sample`: the share drawn for a second look."""
    query = (
        sa.select(_check, _card.c.draw)
        .join(_card, _card.c.conversation_id == _check.c.conversation_id)
        .where(*within(period), _card.c.status != "in_progress")
        .order_by(_check.c.at, _check.c.id)
    )
    latest = {(r["conversation_id"], r["question_id"]): r for r in c.execute(query).mappings()}
    return [
        Checked(cast(Gave, r["gave"]), r["result"] == "right", bool(r["told"]), r["draw"] < sample)
        for r in latest.values()
        if r["result"]
    ]
