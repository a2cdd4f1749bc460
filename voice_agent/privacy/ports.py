"""What this folder needs of others: somebody who forgets persons, and durable work."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from core.store.erasing import Erasure
from core.store.holding import Hold


class Forgets(Protocol):
    """Forgets persons everywhere."""

    async def erase(self, person: str, by: str = "", why: str = "asked") -> Erasure | Hold | None:
        """Forget a person; the hold that forbids it, or None for nobody. Raises: StoreFailed."""


class DurableJobs(Protocol):
    """Durable work by kind and key."""

    def serve(self, kind: str, job: Callable[[str, int], Awaitable[float | None]]) -> None:
        """Do jobs of a kind with this."""

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        """Have a job done, once for its kind, key and try. Raises: StoreFailed."""
