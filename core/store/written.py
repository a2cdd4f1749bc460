"""`WrittenLog`: written conversations, with each message accepted once and each turn atomic.

A message is committed before its answer begins. A turn's facts and the state after it are one
commit, so a crashed server leaves a turn answered or unanswered, and any other can continue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.conversation.state import ConversationState
from core.events import Fact, Flagged, FloorTaken, Logged, UtteranceRecorded
from core.privacy.cards import marked
from core.privacy.facts import CardSpoken
from core.store.codec import decode
from core.store.log import Append, Query
from core.store.snapshot import pack, unpack
from core.store.tables import ConversationRow, FactRow, StandingRow
from core.store.writer import Writer

_conversation = ConversationRow.__table__
_fact = FactRow.__table__
_standing = StandingRow.__table__


CARD_NOTE = "card details were written; they were not kept"


@dataclass(frozen=True, slots=True)
class Standing:
    """A written conversation's position: turns received, turns answered, the state after those."""

    received: int
    answered: int
    state: ConversationState


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The conversation's position, and the buyer's unanswered messages in order."""

    standing: Standing
    messages: tuple[Logged, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A message's turn; `new` unless it was received before."""

    seq: int
    at: datetime
    said: UtteranceRecorded
    new: bool
    last: int = 0
    """The number of its last fact, if it is new."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A committed turn: the numbers of its first and last fact, its lines, and the last message
    received by then."""

    first: int
    last: int
    lines: tuple[Logged, ...]
    received: int


