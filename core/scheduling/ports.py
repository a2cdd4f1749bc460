"""What booking needs from outside: a desk that keeps the bookings, and calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.scheduling.board import Board
from core.scheduling.slots import Busy
from core.scheduling.tools import Receipt, Tool


class Desk(Protocol):
    """Keeps bookings. Every operation is committed before it returns."""

    async def look(self, conversation_id: str, caller: str | None, at: datetime) -> Board:
        """The team's availability for a conversation. Raises: StoreFailed, CalendarFailed."""

    async def perform(self, tool: Tool, at: datetime) -> Receipt:
        """Run a tool; idempotent. Raises: StoreFailed, CalendarFailed."""

    async def release(self, conversation_id: str) -> None:
        """Release what a conversation holds but has not booked. Raises: StoreFailed."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A calendar entry of a meeting; `uid` is its key, `sequence` grows with every change."""

    uid: str
    sequence: int
    rep: str
    title: str
    notes: str
    start: datetime
    end: datetime
    guest: str = ""
    """The buyer's address for the invitation; empty when unknown."""


class Calendar(Protocol):
    """The reps' calendars. Writes are upserts by the entry's uid, so a retry changes nothing."""

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """Busy times in a time range, by rep. `fresh`: bypasses any cache, for a slot about to be
        booked. Raises: CalendarFailed."""

    async def create(self, entry: CalendarEntry) -> None:
        """Add an entry. Raises: CalendarFailed."""

    async def move(self, entry: CalendarEntry) -> None:
        """Change an entry's time. Raises: CalendarFailed."""

    async def cancel(self, entry: CalendarEntry) -> None:
        """Remove an entry; a missing one is no error. Raises: CalendarFailed."""
