"""Facts about a card that was given, never its number, and about data deleted by retention."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CardSpoken:
    """A buyer gave part of a payment card; none of it was stored."""

    turn: int
    by: Literal["speech", "keypad", "writing"]
    start_ms: int
    end_ms: int
    silenced: tuple[tuple[int, int], ...] = ()
    """Parts of the caller's channel that contain it, in milliseconds; silenced in the recording."""
    earlier: tuple[int, ...] = ()
    """Earlier turns in which it began: their digits are blanked in the log."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Data of the conversation reached the end of its retention and was deleted."""

    what: Literal["audio", "words", "contact", "consent"]
