"""Times on offer, the meeting, and the callback: parts of a conversation's state."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from core.conversation.parts import Part
from core.scheduling.board import Booking
from core.scheduling.slots import Slot

FRESH = 3
"""Turns for which an offer of times stands."""


@dataclass(frozen=True, slots=True)
class Times(Part):
    """The times we offered for a meeting."""

    slots: tuple[Slot, ...] = ()
    """Those on offer, until one is booked or all are declined."""
    choices: tuple[Slot, ...] = ()
    """The offered times of a booked meeting, including it: another can still be taken instead."""
    turn: int = 0
    """When times were last offered, or one of them was taken."""
    asked: int = 0
    """How often we asked which time was meant."""
    rounds: int = 0
    """How often times were offered."""
    passed: tuple[str, ...] = ()
    """Ids of offered times that did not suit."""

    def fresh(self, turn: int) -> bool:
        """Whether the last offer still stands."""
        return turn - self.turn <= FRESH

    def offering(self, slots: tuple[Slot, ...], turn: int) -> "Times":
        """With these on offer instead."""
        return replace(self, slots=slots, turn=turn, asked=0)

    def narrowed(self, slots: tuple[Slot, ...], turn: int) -> "Times":
        """After asking which of those on offer is meant, or repeating them."""
        asked = self.asked + (len(slots) < len(self.slots) or self.asked)
        return replace(self, slots=slots, turn=turn, asked=asked)

    def renewed(self, slots: tuple[Slot, ...], turn: int) -> "Times":
        """After a round of others: those before did not suit."""
        passed = (*self.passed, *(s.id for s in self.slots if s not in slots))
        return replace(self.offering(slots, turn), passed=passed, rounds=self.rounds + 1)

    def cleared(self) -> "Times":
        """With nothing on offer."""
        return replace(self, slots=(), asked=0)

    def taken(self, turn: int) -> "Times":
        """After one was taken; the others can still replace it."""
        return replace(self.cleared(), choices=self.slots or self.choices, turn=turn)


@dataclass(frozen=True, slots=True)
class Meeting(Part):
    """The meeting that was chosen, booked or is being changed."""

    held: Slot | None = None
    """The chosen time, held until we can reach the buyer."""
    booking: Booking | None = None
    """The meeting that was booked here, or that is being changed."""
    heard: bool = False
    """Its confirmation was heard."""
    moving: Booking | None = None
    """The meeting for which other times are on offer."""

    @property
    def start(self) -> datetime | None:
        """When the meeting booked here is, or the time held for it."""
        if self.booking is not None:
            return self.booking.start
        return self.held.start if self.held else None

    @property
    def replaced(self) -> Booking | None:
        """The meeting that a chosen time replaces: one being moved, or just booked."""
        return self.moving or self.booking


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback that was agreed: `when` is its spoken form, `day` is ISO.

    `start` and `end` are the promised window, ISO, UTC; empty if nobody's hours are known.
    """

    owner: str
    when: str
    day: str
    quote: str
    start: str = ""
    end: str = ""
    zone: str = ""
    """The time zone of `when` and `day`."""
    away: str = ""
    """The window in its owner's time zone, in spoken form; empty if it is the same."""
    unmet: Literal["", "hour", "day"] = ""
    """Their wish that could not be promised."""
