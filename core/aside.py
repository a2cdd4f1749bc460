"""`Aside`: runs slow work off the event loop, so that calls do not wait for it."""

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import to_thread

from core.talk import UserSaid

AT_ONCE = 600
"""A turn up to this many characters is read on the event loop; few callers say more at once."""
Made = TypeVar("Made")


class Aside:
    """One thread shared by all conversations: however much is written, a call waits for at most one
    turn of it."""

    def __init__(self) -> None:
        self._limiter: anyio.CapacityLimiter | None = None

    async def make(self, said: UserSaid, make: Callable[[], Made]) -> Made:
        """Run `make` for a turn: inline, or in the thread if the turn is long."""
        if len(said.text) <= AT_ONCE:
            return make()
        self._limiter = self._limiter or anyio.CapacityLimiter(1)
        return await to_thread.run_sync(make, limiter=self._limiter)
