"""What this package needs from others: forgetting persons."""

from typing import Protocol

from core.store.erasing import Erasure
from core.store.holding import Hold


class Forgets(Protocol):
    """Forgets persons everywhere."""

    async def erase(self, person: str, by: str = "", why: str = "asked") -> Erasure | Hold | None:
        """Forget a person; returns the hold that forbids it, None when there is no such person.
        Raises: StoreFailed."""
