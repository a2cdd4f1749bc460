"""Unanswered questions, with the value of the conversations they came up in."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from core.store.asked import asked_elsewhere
from core.store.owed import OPEN
from core.store.tables import ConversationRow, FactRow, QuestionRow
from knowledge.gaps import Unanswered
from knowledge.profile import Company

_conversation = ConversationRow.__table__
_question = QuestionRow.__table__
_fact = FactRow.__table__

SHARES = {"qualified": 1.0, "needs_human": 0.5, "nurture": 0.3, "insufficient": 0.3}
"""Share of its segment's value that a conversation counts for, by verdict; others count nothing."""


def unanswered(
    company: Company, since: datetime | None = None
) -> Callable[[sa.Connection], list[Unanswered]]:
    """A read of this company's unanswered questions, oldest first, for `Store.query`; then those
    from exports of other systems."""
    open_ones = (
        sa.select(_question, _conversation.c.caller)
        .join(_conversation, _conversation.c.id == _question.c.conversation_id)
        .where(OPEN, _conversation.c.company == company.id)
        .order_by(_question.c.raised_at, _question.c.question_id)
    )
    if since is not None:
        open_ones = open_ones.where(_question.c.raised_at >= since)
    verdicts = (
        sa.select(_fact.c.conversation_id, _fact.c.payload)
        .where(_fact.c.kind == "VerdictReached")
        .where(_fact.c.conversation_id.in_(open_ones.with_only_columns(_conversation.c.id)))
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )

    def read(connection: sa.Connection) -> list[Unanswered]:
        reached = {row[0]: row[1] for row in connection.execute(verdicts)}
        own = [
            Unanswered(
                text=row["text"], reason=row["reason"], owner=row["owner"],
                conversation=row["conversation_id"],
                caller=row["caller"] or row["conversation_id"], at=row["raised_at"],
                worth=worth(company, reached.get(row["conversation_id"], {})),
            )
            for row in connection.execute(open_ones).mappings()
        ]  # fmt: skip
        return [*own, *asked_elsewhere(connection, company, since)]

    return read


def worth(company: Company, verdict: dict[str, object]) -> float:
    """A conversation's value, by the value its segment has in the company folder.

    If the company gives its segments no value, every conversation counts 1; one whose segment is
    not known yet counts as the lowest of them.
    """
    values = {s.id: s.value for s in company.segments if s.value is not None}
    if not values:
        return 1.0
    value = values.get(str(verdict.get("segment")), min(values.values()))
    return value * SHARES.get(str(verdict.get("result", "insufficient")), 0.0)