class WrittenLog:
    """The store's interface for written channels. Every method raises StoreFailed."""

    def __init__(self, writer: Writer, query: Query, server: str) -> None:
        self._writer = writer
        self._query = query
        self._server = server

    async def begin(
        self, conversation_id: str, at: datetime, facts: Sequence[Fact], state: ConversationState
    ) -> bool:
        """Create a conversation with its first facts; False if it exists."""
        opening = Append(conversation_id, at, tuple(facts), self._server, "opening", once=True)
        row = StandingRow(conversation_id=conversation_id, state=pack(state), touched_at=at)

        def work(c: sa.Connection) -> bool:
            if not opening(c):
                return False
            c.execute(sa.insert(_standing).values(row.model_dump()))
            return True

        return await self._writer.run(conversation_id, work)

    async def receive(
        self,
        conversation_id: str,
        at: datetime,
        message_id: str,
        text: str,
        earlier: Sequence[int] = (),
    ) -> Received | None:
        """Accept a message, once by its id; None for a conversation that is unknown or over.

        `earlier`: turns with the beginning of a card number that this one completes.
        """
        key = f"message:{message_id}"

        def work(c: sa.Connection) -> Received | None:
            if (found := _taken(c, conversation_id, key)) is not None:
                return found
            c.execute(  # locked before its status is read, which an end may be changing
                sa.select(_standing.c.received)
                .where(_standing.c.conversation_id == conversation_id)
                .with_for_update()
            )
            started = c.execute(
                sa.select(_conversation.c.started_at).where(
                    _conversation.c.id == conversation_id, _conversation.c.status == "in_progress"
                )
            ).scalar()
            if started is None:
                return None
            turn = c.execute(
                sa.update(_standing)
                .where(_standing.c.conversation_id == conversation_id)
                .values(received=_standing.c.received + 1, touched_at=at)
                .returning(_standing.c.received)
            ).scalar()
            if turn is None:
                return None
            ms = max(0, round((at - started).total_seconds() * 1000))
            said = UtteranceRecorded(turn, "caller", text, ms, ms)
            facts = (said, *_card(said, earlier))
            Append(conversation_id, at, facts, self._server, key)(c)
            found = _taken(c, conversation_id, key)
            assert found is not None, "it was just written"
            return replace(found, new=True, last=found.seq + len(facts) - 1)

        return await self._writer.run(conversation_id, work)

    async def commit(
        self,
        conversation_id: str,
        turn: int,
        at: datetime,
        facts: Sequence[Fact],
        state: ConversationState,
        first: int | None = None,
    ) -> Turned | None:
        """Commit an answered turn, together with the turns from `first` on that it merges: their
        facts and the state after them. None if it was answered already."""
        append = Append(conversation_id, at, tuple(facts), self._server, f"turn:{turn}", once=True)
        after = pack(state)

        def work(c: sa.Connection) -> Turned | None:
            received = c.execute(
                sa.update(_standing)
                .where(_standing.c.conversation_id == conversation_id)
                .where(_standing.c.answered == (turn if first is None else first) - 1)
                .values(answered=turn, state=after, touched_at=at)
                .returning(_standing.c.received)
            ).scalar()
            if received is None or not append(c):
                return None
            numbered = [Logged(conversation_id, n, at, f) for n, f in
                        enumerate(append.facts, start=append.first)]  # fmt: skip
            lines = tuple(n for n in numbered if isinstance(n.fact, UtteranceRecorded))
            return Turned(append.first, append.first + len(numbered) - 1, lines, received)

        return await self._writer.run(conversation_id, work)

    async def learn(
        self,
        conversation_id: str,
        turn: int,
        at: datetime,
        facts: Sequence[Fact],
        state: ConversationState,
    ) -> bool:
        """Commit what was learned about the buyer after a turn; False if another turn has begun."""
        append = Append(conversation_id, at, tuple(facts), self._server)
        after = Standing(turn, turn, state)

        def work(c: sa.Connection) -> bool:
            return stand(c, conversation_id, after) and append(c)

        return await self._writer.run(conversation_id, work)

    async def end(
        self,
        conversation_id: str,
        turn: int,
        at: datetime,
        facts: Sequence[Fact],
        untouched_since: datetime | None = None,
    ) -> bool | None:
        """End a conversation after its last turn; False if it has ended, None if this is not its
        last turn, or it was touched after `untouched_since`."""
        append = Append(conversation_id, at, tuple(facts), self._server, "end", once=True)
        last = [_standing.c.received == turn, _standing.c.answered == turn]
        if untouched_since is not None:
            last.append(_standing.c.touched_at <= untouched_since)

        def work(c: sa.Connection) -> bool | None:
            mine = _standing.c.conversation_id == conversation_id
            still = sa.select(_standing.c.received).where(mine, *last).with_for_update()
            return append(c) if c.execute(still).first() is not None else None

        return await self._writer.run(conversation_id, work)

    async def standing(self, conversation_id: str) -> Standing | None:
        """The conversation's position; None if there is no such one. Raises: Unreadable."""
        query = sa.select(_standing).where(_standing.c.conversation_id == conversation_id)
        row = await self._query(lambda c: c.execute(query).mappings().first())
        if row is None:
            return None
        return Standing(row["received"], row["answered"], unpack(row["state"]))

    async def unanswered(self, conversation_id: str) -> Unanswered | None:
        """Its position and unanswered messages; None if there is no such conversation."""
        waits = sa.and_(
            _fact.c.conversation_id == conversation_id,
            _fact.c.kind == UtteranceRecorded.__name__,
            _fact.c.payload["speaker"].as_string() == "caller",
            _fact.c.payload["turn"].as_integer() > _standing.c.answered,
        )
        query = (
            sa.select(_standing.c.received, _standing.c.answered, _standing.c.state,
                      _fact.c.seq, _fact.c.at, _fact.c.kind, _fact.c.payload)
            .select_from(_standing.outerjoin(_fact, waits))
            .where(_standing.c.conversation_id == conversation_id).order_by(_fact.c.seq)
        )  # fmt: skip
        rows = await self._query(lambda c: c.execute(query).all())
        if not rows:
            return None
        messages = [Logged(conversation_id, row.seq, row.at, decode(row.kind, row.payload))
                    for row in rows if row.seq is not None]  # fmt: skip
        stands = Standing(rows[0].received, rows[0].answered, unpack(rows[0].state))
        return Unanswered(stands, tuple(messages))

    async def lines(self, conversation_id: str, after: int = 0) -> list[Logged]:
        """The transcript after a fact's number, in order."""
        query = (
            sa.select(_fact)
            .where(_fact.c.conversation_id == conversation_id, _fact.c.seq > after)
            .where(_fact.c.kind == UtteranceRecorded.__name__)
            .order_by(_fact.c.seq)
        )

        def read(c: sa.Connection) -> list[Logged]:
            return [
                Logged(conversation_id, row["seq"], row["at"], decode(row["kind"], row["payload"]))
                for row in c.execute(query).mappings()
            ]

        return await self._query(read)

    async def waiting(self, before: datetime) -> list[str]:
        """Conversations with an unanswered message accepted before an instant."""
        return await self._ids(
            _standing.c.received > _standing.c.answered, _standing.c.touched_at <= before
        )

    async def unwrapped(self, channel: str, before: datetime) -> list[tuple[str, int]]:
        """`(id, turn)` of conversations quiet since `before` whose last turn was not written up."""
        return await self._query(
            lambda c: [
                (row.conversation_id, row.answered)
                for row in c.execute(
                    _open(_standing.c.conversation_id, _standing.c.answered).where(
                        _conversation.c.channel == channel,
                        _standing.c.answered > _standing.c.wrapped,
                        _standing.c.touched_at <= before,
                    )
                )
            ]
        )

    async def mark_wrapped(self, conversation_id: str, turn: int) -> None:
        """Record that the turns up to this one are being written up."""
        update = (
            sa.update(_standing)
            .where(_standing.c.conversation_id == conversation_id, _standing.c.wrapped < turn)
            .values(wrapped=turn)
        )
        await self._writer.run(conversation_id, lambda c: c.execute(update).rowcount)

    async def idle(self, channel: str, before: datetime) -> list[str]:
        """Conversations of a channel untouched since an instant, answered and not over."""
        return await self._ids(
            _conversation.c.channel == channel,
            _standing.c.received == _standing.c.answered,
            _standing.c.touched_at <= before,
        )

    async def _ids(self, *conditions: sa.ColumnElement[bool]) -> list[str]:
        query = _open(_standing.c.conversation_id).where(*conditions)
        read: Callable[[sa.Connection], list[str]] = lambda c: list(c.execute(query).scalars())  # noqa: E731
        return await self._query(read)


