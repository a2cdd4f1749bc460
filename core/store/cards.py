"""Keeps cards up to date with their conversations and with people's marks.

A card is written in full when its conversation ends or is written up; before that only what a live
list shows is updated, so that turns cost no more.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.events import (
    ConversationEnded,
    ConversationStarted,
    Fact,
    Flagged,
    Noted,
    RouteChosen,
    SignalCaptured,
    VerdictReached,
)
from core.flags.drawn import drawn
from core.projections.card import LONGEST_NAME, VERSION, Card, card
from core.store.card_tables import CardCriterionRow, CardFlagRow, CardRow, TranscriptRow
from core.store.codec import decode
from core.store.inserting import insert, storable
from core.store.tables import ConversationRow, FactRow, every_row, first_row

_card = CardRow.__table__
_conversation = ConversationRow.__table__
_criterion = CardCriterionRow.__table__
_fact = FactRow.__table__
_flag = CardFlagRow.__table__
_transcript = TranscriptRow.__table__

WRITTEN_UP = frozenset({"handoff", "crm", "calendar"})
"""Kinds of `Noted` after which a card is rebuilt although the conversation goes on."""
_APART = ("marks", "criteria", "words", "rated")


def follow(c: sa.Connection, conversation_id: str, at: datetime, facts: Sequence[Fact]) -> None:
    """Update the card with new facts, in their transaction. A flag raised after the conversation
    was reviewed asks for another look."""
    if any(isinstance(fact, Flagged) for fact in facts):
        again = {"reviewed_at": None, "reviewed_by": None}
        _set(c, conversation_id, again)
    if any(_finishes(fact) for fact in facts) or _is_over(c, conversation_id):
        fill(c, conversation_id, at)
        return
    for fact in facts:
        match fact:
            case ConversationStarted():
                fill(c, conversation_id, at)
            case VerdictReached():
                _set(c, conversation_id, {
                    "verdict": fact.result, "segment": fact.segment, "score": fact.score,
                    "own_verdict": fact.result, "own_score": fact.score,
                })  # fmt: skip
            case SignalCaptured(criterion="name" | "company", polarity="positive"):
                column = "name" if fact.criterion == "name" else "organisation"
                _set(c, conversation_id, {column: storable(fact.value[:LONGEST_NAME])})
            case SignalCaptured(criterion="phone" | "email", polarity="positive"):
                known = sa.func.coalesce(_card.c.caller, storable(fact.value[:LONGEST_NAME]))
                _set(c, conversation_id, {"caller": known})
            case RouteChosen():
                _set(c, conversation_id, {"rep": storable(fact.rep), "action": fact.action,
                                          "fast_track": fact.fast_track})  # fmt: skip
            case _:
                pass


def fill(c: sa.Connection, conversation_id: str, at: datetime) -> None:
    """Rebuild a conversation's card from all its facts, keeping people's marks."""
    row = c.execute(
        sa.select(_conversation.c.started_at, _conversation.c.ended_at, _conversation.c.status)
        .where(_conversation.c.id == conversation_id)
    ).first()  # fmt: skip
    if row is None:
        return
    stored = c.execute(
        sa.select(_fact.c.kind, _fact.c.payload)
        .where(_fact.c.conversation_id == conversation_id)
        .order_by(_fact.c.seq)
    )
    made = card([decode(kind, payload) for kind, payload in stored])
    values: dict[str, Any] = {
        **{name: value for name, value in asdict(made).items() if name not in _APART},
        "started_at": row.started_at, "ended_at": row.ended_at, "status": row.status,
        "flags": len(made.marks), "urgent": made.urgent, "kinds": made.kinds, "version": VERSION,
        "draw": drawn(conversation_id),
    }  # fmt: skip
    c.execute(
        insert(c, _card)
        .values(conversation_id=conversation_id, **values)
        .on_conflict_do_update(index_elements=["conversation_id"], set_=values)
    )
    card_id = _id_of(c, conversation_id)
    if made.rated:
        unrated = (_card.c.id == card_id) & _card.c.rated_at.is_(None)
        c.execute(sa.update(_card).where(unrated).values(rated_at=at))
    _fill_apart(c, card_id, made)


def of(c: sa.Connection, conversation_id: str) -> CardRow | None:
    """A conversation's card."""
    query = sa.select(_card).where(_card.c.conversation_id == conversation_id)
    return first_row(c, CardRow, query)


