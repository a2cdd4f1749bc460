"""The rows derived from a fact: the conversation's own, and its unanswered questions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.events import (
    ConversationEnded,
    ConversationStarted,
    Fact,
    QuestionAnswered,
    QuestionDeferred,
    RouteChosen,
    TurnMerged,
    VerdictReached,
)
from core.facts.standing import SERVER_LOST
from core.privacy.facts import CardSpoken
from core.store.blanking import blank_turns
from core.store.inserting import storable
from core.store.ledger import assign
from core.store.tables import ConversationRow, QuestionRow

_conversation = ConversationRow.__table__
_question = QuestionRow.__table__


def opening(conversation_id: str, at: datetime, server: str) -> dict[str, Any]:
    """A conversation's row before any of its facts."""
    return ConversationRow(id=conversation_id, started_at=at, server=server).model_dump()


def project(connection: sa.Connection, conversation_id: str, at: datetime, fact: Fact) -> None:
    """Update the rows for one fact, in its transaction."""
    match fact:
        case ConversationStarted():
            _update(connection, conversation_id, _started(fact, at))
        case VerdictReached():
            _update(connection, conversation_id, {"verdict": fact.result})
        case RouteChosen():
            assign(connection, conversation_id, at, fact)
        case ConversationEnded():
            _end(connection, conversation_id, at, fact)
        case QuestionDeferred():
            _defer(connection, conversation_id, at, fact)
        case QuestionAnswered():
            connection.execute(
                sa.update(_question)
                .where(_question.c.conversation_id == conversation_id)
                .where(_question.c.question_id == fact.question_id)
                .values(answered_at=at)
            )
        case TurnMerged():  # asked again by the turn that includes its words
            connection.execute(
                sa.delete(_question)
                .where(_question.c.conversation_id == conversation_id)
                .where(_question.c.turn == fact.turn)
            )
        case CardSpoken():
            blank_turns(connection, conversation_id, fact.earlier)
        case _:
            pass


def _started(fact: ConversationStarted, at: datetime) -> dict[str, Any]:
    return {
        "channel": fact.channel,
        "direction": fact.direction,
        "caller": storable(fact.caller),
        "called": storable(fact.called),
        "call_sid": storable(fact.call_sid),
        "company": fact.company,
        "started_at": at,
    }


def _end(
    connection: sa.Connection, conversation_id: str, at: datetime, fact: ConversationEnded
) -> None:
    """The server's own end replaces a sweep's guess, never the reverse."""
    lost = fact.reason == SERVER_LOST
    statement = (
        sa.update(_conversation)
        .where(_conversation.c.id == conversation_id)
        .values(
            status="interrupted" if lost else "completed",
            outcome=storable(fact.outcome),
            ended_at=at,
        )
    )
    if lost:
        statement = statement.where(_conversation.c.status == "in_progress")
    connection.execute(statement)


def _defer(
    connection: sa.Connection, conversation_id: str, at: datetime, fact: QuestionDeferred
) -> None:
    values = {
        "text": storable(fact.text),
        "owner": storable(fact.owner),
        "reason": storable(fact.reason),
    }
    same = (_question.c.conversation_id == conversation_id) & (
        _question.c.question_id == fact.question_id
    )
    if connection.execute(sa.update(_question).where(same).values(values)).rowcount:
        return
    row = QuestionRow(
        conversation_id=conversation_id, question_id=fact.question_id, turn=fact.turn,
        raised_at=at, text="", owner="",
    )  # fmt: skip
    connection.execute(sa.insert(_question).values({**row.model_dump(), **values}))


def _update(connection: sa.Connection, conversation_id: str, values: dict[str, Any]) -> None:
    connection.execute(
        sa.update(_conversation).where(_conversation.c.id == conversation_id).values(values)
    )
