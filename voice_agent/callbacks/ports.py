"""What keeping promised calls needs from outside: durable work, and somebody who dials."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from core.callbacks.dial import Not

Job = Callable[[str, int], Awaitable[float | None]]


class DurableJobs(Protocol):
    """Durable work that others do for us."""

    def serve(self, kind: str, job: Job) -> None:
        """Do jobs of a kind with this."""

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        """Have a job done, once for its kind, key and try. Raises: StoreFailed."""


class Dials(Protocol):
    """Places the calls that may be placed."""

    async def dial(self, callback_id: str) -> Not | None:
        """Write down a call and place it; why not, if not. Raises: StoreFailed."""
