"""`StoredDesk`: bookings in the database, one transaction per change, logged with its fact.

A change made in another conversation is logged in the one that booked the meeting as well, so that
everything derived from either log tells of the meeting as it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.scheduling.board import Board, Booking
from core.scheduling.ports import Calendar
from core.scheduling.slots import Busy
from core.scheduling.tools import CancelBooking, Receipt, Refused, Tool, recorded
from core.store.booking_tables import BookingRow
from core.store.bookings import booking_of, carry_out, elsewhere, give_back, holder_of, taken_cells
from core.store.contacts import same_person
from core.store.ledger import ledger, load, met
from core.store.log import Append
from core.store.store import Store
from knowledge.profile import Company

_booking = BookingRow.__table__
AROUND = timedelta(hours=3)
"""Other entries within this distance of a meeting matter to it."""


class StoredDesk:
    """Implements `core.scheduling.ports.Desk`. `calendar`: the reps' other busy time."""

    def __init__(self, store: Store, calendar: Calendar, company: Callable[[], Company]) -> None:
        self._store = store
        self._calendar = calendar
        self._company = company

    async def look(self, conversation_id: str, caller: str | None, at: datetime) -> Board:
        """The team's availability now. Raises: StoreFailed, CalendarFailed."""
        company = self._company()
        reps = [rep.id for rep in company.team]
        days = max((m.horizon_days for m in company.meeting_types), default=1) + 1
        until = at + timedelta(days=days)
        busy = await self._calendar.busy(reps, at, until)

        def read(c: sa.Connection) -> Board:
            mine = [holder_of(conversation_id)]
            theirs = same_person(c, conversation_id)
            taken = taken_cells(c, reps, at - AROUND, until, at, mine)
            both = {r: tuple(sorted((*busy.get(r, ()), *taken[r]))) for r in reps}
            return Board(
                at, both, load(c, at, conversation_id), ledger(c, at, conversation_id),
                met(c, caller, conversation_id, theirs), _booked(c, caller, theirs, at),
            )  # fmt: skip

        return await self._store.query(read)

    async def perform(self, tool: Tool, at: datetime) -> Receipt:
        """Run a tool and log its receipt. Raises: StoreFailed, CalendarFailed."""
        busy: tuple[Busy, ...] = ()
        company = self._company()
        if not isinstance(tool, CancelBooking):
            slot = tool.slot
            found = await self._calendar.busy(
                [slot.rep], slot.start - AROUND, slot.end + AROUND, fresh=True
            )
            busy = found.get(slot.rep, ())

        def work(c: sa.Connection) -> Receipt:
            receipt = carry_out(c, tool, company, busy, at)
            if (fact := recorded(tool, receipt)) is not None:
                key = f"booking:{fact.booking_id}:{fact.sequence}"
                which = tool.who.conversation_id
                Append(which, at, [fact], self._store.server, key, once=True)(c)
                if made_in := elsewhere(c, fact.booking_id, which):
                    told = replace(fact, turn=0)
                    Append(made_in, at, [told], self._store.server, key, once=True)(c)
            return receipt

        # After this conversation's facts, in the same lane.
        receipt = await self._store.write(tool.who.conversation_id, work)
        if isinstance(receipt, Refused):
            board = await self.look(tool.who.conversation_id, tool.who.caller, at)
            return Refused(receipt.reason, board)
        return receipt

    async def release(self, conversation_id: str) -> None:
        """Release what a conversation holds. Raises: StoreFailed."""
        await self._store.write(conversation_id, lambda c: give_back(c, conversation_id))

    async def booking(self, booking_id: str) -> Booking | None:
        """A booking that stands, by id; None if there is none. Raises: StoreFailed."""

        def read(c: sa.Connection) -> Booking | None:
            same = sa.select(_booking).where(
                _booking.c.id == booking_id, _booking.c.status == "booked"
            )
            row = c.execute(same).mappings().first()
            return booking_of(row) if row else None

        return await self._store.query(read)


def _booked(
    c: sa.Connection, caller: str | None, theirs: Sequence[str], at: datetime
) -> tuple[Booking, ...]:
    """Upcoming meetings booked from this number, or in these conversations."""
    mine: sa.ColumnElement[bool] = _booking.c.conversation_id.in_(theirs)
    if caller is not None:  # a withheld number identifies nobody
        mine = sa.or_(mine, _booking.c.caller == caller)
    query = (
        sa.select(_booking)
        .where(mine)
        .where(_booking.c.status == "booked", _booking.c.starts_at > at)
        .order_by(_booking.c.starts_at)
    )
    return tuple(booking_of(row) for row in c.execute(query).mappings())
