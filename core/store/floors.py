"""`Floors`: human takeover of written conversations, and the chats in progress.

Who has the floor is a fact in the conversation's log, read and taken in one transaction: of two
people who take it at once, on two servers, one gets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.events import FloorTaken, Logged, UtteranceRecorded
from core.store.card_tables import CardRow
from core.store.codec import decode
from core.store.log import Append, Query
from core.store.tables import ConversationRow, FactRow, StandingRow
from core.store.writer import Writer
from core.store.written import holding, in_force

_conversation = ConversationRow.__table__
_fact = FactRow.__table__
_standing = StandingRow.__table__
_card = CardRow.__table__
MOST = 50
"""Most chats on one list, latest first."""


@dataclass(frozen=True, slots=True)
class Running:
    """A chat in progress."""

    id: str
    started_at: datetime
    touched_at: datetime
    name: str | None
    organisation: str | None
    verdict: str | None
    last: UtteranceRecorded | None
    """Its latest line."""
    floor: FloorTaken | None
    """Who currently writes in place of the agent."""

    @property
    def waits(self) -> bool:
        """Whether the buyer wrote last."""
        return self.last is not None and self.last.speaker == "caller"


@dataclass(frozen=True, slots=True)
class FloorHeld:
    """Who has a conversation's floor, and the line they wrote now with the number of the last fact
    committed with it."""

    rep: str
    line: Logged | None = None
    last: int = 0


class Floors:
    """The store's interface for human takeover. Every method raises StoreFailed."""

    def __init__(self, writer: Writer, query: Query, server: str) -> None:
        self._writer = writer
        self._query = query
        self._server = server

    async def hold(
        self,
        conversation_id: str,
        at: datetime,
        rep: str,
        until: datetime,
        text: str = "",
        key: str = "",
    ) -> FloorHeld | None:
        """Give a rep the floor until an instant, with an optional line of theirs, once by its key.

        If somebody else has it, they keep it and nothing is written. None if the conversation is
        unknown or over.
        """

        def work(c: sa.Connection) -> FloorHeld | None:
            received = _touched(c, conversation_id, at)
            started = _started(c, conversation_id)
            if received is None or started is None:
                return None
            has = holding(c, conversation_id, at)
            if has is not None and has.rep != rep:
                return FloorHeld(has.rep)
            taken = FloorTaken(rep, until.isoformat())
            ms = max(0, round((at - started).total_seconds() * 1000))
            line = UtteranceRecorded(received, "rep", text, ms, ms, kind=rep)
            facts = (line, taken) if text else (taken,)
            if not key:
                Append(conversation_id, at, facts, self._server)(c)
                return FloorHeld(rep)
            append = Append(conversation_id, at, facts, self._server, key, once=True)
            if not append(c):
                return FloorHeld(rep)
            written = Logged(conversation_id, append.first, at, append.facts[0])
            return FloorHeld(rep, written, append.first + len(facts) - 1)

        return await self._writer.run(conversation_id, work)

    async def give_back(self, conversation_id: str, at: datetime, rep: str) -> bool:
        """Return the floor to the agent; False if the rep did not have it."""

        def work(c: sa.Connection) -> bool:
            _touched(c, conversation_id, at)
            has = holding(c, conversation_id, at)
            if has is None or has.rep != rep or _started(c, conversation_id) is None:
                return False
            return Append(
                conversation_id, at, (FloorTaken(rep, at.isoformat()),), self._server
            )(c)  # fmt: skip

        return await self._writer.run(conversation_id, work)

    async def floor(self, conversation_id: str, now: datetime) -> FloorTaken | None:
        """Who writes in place of the agent now, and until when."""
        return await self._query(lambda c: holding(c, conversation_id, now))

    async def running(self, now: datetime) -> list[Running]:
        """Chats in progress, latest first."""

        def read(c: sa.Connection) -> list[Running]:
            shown = (_card.c.name, _card.c.organisation, _card.c.verdict)
            rows = c.execute(
                sa.select(_conversation.c.id, _conversation.c.started_at, _standing.c.touched_at,
                          *shown)
                .join(_standing, _standing.c.conversation_id == _conversation.c.id)
                .outerjoin(_card, _card.c.conversation_id == _conversation.c.id)
                .where(_conversation.c.channel == "chat", _conversation.c.status == "in_progress")
                .order_by(_standing.c.touched_at.desc()).limit(MOST)
            ).all()  # fmt: skip
            latest = _latest(c, [row.id for row in rows])
            return [
                Running(
                    *row, _line(latest.get((row.id, UtteranceRecorded.__name__))),
                    in_force(latest.get((row.id, FloorTaken.__name__)), now),
                )
                for row in rows
            ]  # fmt: skip

        return await self._query(read)

    async def moved(self, ids: Sequence[str]) -> dict[str, tuple[int, bool]]:
        """The number of each conversation's last fact, and whether it is over."""
        query = sa.select(_conversation.c.id, _conversation.c.last_seq, _conversation.c.status)

        def read(c: sa.Connection) -> dict[str, tuple[int, bool]]:
            rows = c.execute(query.where(_conversation.c.id.in_(ids)))
            return {row.id: (row.last_seq, row.status != "in_progress") for row in rows}

        return await self._query(read)


def _touched(c: sa.Connection, conversation_id: str, at: datetime) -> int | None:
    """The last turn; locks the conversation and keeps it from timing out."""
    found: int | None = c.execute(
        sa.update(_standing)
        .where(_standing.c.conversation_id == conversation_id)
        .values(touched_at=at)
        .returning(_standing.c.received)
    ).scalar()
    return found


def _started(c: sa.Connection, conversation_id: str) -> datetime | None:
    """When an ongoing conversation began."""
    query = sa.select(_conversation.c.started_at).where(
        _conversation.c.id == conversation_id, _conversation.c.status == "in_progress"
    )
    found: datetime | None = c.execute(query).scalar()
    return found


def _latest(
    c: sa.Connection, ids: Sequence[str]
) -> dict[tuple[str, str], UtteranceRecorded | FloorTaken]:
    """The last line and the last floor change of each conversation."""
    last = (
        sa.select(_fact.c.conversation_id, sa.func.max(_fact.c.seq).label("seq"))
        .where(_fact.c.conversation_id.in_(ids))
        .where(_fact.c.kind.in_((UtteranceRecorded.__name__, FloorTaken.__name__)))
        .group_by(_fact.c.conversation_id, _fact.c.kind)
        .subquery()
    )
    query = sa.select(_fact.c.conversation_id, _fact.c.kind, _fact.c.payload).join(
        last, (last.c.conversation_id == _fact.c.conversation_id) & (last.c.seq == _fact.c.seq)
    )
    found = {(row[0], row[1]): decode(row[1], row[2]) for row in c.execute(query)}
    return {k: v for k, v in found.items() if isinstance(v, UtteranceRecorded | FloorTaken)}


def _line(fact: UtteranceRecorded | FloorTaken | None) -> UtteranceRecorded | None:
    return fact if isinstance(fact, UtteranceRecorded) else None
