"""Facts on their way to the log: in order, off the hot path, none dropped that the store takes."""

import logging
from collections import deque
from datetime import datetime

import anyio

from core.errors import StoreFailed
from core.events import Fact
from core.ports import EventLog

log = logging.getLogger(__name__)
RETRY_S = 0.5
GIVE_UP_S = 30.0


class Journal:
    """One conversation's queue of facts. `write` never waits; `run` commits; `flush` waits."""

    def __init__(self, events: EventLog, conversation_id: str) -> None:
        self._events = events
        self._conversation_id = conversation_id
        self._queue: deque[tuple[datetime, tuple[Fact, ...]]] = deque()
        self._news = anyio.Event()
        self._empty = anyio.Event()
        self._empty.set()

    def write(self, at: datetime, *facts: Fact) -> None:
        """Queue facts to be committed together, after those already queued."""
        if not facts:
            return
        self._queue.append((at, facts))
        if self._empty.is_set():
            self._empty = anyio.Event()
        self._news.set()

    async def run(self) -> None:
        """Commit until cancelled. A failing store is tried again; the call goes on meanwhile."""
        while True:
            await self._news.wait()
            self._news = anyio.Event()
            while self._queue:
                at, facts = self._queue[0]
                try:
                    await self._events.append(self._conversation_id, at, facts)
                except StoreFailed as error:
                    if error.retryable:
                        log.warning("facts wait for the store: %s", error)
                        await anyio.sleep(RETRY_S)
                        continue
                    log.exception("the store refuses facts of %s", self._conversation_id)
                self._queue.popleft()
            self._empty.set()

    async def flush(self) -> bool:
        """Wait until all is committed; False when the store stayed away too long."""
        with anyio.move_on_after(GIVE_UP_S):
            await self._empty.wait()
        return not self._queue
