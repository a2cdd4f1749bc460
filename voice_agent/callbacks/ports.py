"""What keeping promised calls needs from outside: somebody who dials."""

from typing import Protocol

from core.callbacks.dial import Not


class Dials(Protocol):
    """Places the calls that may be placed."""

    async def dial(self, callback_id: str) -> Not | None:
        """Write down a call and place it; why not, if not. Raises: StoreFailed."""
