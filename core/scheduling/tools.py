"""What a turn may have done outside, once it is committed, and what came of it.

A plan names at most one tool. Whoever drives the channel has it carried out and hands the receipt
to the engine; only a receipt lets the agent say that something is booked.
"""

from dataclasses import dataclass
from typing import Literal

from core.events import MeetingRecorded
from core.scheduling.board import Board, Booking
from core.scheduling.slots import Slot


@dataclass(frozen=True, slots=True)
class Bookee:
    """Whose meeting it is, as far as is known when it is booked."""

    conversation_id: str
    turn: int
    caller: str | None
    """E.164 of the number that called or wrote."""
    zone: str = ""
    """The buyer's time zone; empty when unknown."""


@dataclass(frozen=True, slots=True)
class HoldSlot:
    """Keep an offered slot for a few minutes while something is still to be learned."""

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
    """Call a meeting off."""

    who: Bookee
    booking: Booking


Tool = HoldSlot | BookSlot | MoveBooking | CancelBooking


@dataclass(frozen=True, slots=True)
class Held:
    """The slot is kept for this conversation until the hold runs out."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Booked:
    """The meeting stands; `moved` when it stood at another time before."""

    booking: Booking
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The meeting is called off."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `board` is the team's time as it is now, None when out of reach."""

    reason: str
    board: Board | None = None


Receipt = Held | Booked | Cancelled | Refused


def recorded(tool: Tool, receipt: Receipt) -> MeetingRecorded | None:
    """The fact of a receipt; whoever keeps the books logs it with the change."""
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
