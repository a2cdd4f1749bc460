"""Side effects a turn may request once it is committed, and their receipts.

A plan names at most one tool. The channel runs it and passes the receipt to the engine; only a
receipt lets the agent say that something is booked.
"""

from dataclasses import dataclass
from typing import Literal

from core.events import MeetingRecorded
from core.scheduling.board import Board, Booking
from core.scheduling.slots import Slot


@dataclass(frozen=True, slots=True)
class Bookee:
    """The person a meeting is for, as far as known when it is booked."""

    conversation_id: str
    turn: int
    caller: str | None
    """The number that called or wrote, E.164."""
    zone: str = ""
    """The buyer's time zone; empty when unknown."""


@dataclass(frozen=True, slots=True)
class HoldSlot:
    """Hold an offered slot for a few minutes while details are still missing."""

    who: Bookee
    slot: Slot


@dataclass(frozen=True, slots=True)
class BookSlot:
    """Book an offered slot."""

    who: Bookee
    slot: Slot


@dataclass(frozen=True, slots=True)
class MoveBooking:
    """Move a meeting to an offered slot."""

    who: Bookee
    booking: Booking
    slot: Slot


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Cancel a meeting."""

    who: Bookee
    booking: Booking


Tool = HoldSlot | BookSlot | MoveBooking | CancelBooking


@dataclass(frozen=True, slots=True)
class Held:
    """The slot is held for this conversation until the hold expires."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Booked:
    """The meeting is booked; `moved` when it had another time before."""

    booking: Booking
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The meeting is cancelled."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `board` is the team's current availability, None when unreachable."""

    reason: str
    board: Board | None = None


Receipt = Held | Booked | Cancelled | Refused


def recorded(tool: Tool, receipt: Receipt) -> MeetingRecorded | None:
    """The fact of a receipt; the desk logs it together with the change."""
    match receipt:
        case Booked(booking, moved):
            status: Literal["booked", "moved", "cancelled"] = "moved" if moved else "booked"
        case Cancelled(booking):
            status = "cancelled"
        case _:
            return None
    return MeetingRecorded(
        booking.id, status, booking.rep, booking.meeting, booking.start.isoformat(),
        booking.end.isoformat(), booking.zone, booking.uid, booking.sequence, tool.who.turn,
    )  # fmt: skip
