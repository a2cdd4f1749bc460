"""`Takeover`: a person of the team writes in place of the agent, for as long as their lease runs.

The floor is a fact in the conversation's log, so every server knows of it. While a rep has it, what
the buyer writes is taken and learned from, and not answered by the agent. The lease is renewed by
everything the rep does; a rep who goes silent gives the floor back by doing nothing. The buyer's
page may be at another server, which finds what was written here by looking (`elsewhere`).
"""

from datetime import datetime, timedelta

from core.clock import Clock
from core.store.unit_of_work import Store
from voice_agent.channels.events import Committed, Floor, Typing
from voice_agent.channels.writing import Writing

LEASE = timedelta(minutes=5)
RENEW = timedelta(minutes=1)
"""Typing alone renews a lease that has been used for so long."""


class Takeover:
    """What a rep may do in a written conversation. Everything raises StoreFailed."""

    def __init__(self, store: Store, writing: Writing, clock: Clock) -> None:
        self._floors = store.floors
        self._writing = writing
        self._clock = clock

    async def take(self, conversation_id: str, rep: str) -> str | None:
        """Give a rep the floor, or keep it theirs; returns who has it now.

        Nobody takes it from somebody who has it. None: the conversation is unknown or over.
        """
        at = self._clock()
        has = await self._floors.hold(conversation_id, at, rep, at + LEASE)
        if has == rep:
            self._writing.tell(conversation_id, Floor(rep))
        return has

    async def say(self, conversation_id: str, rep: str, message_id: str, text: str) -> str | None:
        """A rep's line, once by its id; who writes has the floor. Returns who has it now."""
        at, key = self._clock(), f"rep:{message_id}"
        has = await self._floors.hold(conversation_id, at, rep, at + LEASE, text, key)
        if has == rep:
            self._writing.tell(conversation_id, Floor(rep))
            lines = await self._writing.lines(conversation_id)
            self._writing.tell(conversation_id, Committed(lines[-1:]))
        return has

    async def give_back(self, conversation_id: str, rep: str) -> bool:
        """Let the agent answer again; False where the rep had not the floor."""
        given = await self._floors.give_back(conversation_id, self._clock(), rep)
        if given:
            self._writing.tell(conversation_id, Floor(None))
        return given

    async def typing(self, conversation_id: str, rep: str) -> None:
        """Show the buyer that a rep is writing, and keep the floor theirs meanwhile."""
        at = self._clock()
        has = await self._floors.floor(conversation_id, at)
        if has is None or has.rep != rep:
            return
        if datetime.fromisoformat(has.until) - at < LEASE - RENEW:
            await self.take(conversation_id, rep)
        self._writing.tell(conversation_id, Typing("rep"))
