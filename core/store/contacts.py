"""`People`: who a conversation is with and what is known about them; manual merge and unmerge.

On any channel: call `recognise` after committing the facts about identity, pass the result to
`Engine.recognised`, and log what it returns.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa

from core.identity import joined
from core.identity.decide import Ambiguous, Known
from core.identity.memory import RECALLED, Memory, Past, Recognition, recall
from core.store.joining import join, part, pointers
from core.store.log import Query
from core.store.people import everybody, facts_of, look, person_of
from core.store.people_tables import MergeRow, PersonRow
from core.store.tables import ConversationRow, QuestionRow, every_row
from core.store.writer import Writer

_conversation = ConversationRow.__table__
_question = QuestionRow.__table__
_merge = MergeRow.__table__
_person = PersonRow.__table__

MOST_PAST = 20
"""A memory is built from at most this many conversations, the latest."""
MOST_CANDIDATES = 5
LANE = "people"


class People:
    """Reads go straight to the database; merges go through the writer."""

    def __init__(self, writer: Writer, query: Query) -> None:
        self._writer = writer
        self._query = query

    async def recognise(self, conversation_id: str) -> Recognition:
        """Who a conversation is with, from its committed facts. Raises: StoreFailed."""
        return await self._query(lambda c: recognition(c, conversation_id))

    async def person_of(self, conversation_id: str) -> str | None:
        """The id that a conversation's person resolves to. Raises: StoreFailed."""
        return await self._query(lambda c: person_of(c, conversation_id))

    async def merge(self, kept: str, absorbed: str, why: str, by: str, at: datetime) -> str | None:
        """Record that two persons are the same; returns the record's id.

        None if they were merged already. Raises: UnknownPerson, StoreFailed.
        """
        await self._known(kept, absorbed)
        return await self._writer.run(LANE, lambda c: join(c, kept, absorbed, why, at, by))

    async def unmerge(self, person: str, by: str, at: datetime) -> bool:
        """Undo a person's merge; rules will not merge them again.

        False if they were not merged. Raises: UnknownPerson, StoreFailed.
        """
        await self._known(person)
        return await self._writer.run(LANE, lambda c: part(c, person, at, by))

    async def _known(self, *persons: str) -> None:
        for person in persons:
            if await self._query(partial(root_of, person=person)) is None:
                raise UnknownPerson(person)


class UnknownPerson(LookupError):
    """There is no person with this id."""


def recognition(c: sa.Connection, conversation_id: str) -> Recognition:
    """Who a conversation is with, and what other conversations tell about them."""
    looked = look(c, conversation_id)
    decision = looked.decision
    if isinstance(decision, Ambiguous):
        some = decision.candidates[:MOST_CANDIDATES]
        return Recognition(candidates=tuple(_memory(c, p, conversation_id, False) for p in some))
    person = decision.person if isinstance(decision, Known) else person_of(c, conversation_id)
    if person is None:
        return Recognition()
    sure = isinstance(decision, Known) and decision.sure
    memory = _memory(c, person, conversation_id, sure)
    return Recognition(memory if memory.recalled.conversations else None)


def same_person(c: sa.Connection, conversation_id: str) -> list[str]:
    """Other conversations of certainly the same person; empty if it may be somebody else."""
    decision = look(c, conversation_id).decision
    if not isinstance(decision, Known) or not decision.sure:
        return []
    return [r.id for r in conversations_of(c, decision.person) if r.id != conversation_id]


def conversations_of(c: sa.Connection, person: str) -> list[ConversationRow]:
    """All conversations of a person, under any id they had, oldest first."""
    query = (
        sa.select(_conversation)
        .where(_conversation.c.person_id.in_(everybody(c, person)))
        .order_by(_conversation.c.started_at, _conversation.c.id)
    )
    return every_row(c, ConversationRow, query)


def past_of(c: sa.Connection, rows: Sequence[ConversationRow]) -> list[Past]:
    """These conversations in the form a memory is built from."""
    facts = facts_of(c, [row.id for row in rows], RECALLED)
    answered = sa.select(_question.c.conversation_id, _question.c.question_id).where(
        _question.c.conversation_id.in_([row.id for row in rows]),
        _question.c.answered_at.is_not(None),
    )
    since: dict[str, set[str]] = {}
    for conversation_id, question_id in c.execute(answered):
        since.setdefault(conversation_id, set()).add(question_id)
    return [
        Past(
            row.id, row.channel or "voice", row.started_at.astimezone(UTC).isoformat(),  # type: ignore[arg-type]
            facts[row.id], frozenset(since.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def merges_of(c: sa.Connection, persons: Iterable[str]) -> list[MergeRow]:
    """Every merge of these persons, including undone ones, oldest first."""
    ids = set(persons)
    either = sa.or_(_merge.c.kept.in_(ids), _merge.c.absorbed.in_(ids))
    return every_row(
        c, MergeRow, sa.select(_merge).where(either).order_by(_merge.c.at, _merge.c.id)
    )


def root_of(c: sa.Connection, person: str) -> str | None:
    """The person this id resolves to; None when there is no such person."""
    if c.execute(sa.select(_person.c.id).where(_person.c.id == person)).first() is None:
        return None
    return joined.root(person, pointers(c, [person]))


def _memory(c: sa.Connection, person: str, besides: str, sure: bool) -> Memory:
    rows = [row for row in conversations_of(c, person) if row.id != besides]
    return recall(person, past_of(c, rows[-MOST_PAST:]), sure=sure)
