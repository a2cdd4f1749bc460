"""One call's looks into who is calling: bounded in time, one at a time, none ends the call."""

import logging

import anyio

from core.errors import StoreFailed
from core.identity.memory import Recognition
from core.ports import Recogniser
from voice_agent.call.journal import Journal

log = logging.getLogger(__name__)
LOOK_S = 6.0
"""A look that takes longer is given up: the caller is served as somebody new."""


class Recognising:
    """Looks when the facts that tell who is there are committed; without a store, never."""

    def __init__(
        self, recogniser: Recogniser | None, journal: Journal, conversation_id: str
    ) -> None:
        self._recogniser = recogniser
        self._journal = journal
        self._conversation_id = conversation_id
        self._one = anyio.Lock()

    async def look(self) -> Recognition | None:
        """Who is there by now; None when that cannot be told."""
        if self._recogniser is None:
            return None
        try:
            with anyio.fail_after(LOOK_S):
                async with self._one:
                    if not await self._journal.flush():
                        return None
                    return await self._recogniser.recognise(self._conversation_id)
        except (StoreFailed, TimeoutError) as error:
            log.warning("nobody is recognised: %s: %s", type(error).__name__, error)
            return None