def stand(c: sa.Connection, conversation_id: str, after: Standing) -> bool:
    """Set a conversation's state after its last turn; False if another turn has begun."""
    still = _standing.c.received == after.received, _standing.c.answered == after.answered
    mine = sa.update(_standing).where(_standing.c.conversation_id == conversation_id, *still)
    return bool(c.execute(mine.values(state=pack(after.state))).rowcount)


def holding(c: sa.Connection, conversation_id: str, now: datetime) -> FloorTaken | None:
    """Who writes in place of the agent, and until when; None if the agent does."""
    query = (
        sa.select(_fact.c.kind, _fact.c.payload)
        .where(_fact.c.conversation_id == conversation_id)
        .where(_fact.c.kind == FloorTaken.__name__)
        .order_by(_fact.c.seq.desc())
    )
    row = c.execute(query.limit(1)).mappings().first()
    taken = decode(row["kind"], row["payload"]) if row is not None else None
    return in_force(taken, now)


def in_force(fact: object, now: datetime) -> FloorTaken | None:
    """The fact, if it gives somebody the floor and has not expired."""
    if not isinstance(fact, FloorTaken) or datetime.fromisoformat(fact.until) <= now:
        return None
    return fact


def _card(said: UtteranceRecorded, earlier: Sequence[int]) -> tuple[Fact, ...]:
    """The facts about a card number that was removed from a message."""
    if not marked(said.text):
        return ()
    ms = said.start_ms
    spoken = CardSpoken(said.turn, "writing", ms, ms, (), tuple(earlier))
    return (spoken, Flagged("card_spoken", said.turn, ms, CARD_NOTE))


def _open(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .join(_conversation, _conversation.c.id == _standing.c.conversation_id)
        .where(_conversation.c.status == "in_progress")
        .order_by(_standing.c.touched_at)
    )


def _taken(c: sa.Connection, conversation_id: str, key: str) -> Received | None:
    """The message accepted under a key."""
    query = sa.select(_fact).where(_fact.c.conversation_id == conversation_id, _fact.c.key == key)
    row = c.execute(query).mappings().first()
    if row is None:
        return None
    said = decode(row["kind"], row["payload"])
    assert isinstance(said, UtteranceRecorded), "a message's key is on its line"
    return Received(row["seq"], row["at"], said, new=False)
