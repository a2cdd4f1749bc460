"""What booking needs from outside: the desk that keeps the books, and calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.scheduling.board import Board
from core.scheduling.slots import Busy
from core.scheduling.tools import Receipt, Tool


class Desk(Protocol):
    """Keeps bookings. Everything it does is committed before it answers."""

    async def look(self, conversation_id: str, caller: str | None, at: datetime) -> Board:
        """The team's time as a conversation may know it. Raises: StoreFailed, CalendarFailed."""

    async def perform(self, tool: Tool, at: datetime) -> Receipt:
        """Carry a tool out, once however often it is asked. Raises: StoreFailed, CalendarFailed."""

    async def release(self, conversation_id: str) -> None:
        """Give back what a conversation holds and has not booked. Raises: StoreFailed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as a calendar keeps it; `uid` is the key, `sequence` grows with every change."""

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
    """The reps' calendars. Writes are upserts on the entry's uid, so a retry changes nothing."""

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """What is taken in a stretch of time, by rep. `fresh`: as it is now, from no memory; asked
        for what is about to be booked. Raises: CalendarFailed.
        """

    async def create(self, entry: Entry) -> None:
        """Put an entry in. Raises: CalendarFailed."""

    async def move(self, entry: Entry) -> None:
        """Change an entry's time. Raises: CalendarFailed."""

    async def cancel(self, entry: Entry) -> None:
        """Take an entry out; one that is not there is no error. Raises: CalendarFailed."""
