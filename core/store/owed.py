"""Unanswered questions, listed for the people who owe the answers."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.privacy.erasure import ERASED
from core.store.card_tables import CardRow
from core.store.paging import after
from core.store.tables import QuestionRow

_card = CardRow.__table__
_question = QuestionRow.__table__
OPEN = sa.and_(_question.c.answered_at.is_(None), _question.c.text != ERASED)
"""Nobody has answered it, and its words are still there for somebody to answer."""


@dataclass(frozen=True, slots=True)
class Owed:
    """An unanswered question and its conversation."""

    conversation_id: str
    question_id: str
    text: str
    owner: str
    reason: str
    raised_at: datetime
    name: str | None
    organisation: str | None
    caller: str | None
    channel: str
    verdict: str | None


def owed_questions(
    c: sa.Connection, *, owner: str = "", place: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Owed]:
    """Unanswered questions, longest waiting first; of one owner if given."""
    columns = ("conversation_id", "question_id", "text", "owner", "reason", "raised_at")
    people = ("name", "organisation", "caller", "channel", "verdict")
    query = (
        sa.select(*(_question.c[n] for n in columns), *(_card.c[n] for n in people))
        .outerjoin(_card, _card.c.conversation_id == _question.c.conversation_id)
        .where(OPEN)
    )
    if owner:
        query = query.where(_question.c.owner == owner)
    order = (_question.c.raised_at, _question.c.question_id)
    if place is not None:
        query = query.where(after(order, place))
    query = query.order_by(*order).limit(limit)
    return [Owed(**row) for row in c.execute(query).mappings()]
