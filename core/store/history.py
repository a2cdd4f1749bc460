"""Reads stored conversations in chronological order, for replays."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from core.events import Fact
from core.facts.standing import unmerged
from core.store.store import Store
from core.store.tables import ConversationRow

PAGE = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """One conversation: its facts as they stand, without turns that were rolled back."""

    id: str
    started_at: datetime
    facts: tuple[Fact, ...]


async def stored(store: Store, limit: int | None = None) -> AsyncIterator[Stored]:
    """The latest conversations, oldest first. Raises: StoreFailed."""
    rows: list[ConversationRow] = []
    cursor: str | None = None
    while True:
        page = await store.conversations.page(limit=PAGE, cursor=cursor)
        rows += page.conversations
        cursor = page.next_cursor
        if cursor is None or (limit is not None and len(rows) >= limit):
            break
    for row in reversed(rows[:limit]):
        logged = await store.log.read(row.id)
        yield Stored(row.id, row.started_at, tuple(unmerged([entry.fact for entry in logged])))
