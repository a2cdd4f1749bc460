"""What is told of a card that was given, never the card; and of what was deleted in its time."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CardSpoken:
    """A buyer gave something of a payment card; none of it was kept."""

    turn: int
    by: Literal["speech", "keypad", "writing"]
    start_ms: int
    end_ms: int
    silenced: tuple[tuple[int, int], ...] = ()
    """Stretches of the caller's lane that hold it, in milliseconds; silent in the recording."""
    earlier: tuple[int, ...] = ()
    """Turns before this one in which it began: their digits are blanked in the log."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Data of the conversation whose time was over is gone."""

    what: Literal["audio", "words", "contact", "consent"]
