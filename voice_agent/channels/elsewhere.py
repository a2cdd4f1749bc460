"""`Elsewhere`: tells pages what another server wrote into their conversation.

One query a second for all pages of this server reads only each conversation's last number; each
page concerned then reads what is new.
"""

from core.store.floors import Floors
from voice_agent.channels.events import Moved
from voice_agent.channels.writing import Writing
from voice_agent.rounds import regularly

LOOK_S = 1.0
AT_ONCE = 500
"""Conversations per query."""


class Elsewhere:
    """Polls for the pages of this server."""

    def __init__(self, floors: Floors, writing: Writing) -> None:
        self._floors = floors
        self._writing = writing
        self._known: dict[str, tuple[int, bool]] = {}

    async def watch(self) -> None:
        """Poll until cancelled."""
        await regularly("pages of other servers", self.look, LOOK_S, first_s=LOOK_S)

    async def look(self) -> None:
        """Tell pages of every conversation that moved since the last poll. Raises: StoreFailed."""
        found: dict[str, tuple[int, bool]] = {}
        ids = self._writing.listeners.ids
        for first in range(0, len(ids), AT_ONCE):
            found |= await self._floors.moved(ids[first : first + AT_ONCE])
        for conversation_id, stands in found.items():
            if self._known.get(conversation_id) != stands:
                self._writing.listeners.tell(conversation_id, Moved(*stands))
        self._known = found
