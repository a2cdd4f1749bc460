"""Dead air: a caller who waits for us and hears nothing. Pure: call-clock instants in.

Deadlines and fallbacks are there so that it never happens; this tells when it did, and where.
"""

from dataclasses import dataclass

DEAD_AIR_S = 4.0
"""Fillers come after 1.2 s, a fallback voice after 2 s: beyond this nothing of it worked."""


@dataclass(slots=True)
class Watchdog:
    """Notices each silence of ours once, when it has lasted `DEAD_AIR_S`."""

    _noticed: float | None = None

    def due(self, owed_since: float | None) -> float | None:
        """When to look again; None while nothing is owed or it was told already."""
        if owed_since is None or owed_since == self._noticed:
            return None
        return owed_since + DEAD_AIR_S

    def dead_air(self, owed_since: float | None, now: float) -> bool:
        """Whether words owed since then have kept the caller waiting too long; true once."""
        due = self.due(owed_since)
        if due is None or now < due:
            return False
        self._noticed = owed_since
        return True
