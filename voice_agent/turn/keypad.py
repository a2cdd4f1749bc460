"""Keys pressed during a turn: collected until `#`, a pause, or a lone `0` (for a human)."""

from dataclasses import dataclass

from voice_agent.turn.completeness import PHONE_DIGITS
from voice_agent.turn.events import Slot

KEY_PAUSE_S, KEYS_COMPLETE_S = 2.5, 1.0
ALONE_S = 1.2
"""After a single key where no number was asked for: an answer, or a wish, by key."""


@dataclass(slots=True)
class Keypad:
    """The keys of the open turn; `*` restarts the number."""

    digits: str = ""
    first_at: float | None = None
    last_at: float = 0.0

    @property
    def used(self) -> bool:
        return self.first_at is not None

    def press(self, digit: str, at: float) -> None:
        self.first_at = at if self.first_at is None else self.first_at
        self.last_at = at
        self.digits = "" if digit == "*" else self.digits + digit.strip("#")

    def due(self, slot: Slot | None) -> float:
        """Instant at which no more keys are expected."""
        complete = slot == "phone" and len(self.digits) >= PHONE_DIGITS
        if len(self.digits) == 1 and slot not in ("phone", "number"):
            return self.last_at + ALONE_S
        return self.last_at + (KEYS_COMPLETE_S if complete else KEY_PAUSE_S)
