"""Durable work, for whoever has some done; `jobs.Jobs` is what does it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

Job = Callable[[str, int], Awaitable[float | None]]
"""Does the work for a key; `tries` counts earlier ones. Returns seconds until it wants to be tried
again, None when it is done. It may be run twice for one try, if a server dies in between."""


class DurableJobs(Protocol):
    """Work by kind and key that outlasts the server it was asked of."""

    def serve(self, kind: str, job: Job) -> None:
        """Do jobs of a kind with this."""

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        """Have a job done, once for its kind, key and try. Raises: StoreFailed."""
