"""Finding conversations: by id or CallSid, in pages, and those with pending work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.log import Query
from core.store.paging import after, cursor_of, place_of
from core.store.tables import ConversationRow, every_row
from core.store.writer import Writer

_conversation = ConversationRow.__table__


@dataclass(frozen=True, slots=True)
class Filters:
    """Which conversations; None matches all. `since` is inclusive, `until` exclusive."""

    channel: str | None = None
    status: str | None = None
    outcome: str | None = None
    verdict: str | None = None
    caller: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; `next_cursor` fetches the page after this one, None at the end."""

    conversations: tuple[ConversationRow, ...]
    next_cursor: str | None


class Conversations:
    """Reads go straight to the database; the few writes go through the writer."""

    def __init__(self, writer: Writer, query: Query) -> None:
        self._writer = writer
        self._query = query

    async def get(self, conversation_id: str) -> ConversationRow | None:
        """The conversation with this id. Raises: StoreFailed."""
        return await self._one(_conversation.c.id == conversation_id)

    async def by_call_sid(self, call_sid: str) -> ConversationRow | None:
        """The conversation of this call. Raises: StoreFailed."""
        return await self._one(_conversation.c.call_sid == call_sid)

    async def has_call(self, call_sid: str) -> bool:
        """Whether this call was ever started. Raises: StoreFailed."""
        return await self.by_call_sid(call_sid) is not None

    async def page(
        self, filters: Filters = Filters(), *, limit: int = 50, cursor: str | None = None
    ) -> Page:
        """Conversations newest first. Raises: BadCursor, StoreFailed."""
        order = (_conversation.c.started_at, _conversation.c.id)
        query = sa.select(_conversation).where(*_conditions(filters))
        if cursor:
            query = query.where(after(order, place_of(cursor), newest_first=True))
        query = query.order_by(*(column.desc() for column in order))
        found = await self._many(query.limit(limit + 1))
        shown = tuple(found[:limit])
        if len(found) <= limit:
            return Page(shown, None)
        return Page(shown, cursor_of(shown[-1].started_at, shown[-1].id))

    async def unfinished(self, besides: Collection[str] = ()) -> list[ConversationRow]:
        """Conversations without an end, oldest first, except those of some servers: every server of
        a fleet polls this, and nearly all running conversations are in good hands."""
        query = sa.select(_conversation).where(
            _conversation.c.status == "in_progress", _conversation.c.server.not_in(besides)
        )
        return await self._many(query.order_by(_conversation.c.started_at))

    async def unwrapped(
        self, besides: Collection[str] = (), until: datetime | None = None
    ) -> list[ConversationRow]:
        """Ended conversations whose wrap-up is not known to be done, oldest first; of some servers
        only those that ended by `until`."""
        query = sa.select(_conversation).where(
            _conversation.c.status != "in_progress", _conversation.c.wrapped_up_at.is_(None)
        )
        if besides and until is not None:
            query = query.where(
                _conversation.c.server.not_in(besides)
                | _conversation.c.ended_at.is_(None)
                | (_conversation.c.ended_at < until)
            )
        return await self._many(query.order_by(_conversation.c.started_at))

    async def disown(self, conversation_id: str) -> None:
        """Release a conversation from its server: unless it has ended, the next sweep ends it."""
        lost = _conversation.c.id == conversation_id, _conversation.c.status == "in_progress"
        update = sa.update(_conversation).where(*lost).values(server="")
        await self._writer.run(conversation_id, lambda c: c.execute(update).rowcount)

    async def move(self, conversation_id: str, server: str) -> None:
        """Assign the conversation to another server. Raises: StoreFailed."""
        update = (
            sa.update(_conversation)
            .where(_conversation.c.id == conversation_id, _conversation.c.status == "in_progress")
            .values(server=server)
        )
        await self._writer.run(conversation_id, lambda c: c.execute(update).rowcount)

    async def mark_wrapped(self, conversation_id: str, at: datetime) -> None:
        """Record that the wrap-up is done; the first record stands. Raises: StoreFailed."""
        update = (
            sa.update(_conversation)
            .where(_conversation.c.id == conversation_id, _conversation.c.wrapped_up_at.is_(None))
            .values(wrapped_up_at=at)
        )
        await self._writer.run(conversation_id, lambda c: c.execute(update).rowcount)

    async def _one(self, condition: sa.ColumnElement[bool]) -> ConversationRow | None:
        found = await self._many(sa.select(_conversation).where(condition))
        return found[0] if found else None

    async def _many(self, query: sa.Select[Any]) -> list[ConversationRow]:
        return await self._query(lambda c: every_row(c, ConversationRow, query))


def _conditions(filters: Filters) -> Sequence[sa.ColumnElement[bool]]:
    same = ("channel", "status", "outcome", "verdict", "caller")
    found = [
        _conversation.c[name] == value
        for name in same
        if (value := getattr(filters, name)) is not None
    ]
    if filters.since is not None:
        found.append(_conversation.c.started_at >= filters.since)
    if filters.until is not None:
        found.append(_conversation.c.started_at < filters.until)
    return found
