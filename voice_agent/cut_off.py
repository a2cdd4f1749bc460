"""`CutOff`: why a caller's stream ended while their call goes on.

Twilio asks whichever server it reaches. The server that had the stream may be another one, or dead;
the database says what became of the conversation.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Literal

import anyio

from core.errors import StoreFailed
from core.facts.standing import SERVER_LOST, ending
from core.store.store import Store
from core.store.tables import ConversationRow
from core.store.transfers import Transfers
from voice_agent.call.lifecycle import DEAF, Calls

log = logging.getLogger(__name__)
Why = Literal["deaf", "lost"]
LOST = {SERVER_LOST, "socket_lost", "failed", "server_stopping"}
"""End reasons that no caller intended, if they are still on the line."""
WITHIN_S = 10.0
"""For the database to answer; Twilio waits 15 s."""
ENDED_S = 3.0
"""For ending a lost conversation before its caller is answered."""
LOOKS, LOOK_S = 4, 0.5
"""How long a live server gets to write its conversation's end."""


class CutOff:
    """Knows why a stream ended, and ends a dead server's conversation when its caller turns up."""

    def __init__(
        self,
        store: Store,
        calls: Calls,
        end_lost: Callable[[str], Awaitable[None]],
        look_s: float = LOOK_S,
    ) -> None:
        self._store, self._calls, self._end_lost = store, calls, end_lost
        self._look_s = look_s

    async def why(self, call_sid: str) -> Why | None:
        """Why it ended. "deaf": our recogniser failed; "lost": its server is gone; None:
        properly."""
        if (reason := self._calls.end_reason(call_sid)) is not None:
            return _kind(reason)
        try:
            with anyio.fail_after(WITHIN_S):
                return await self._elsewhere(call_sid)
        except (StoreFailed, TimeoutError) as error:
            log.warning("how a call ended cannot be told: %s", error, extra={"call_sid": call_sid})
            return None

    async def _elsewhere(self, call_sid: str) -> Why | None:
        looks = LOOKS
        while (row := await self._store.conversations.by_call_sid(call_sid)) is not None:
            if row.status != "in_progress":
                return await self._told(row)
            if not (looks := looks - 1):
                break
            await anyio.sleep(self._look_s)
        if row is None:
            return None
        if row.id in await Transfers(self._store).away():
            return None
        log.warning("finishing a call whose server is gone: %s", row.id)
        with anyio.move_on_after(ENDED_S):  # else the sweep does it: a caller is waiting
            await self._end_lost(row.id)
        return "lost"

    async def _told(self, row: ConversationRow) -> Why | None:
        end = ending([entry.fact for entry in await self._store.log.read(row.id)])
        return _kind(end.reason) if end else None


def _kind(reason: str) -> Why | None:
    return "deaf" if reason == DEAF else "lost" if reason in LOST else None
