"""What keeping promised calls needs from outside: a dialler."""

from typing import Protocol

from core.callbacks.dial import Not


class Dials(Protocol):
    """Places the calls that may be placed."""

    async def dial(self, callback_id: str) -> Not | None:
        """Store a call and place it; returns why not, if not. Raises: StoreFailed."""
