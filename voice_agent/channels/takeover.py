"""`Takeover`: a person of the team writes in place of the agent, for as long as their lease runs.

The floor is a fact in the conversation's log, so every server knows of it. While a rep has it, what
the buyer writes is taken and learned from, and not answered by the agent. The lease is renewed by
everything the rep does; a rep who goes silent gives the floor back by doing nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from core.clock import Clock
from core.events import Fact, FloorTaken, UtteranceRecorded
from core.store.unit_of_work import Store
from voice_agent.channels.turn import at_ms
from voice_agent.channels.writing import (
    Committed,
    Floor,
    Typing,
    UnknownConversation,
    Writing,
)

LEASE = timedelta(minutes=5)


class Takeover:
    """What a rep may do in a written conversation. Everything raises StoreFailed."""

    def __init__(self, store: Store, writing: Writing, clock: Clock) -> None:
        self._store = store
        self._writing = writing
        self._clock = clock

    async def take(self, conversation_id: str, rep: str) -> None:
        """Give a rep the floor, or keep it theirs. Raises: UnknownConversation."""
        await self._append(conversation_id, (self._lease(rep),))
        self._writing.tell(conversation_id, Floor(rep))

    async def say(self, conversation_id: str, rep: str, message_id: str, text: str) -> None:
        """A rep's line, once by its id; who writes has the floor. Raises: UnknownConversation."""
        standing = await self._writing.standing(conversation_id)
        if standing is None:
            raise UnknownConversation(conversation_id)
        ms = at_ms(standing.state, self._clock())
        line = UtteranceRecorded(standing.received, "rep", text, ms, ms, kind=rep)
        await self._append(conversation_id, (line, self._lease(rep)), f"rep:{message_id}")
        self._writing.tell(conversation_id, Floor(rep))
        lines = await self._writing.lines(conversation_id)
        self._writing.tell(conversation_id, Committed(lines[-1:]))

    async def give_back(self, conversation_id: str, rep: str) -> None:
        """Let the agent answer again. Raises: UnknownConversation."""
        await self._append(conversation_id, (FloorTaken(rep, self._clock().isoformat()),))
        self._writing.tell(conversation_id, Floor(None))

    def typing(self, conversation_id: str) -> None:
        """Show that a rep is writing."""
        self._writing.tell(conversation_id, Typing("rep"))

    def _lease(self, rep: str) -> FloorTaken:
        return FloorTaken(rep, (self._clock() + LEASE).isoformat())

    async def _append(self, conversation_id: str, facts: Sequence[Fact], key: str = "") -> None:
        if await self._writing.over(conversation_id):
            raise UnknownConversation(conversation_id)
        log, at = self._store.log, self._clock()
        if key:
            await log.append_once(conversation_id, at, facts, key)
        else:
            await log.append(conversation_id, at, facts)
