"""`StoredLog`: the append-only log of conversations in the database, and its projections.

A fact and the rows derived from it are committed together. Once `append` has returned, killing the
process loses nothing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import sqlalchemy as sa

from core.events import Fact, Logged
from core.identity.identifiers import tells_who
from core.privacy.blank import scrubbed
from core.store.callback_rows import settle_calls, tells_of_calls
from core.store.cards import follow
from core.store.codec import decode, encode
from core.store.inserting import insert
from core.store.people import settle
from core.store.projection import opening, project
from core.store.tables import ConversationRow, FactRow
from core.store.writer import Writer

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[sa.Connection], object]
"""Writes within a transaction."""


def nothing(c: sa.Connection) -> None:
    """Work that writes nothing."""


class Query(Protocol):
    """Runs a read. Raises: StoreFailed."""

    async def __call__(self, read: Callable[[sa.Connection], T]) -> T: ...


_conversation = ConversationRow.__table__
_fact = FactRow.__table__
_number = (
    sa.update(_conversation)
    .where(_conversation.c.id == sa.bindparam("which"))
    .values(last_seq=_conversation.c.last_seq + sa.bindparam("count"))
    .returning(_conversation.c.last_seq)
)
_insert_facts = sa.insert(_fact)
_once = sa.select(_fact.c.seq).where(
    _fact.c.conversation_id == sa.bindparam("which"), _fact.c.key == sa.bindparam("key")
)
_read = sa.select(_fact.c.seq, _fact.c.at, _fact.c.kind, _fact.c.payload).where(
    _fact.c.conversation_id == sa.bindparam("which"), _fact.c.seq > sa.bindparam("after")
)


@dataclass(slots=True)
class Append:
    """The work of one append. `once`: the caller gave the key, so it may exist already."""

    conversation_id: str
    at: datetime
    facts: Sequence[Fact]
    server: str
    key: str = field(default_factory=lambda: uuid4().hex)
    once: bool = False
    encoded: list[tuple[str, dict[str, Any]]] = field(init=False)
    tried: bool = False
    first: int = 0
    """The number of the first fact, once written."""

    def __post_init__(self) -> None:
        # Rejected here rather than in the writer; card numbers are never stored, whatever sent
        # them.
        self.encoded = [encode(fact) for fact in self.facts]
        clean = [(kind, scrubbed(payload)) for kind, payload in self.encoded]
        if clean != self.encoded:
            self.encoded, self.facts = clean, tuple(decode(kind, p) for kind, p in clean)

    def __call__(self, connection: sa.Connection) -> bool:
        """Write; False when this key was written before."""
        if self.once or self.tried:  # a lost connection may have lost only the commit's answer
            seen = connection.execute(_once, {"which": self.conversation_id, "key": self.key})
            if seen.first() is not None:
                return not self.once
        self.tried = True
        first = self.first = self._reserve(connection) - len(self.facts) + 1
        connection.execute(
            _insert_facts,
            [
                {
                    "conversation_id": self.conversation_id,
                    "seq": first + offset,
                    "at": self.at,
                    "kind": kind,
                    "payload": payload,
                    "key": None if offset else self.key,
                }
                for offset, (kind, payload) in enumerate(self.encoded)
            ],
        )
        for fact in self.facts:
            project(connection, self.conversation_id, self.at, fact)
        if tells_who(self.facts):
            settle(connection, self.conversation_id, self.at)
        try:
            follow(connection, self.conversation_id, self.at, self.facts)
        except sa.exc.SQLAlchemyError:
            raise
        except Exception:  # a card can be rebuilt, a fact cannot
            log.exception("the card of %s is behind", self.conversation_id)
        if tells_of_calls(self.facts):
            settle_calls(connection, self.conversation_id, self.at, self.facts)
        return True

    def _reserve(self, connection: sa.Connection) -> int:
        """Reserve the next numbers, locking the conversation until the commit; returns the last."""
        wanted = {"which": self.conversation_id, "count": len(self.facts)}
        last = connection.execute(_number, wanted).scalar()
        if last is None:
            row = opening(self.conversation_id, self.at, self.server)
            connection.execute(
                insert(connection, _conversation).values(row).on_conflict_do_nothing()
            )
            last = connection.execute(_number, wanted).scalar_one()
        return int(last)


class StoredLog:
    """Implements `core.ports.EventLog`."""

    def __init__(self, writer: Writer, query: Query, server: str) -> None:
        self._writer = writer
        self._query = query
        self._server = server

    async def append(self, conversation_id: str, at: datetime, facts: Sequence[Fact]) -> None:
        """Commit facts in order, numbered after the existing ones. Raises: StoreFailed."""
        if facts:
            work = Append(conversation_id, at, tuple(facts), self._server)
            await self._writer.run(conversation_id, work)

    async def append_once(
        self,
        conversation_id: str,
        at: datetime,
        facts: Sequence[Fact],
        key: str,
        also: Work = nothing,
    ) -> bool:
        """Commit facts unless this key was committed before; True when they were written now.

        `also`: writes that belong to these facts, in their transaction. Raises: StoreFailed.
        """
        append = Append(conversation_id, at, tuple(facts), self._server, key, once=True)

        def work(c: sa.Connection) -> bool:
            if written := append(c):
                also(c)
            return written

        return await self._writer.run(conversation_id, work)

    async def written(self, conversation_id: str, key: str) -> bool:
        """Whether facts were committed under this key. Raises: StoreFailed."""
        which = {"which": conversation_id, "key": key}
        return await self._query(lambda c: c.execute(_once, which).first() is not None)

    async def read(self, conversation_id: str, after: int = 0) -> list[Logged]:
        """Facts of one conversation after a number, oldest first; empty when unknown.

        Raises: StoreFailed.
        """
        return await self._query(lambda c: _facts(c, conversation_id, after))

    async def fold(self, conversation_id: str, over: Callable[[list[Logged]], T]) -> T:
        """What `over` makes of all facts of one conversation, on the reader's thread: that takes
        longer, for a long conversation, than live calls can wait. Raises: StoreFailed."""
        return await self._query(lambda c: over(_facts(c, conversation_id)))


def _facts(c: sa.Connection, conversation_id: str, after: int = 0) -> list[Logged]:
    rows = c.execute(_read.order_by(_fact.c.seq), {"which": conversation_id, "after": after})
    return [
        Logged(conversation_id, seq, at, decode(kind, payload)) for seq, at, kind, payload in rows
    ]