def of_each(c: sa.Connection, conversations: Collection[str]) -> dict[str, CardRow]:
    """The cards of some conversations."""
    query = sa.select(_card).where(_card.c.conversation_id.in_(conversations))
    return {row.conversation_id: row for row in every_row(c, CardRow, query)}


def behind(c: sa.Connection, limit: int) -> list[str]:
    """Conversations without a card of the current fold, newest first: from older versions."""
    query = (
        sa.select(_conversation.c.id)
        .outerjoin(_card, _card.c.conversation_id == _conversation.c.id)
        .where(sa.or_(_card.c.id.is_(None), _card.c.version < VERSION))
        .order_by(_conversation.c.started_at.desc())
        .limit(limit)
    )
    return list(c.execute(query).scalars())


def outdate(c: sa.Connection) -> int:
    """Mark every card for rebuilding; returns how many there are."""
    return int(c.execute(sa.update(_card).values(version=0)).rowcount)


def every(c: sa.Connection, conversations: Sequence[str]) -> list[CardRow]:
    """The cards of these conversations."""
    return every_row(c, CardRow, sa.select(_card).where(_card.c.conversation_id.in_(conversations)))


def mark_reviewed(
    c: sa.Connection, conversations: Sequence[str], by: str, at: datetime | None
) -> list[str]:
    """Mark conversations as reviewed, or (None) as not reviewed; returns which changed."""
    unset = _card.c.reviewed_at.is_(None)
    rows = c.execute(
        sa.update(_card)
        .where(_card.c.conversation_id.in_(conversations), unset if at else ~unset)
        .values(reviewed_at=at, reviewed_by=by if at else None)
        .returning(_card.c.conversation_id)
    )
    return sorted(rows.scalars())


def assign(c: sa.Connection, conversations: Sequence[str], to: str | None) -> list[str]:
    """Assign conversations to an account, or to nobody; returns which exist."""
    rows = c.execute(
        sa.update(_card)
        .where(_card.c.conversation_id.in_(conversations))
        .values(assignee=to)
        .returning(_card.c.conversation_id)
    )
    return sorted(rows.scalars())


def _fill_apart(c: sa.Connection, card_id: int, made: Card) -> None:
    for table, rows in (
        (_flag, [{"card_id": card_id, **asdict(mark)} for mark in made.marks]),
        (_criterion, [
            {"card_id": card_id, "name": name, "state": state}
            for name, state in dict(made.criteria).items()
        ]),
    ):  # fmt: skip
        c.execute(sa.delete(table).where(table.c.card_id == card_id))
        if rows:
            c.execute(sa.insert(table), rows)
    c.execute(
        insert(c, _transcript)
        .values(id=card_id, body=made.words)
        .on_conflict_do_update(index_elements=["id"], set_={"body": made.words})
    )


def _finishes(fact: Fact) -> bool:
    return isinstance(fact, ConversationEnded) or (
        isinstance(fact, Noted) and fact.kind in WRITTEN_UP
    )


def _is_over(c: sa.Connection, conversation_id: str) -> bool:
    status = sa.select(_conversation.c.status).where(_conversation.c.id == conversation_id)
    return c.execute(status).scalar() not in (None, "in_progress")


def _id_of(c: sa.Connection, conversation_id: str) -> int:
    same = sa.select(_card.c.id).where(_card.c.conversation_id == conversation_id)
    return int(c.execute(same).scalar_one())


def _set(c: sa.Connection, conversation_id: str, values: dict[str, Any]) -> None:
    same = _card.c.conversation_id == conversation_id
    c.execute(sa.update(_card).where(same).values(values))
