"""`Tallying`: counts invitations in the database, by hour and rule."""

from core.clock import Clock
from core.metrics.invitations import Met
from core.store.invitations import count
from core.store.store import Store

LANE = "invitations"


class Tallying:
    """Implements `services.Tally`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def count(self, rule: str, what: Met) -> None:
        """Add one. Raises: StoreFailed."""
        at = self._clock()
        await self._store.write(LANE, lambda c: count(c, rule, what, at))
