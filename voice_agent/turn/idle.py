"""How long nobody has spoken: the first time brings a check-in, the second a polite close."""

from dataclasses import dataclass

from voice_agent.turn.events import Slot

IDLE_S, IDLE_FETCHING_S = 8.0, 12.0
"""Seconds of silence; longer while the caller looks up a number or an address."""
GRACE_S = 1.0
IDLE_TWICE = 2


@dataclass(slots=True)
class Idle:
    """Counts silences since the caller's last turn."""

    since: float | None = None
    count: int = 0

    def begin(self, at: float) -> None:
        """Our playback has ended, or what should have come did not."""
        self.since = at

    def spoke(self, at: float) -> None:
        """The caller has shown that they are there."""
        self.since, self.count = at, 0

    def noise(self, at: float) -> None:
        """A sound came that was nobody: wait a little, and keep the count."""
        if self.since is not None:
            self.since = max(self.since, at + GRACE_S - IDLE_S)

    def due(self, slot: Slot | None) -> float | None:
        """Instant of the next `CallerIdle`; None when there will be none."""
        if self.since is None or self.count >= IDLE_TWICE:
            return None
        return self.since + (IDLE_FETCHING_S if slot in ("phone", "email") else IDLE_S)

    def fire(self, at: float) -> int:
        """Count one silence."""
        self.count, self.since = self.count + 1, at
        return self.count
