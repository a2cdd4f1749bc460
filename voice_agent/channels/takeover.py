"""`Takeover`: a rep writes in the agent's place as long as their lease lasts.

The floor is a fact in the conversation's log, so every server knows of it. While a rep has it, the
buyer's messages are stored and learned from, and not answered by the agent. Everything the rep does
renews the lease; a rep who goes silent gives the floor back by letting it expire. The buyer's page
may be on another server, which finds the rep's lines by polling (`elsewhere`).
"""

from datetime import datetime, timedelta

from core.clock import Clock
from core.store.floors import FloorHeld
from core.store.store import Store
from voice_agent.channels.events import Committed, Floor, Typing
from voice_agent.channels.writing import Writing, line_of

LEASE = timedelta(minutes=5)
RENEW = timedelta(minutes=1)
"""Typing alone renews a lease once this much of it has passed."""


class Takeover:
    """What a rep may do in a written conversation. All raise StoreFailed."""

    def __init__(self, store: Store, writing: Writing, clock: Clock) -> None:
        self._floors = store.floors
        self._writing = writing
        self._clock = clock

    async def take(self, conversation_id: str, rep: str) -> str | None:
        """Give a rep the floor, or renew it; returns who has it now.

        Nobody can take it from another rep. None: the conversation is unknown or over.
        """
        at = self._clock()
        held = await self._floors.hold(conversation_id, at, rep, at + LEASE)
        return self._told(conversation_id, rep, held)

    async def say(self, conversation_id: str, rep: str, message_id: str, text: str) -> str | None:
        """Store a rep's line, once per id; writing takes the floor. Returns who has it now."""
        at, key = self._clock(), f"rep:{message_id}"
        held = await self._floors.hold(conversation_id, at, rep, at + LEASE, text, key)
        return self._told(conversation_id, rep, held)

    def _told(self, conversation_id: str, rep: str, held: FloorHeld | None) -> str | None:
        """Tell the pages what a rep did; returns who has the floor."""
        if held is None or held.rep != rep:
            return held.rep if held else None
        self._writing.listeners.tell(conversation_id, Floor(rep))
        if (line := held.line) is not None:
            said = Committed((line_of(line),), span=(line.seq, held.last))
            self._writing.listeners.tell(conversation_id, said)
        return rep

    async def give_back(self, conversation_id: str, rep: str) -> bool:
        """Let the agent answer again; False when the rep did not have the floor."""
        given = await self._floors.give_back(conversation_id, self._clock(), rep)
        if given:
            self._writing.listeners.tell(conversation_id, Floor(None))
        return given

    async def typing(self, conversation_id: str, rep: str) -> None:
        """Show the buyer that a rep is typing, and keep the rep's lease alive."""
        at = self._clock()
        has = await self._floors.floor(conversation_id, at)
        if has is None or has.rep != rep:
            return
        if datetime.fromisoformat(has.until) - at < LEASE - RENEW:
            await self.take(conversation_id, rep)
        self._writing.listeners.tell(conversation_id, Typing("rep"))
