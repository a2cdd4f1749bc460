"""`MemoryDesk`: bookings in process memory, for evaluations and demos without a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from core.scheduling.board import Assigned, Board, Booking
from core.scheduling.slots import Busy, Slot, still_free
from core.scheduling.tools import (
    Booked,
    BookSlot,
    CancelBooking,
    Cancelled,
    Held,
    HoldSlot,
    MoveBooking,
    Receipt,
    Refused,
    Tool,
)
from knowledge.profile import Company

HOLD = timedelta(minutes=10)
GONE = "it is not booked any more"


class MemoryDesk:
    """Implements `core.scheduling.ports.Desk`; `blocked` is other busy time of the reps."""

    def __init__(
        self,
        company: Company,
        blocked: Mapping[str, tuple[Busy, ...]] | None = None,
        ledger: Mapping[str, Assigned] | None = None,
    ) -> None:
        self._company = company
        self.blocked = dict(blocked or {})
        self.ledger = dict(ledger or {})
        self.bookings: dict[str, tuple[Booking, str | None]] = {}
        self.cancelled: dict[str, Booking] = {}
        self._holds: dict[str, tuple[Slot, datetime]] = {}

    async def look(self, conversation_id: str, caller: str | None, at: datetime) -> Board:
        """The team's availability now."""
        busy = {
            rep.id: tuple(sorted(self._busy(rep.id, at, conversation_id)))
            for rep in self._company.team
        }
        mine = sorted(
            (b for b, by in self.bookings.values() if caller and by == caller and b.start > at),
            key=lambda b: b.start,
        )
        return Board(at, busy, ledger=self.ledger, booked=tuple(mine))

    async def perform(self, tool: Tool, at: datetime) -> Receipt:
        """Run a tool."""
        receipt = self._carry_out(tool, at)
        if isinstance(receipt, Refused):
            board = await self.look(tool.who.conversation_id, tool.who.caller, at)
            return replace(receipt, board=board)
        return receipt

    async def release(self, conversation_id: str) -> None:
        """Release what a conversation holds."""
        self._holds.pop(conversation_id, None)

    def _busy(self, rep: str, at: datetime, besides: str, booking: str = "") -> list[Busy]:
        buffers = {m.id: timedelta(minutes=m.buffer_minutes) for m in self._company.meeting_types}
        held = [
            Busy(slot.start, slot.end + buffers[slot.meeting])
            for who, (slot, until) in self._holds.items()
            if who != besides and until > at and slot.rep == rep
        ]
        booked = [
            Busy(b.start, b.end + buffers.get(b.meeting, timedelta()))
            for b, _ in self.bookings.values()
            if b.rep == rep and b.id != booking
        ]
        return [*self.blocked.get(rep, ()), *held, *booked]

    def _carry_out(self, tool: Tool, at: datetime) -> Receipt:
        who = tool.who.conversation_id
        match tool:
            case CancelBooking(_, booking):
                return self._cancel(booking)
            case MoveBooking(_, booking, slot):
                return self._move(who, booking, slot, at)
            case HoldSlot(_, slot):
                why = still_free(slot, self._company, self._busy(slot.rep, at, who), at)
                if why is None:
                    self._holds[who] = (slot, at + HOLD)
                return Refused(why) if why else Held(slot)
            case BookSlot():
                return self._book(tool, at)

    def _book(self, tool: BookSlot, at: datetime) -> Receipt:
        who, slot = tool.who, tool.slot
        made = uuid5(NAMESPACE_URL, f"{who.conversation_id}:{who.turn}").hex
        if made in self.bookings:
            return Booked(self.bookings[made][0])
        busy = self._busy(slot.rep, at, who.conversation_id)
        if why := still_free(slot, self._company, busy, at):
            return Refused(why)
        self._holds.pop(who.conversation_id, None)
        booking = Booking(
            made, slot.rep, slot.meeting, slot.start, slot.end, f"{made}@{self._company.id}", 0,
            who.zone, who.conversation_id,
        )  # fmt: skip
        self.bookings[made] = booking, who.caller
        return Booked(booking)

    def _move(self, who: str, booking: Booking, slot: Slot, at: datetime) -> Receipt:
        if booking.id not in self.bookings:
            return Refused(GONE)
        stands, caller = self.bookings[booking.id]
        if (stands.start, stands.rep) == (slot.start, slot.rep):
            return Booked(stands, moved=True)
        busy = self._busy(slot.rep, at, who, booking.id)
        if why := still_free(slot, self._company, busy, at):
            return Refused(why)
        moved = replace(
            stands, rep=slot.rep, meeting=slot.meeting, start=slot.start, end=slot.end,
            sequence=stands.sequence + 1,
        )  # fmt: skip
        self.bookings[booking.id] = moved, caller
        return Booked(moved, moved=True)

    def _cancel(self, booking: Booking) -> Receipt:
        if booking.id in self.cancelled:
            return Cancelled(self.cancelled[booking.id])
        if booking.id not in self.bookings:
            return Refused(GONE)
        stands, _ = self.bookings.pop(booking.id)
        self.cancelled[booking.id] = replace(stands, sequence=stands.sequence + 1)
        return Cancelled(self.cancelled[booking.id])
