"""`Aside`: what takes long beside the event loop, so that calls need not wait for it."""

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import to_thread

from core.talk import UserSaid

AT_ONCE = 600
"""Characters of a turn that are read on the event loop: few callers say as much in one breath."""
Made = TypeVar("Made")


class Aside:
    """One thread for all conversations: however much is written, calls wait for no more than one
    turn of it."""

    def __init__(self) -> None:
        self._limiter: anyio.CapacityLimiter | None = None

    async def make(self, said: UserSaid, make: Callable[[], Made]) -> Made:
        """What is made of a turn: at once, or in the thread where it is long."""
        if len(said.text) <= AT_ONCE:
            return make()
        self._limiter = self._limiter or anyio.CapacityLimiter(1)
        return await to_thread.run_sync(make, limiter=self._limiter)
