"""What this folder needs of others: somebody who forgets persons."""

from typing import Protocol

from core.store.erasing import Erasure
from core.store.holding import Hold


class Forgets(Protocol):
    """Forgets persons everywhere."""

    async def erase(self, person: str, by: str = "", why: str = "asked") -> Erasure | Hold | None:
        """Forget a person; the hold that forbids it, or None for nobody. Raises: StoreFailed."""
