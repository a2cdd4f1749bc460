"""Conversations of returning buyers, with the status of their earlier ones. Blocking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.crm.known import CrmContactFound
from core.events import (
    ConsentRecorded,
    ConversationStarted,
    Fact,
    Noted,
    PersonRecalled,
    QuestionRaised,
    TurnMerged,
)
from core.facts.standing import SIGNALS, latest
from core.handoff.returned import CHANNELS, Before
from core.store.card_tables import CardRow
from core.store.people import facts_of
from core.store.tables import ConversationRow

_card = CardRow.__table__
_conversation = ConversationRow.__table__
TELLING = (
    ConversationStarted, PersonRecalled, CrmContactFound, ConsentRecorded, Noted, QuestionRaised,
    *SIGNALS, TurnMerged,
)  # fmt: skip
MOST = 500
"""Most conversations per call, latest first."""


@dataclass(frozen=True, slots=True)
class Back:
    """A returning buyer's conversation: what it shows, and what came before it."""

    conversation_id: str
    at: datetime
    facts: Sequence[Fact]
    before: tuple[Before, ...]


def going_on(c: sa.Connection, since: datetime) -> list[str]:
    """Calls and chats in progress that began since an instant, latest first."""
    query = (
        sa.select(_conversation.c.id)
        .where(_conversation.c.status == "in_progress", _conversation.c.started_at >= since)
        .where(_conversation.c.channel.in_(CHANNELS))
        .order_by(_conversation.c.started_at.desc())
        .limit(MOST)
    )
    return list(c.execute(query).scalars())


def back(c: sa.Connection, conversations: Sequence[str]) -> list[Back]:
    """Those whose buyer is known from earlier conversations or from the CRM."""
    marks = facts_of(c, conversations, (PersonRecalled, CrmContactFound))
    known = [one for one, facts in marks.items() if facts]
    began = sa.select(_conversation.c.id, _conversation.c.started_at)
    at = {row.id: row.started_at for row in c.execute(began.where(_conversation.c.id.in_(known)))}
    return [
        Back(one, at[one], facts, _before(c, one, latest(facts, PersonRecalled)))
        for one, facts in facts_of(c, known, TELLING).items()
    ]


def _before(c: sa.Connection, mine: str, known: PersonRecalled | None) -> tuple[Before, ...]:
    earlier = [e.conversation_id for e in known.conversations] if known else []
    if not earlier:
        return ()
    names = ("started_at", "verdict", "segment", "rep", "claimed_by", "name", "organisation")
    query = (
        sa.select(*(_card.c[name] for name in names))
        .where(_card.c.conversation_id.in_(earlier), _card.c.conversation_id != mine)
        .order_by(_card.c.started_at)
    )
    return tuple(
        Before(
            row.started_at, row.verdict or "", row.segment or "",
            row.claimed_by or row.rep or "", row.name or "", row.organisation or "",
        )
        for row in c.execute(query)
    )  # fmt: skip
