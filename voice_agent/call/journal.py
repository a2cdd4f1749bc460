"""Facts on their way to the log: in order, off the hot path, none lost that the store accepts."""

import logging
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import anyio

from core.errors import StoreFailed
from core.events import Fact, Flagged
from core.ports import EventLog
from voice_agent.call.shelf import ShelvedFacts
from voice_agent.call.spill import Spill

log = logging.getLogger(__name__)
RETRY_S = 0.5
GIVE_UP_S = 30.0
TOGETHER = timedelta(milliseconds=20)
"""Facts written within this are committed together, at the instant of the first: the end of a turn
produces facts in three or four places, and each commit costs as much as fifty frames."""
LATE_S = 2.0
"""A longer outage is flagged in the call it affected."""


class Journal:
    """One conversation's queue of facts. `write` never waits; `run` commits; `flush` waits.

    During an outage of the store the facts are also kept in `spill`, if there is one.
    """

    def __init__(self, events: EventLog, conversation_id: str, spill: Spill | None = None) -> None:
        self._events = events
        self._conversation_id = conversation_id
        self._spill = spill
        self._queue: deque[ShelvedFacts] = deque()
        self._name = uuid4().hex[:12]  # a conversation may have several journals in turn
        self._count = 0
        self._spilt = 0
        """Entries put on disk, counted in the order written."""
        self._tried_since: float | None = None
        """When the queue's first entry was first tried."""
        self._disk = anyio.Lock()
        """Held during disk writes: an entry being written there is not removed."""
        self._away = False
        """Whether the store was unavailable when last tried."""
        self._refused = False
        """Whether the store has refused anything."""
        self._news = anyio.Event()
        self._empty = anyio.Event()
        self._empty.set()

    def write(self, at: datetime, *facts: Fact) -> None:
        """Queue facts to be committed together, after or with those already queued."""
        if not facts:
            return
        if self._waits and at - self._queue[-1].at < TOGETHER:
            last = self._queue.pop()
            self._queue.append(replace(last, facts=last.facts + facts))
            return
        self._count += 1
        self._queue.append(ShelvedFacts(f"journal:{self._name}:{self._count}", at, facts))
        if self._empty.is_set():
            self._empty = anyio.Event()
        self._news.set()

    @property
    def _waits(self) -> bool:
        """Whether the latest entry is neither being committed nor on disk."""
        tried = 0 if self._tried_since is None else 1
        return len(self._queue) > tried and self._spilt < self._count

    async def run(self) -> None:
        """Commit until cancelled. A failing store is retried while the call goes on."""
        async with anyio.create_task_group() as tasks:
            if self._spill is not None:
                tasks.start_soon(self._mind)
            while True:
                await self._news.wait()
                self._news = anyio.Event()
                while self._queue:
                    await self._commit(self._queue[0])
                if self._spilt:
                    await self._done(stored=True)  # an outage is over once everything is stored
                if not self._queue:
                    self._empty.set()

    async def _commit(self, entry: ShelvedFacts) -> None:
        """Commit the queue's first entry, however long it takes."""
        if self._tried_since is None:
            self._tried_since = anyio.current_time()
        try:
            await self._events.append_once(self._conversation_id, entry.at, entry.facts, entry.key)
        except StoreFailed as error:
            if error.retryable:
                if not self._away:
                    log.warning("facts wait for the store: %s", error)
                self._away = True
                await self._put_by()
                return await anyio.sleep(RETRY_S)
            self._flag(entry.at)
            refused = [replace(entry, why=str(error))]
            if self._spill and not await self._spill.put_aside(self._conversation_id, refused):
                return await anyio.sleep(RETRY_S)
        self._away = False
        self._queue.popleft()
        self._stored(entry.at)

    def _flag(self, at: datetime) -> None:
        """The store has refused something: flag it in the call, once."""
        if not self._refused:
            self._refused = True
            note = "the database refused some of what happened; the operator has it"
            self.write(at, Flagged("not_stored", 0, 0, note))

    async def _mind(self) -> None:
        """Put on disk what the store is slow to take, as when it is locked."""
        while True:
            await anyio.sleep(LATE_S / 2)
            since = self._tried_since
            if since is not None and anyio.current_time() - since >= LATE_S:
                await self._put_by()

    async def flush(self) -> bool:
        """Wait until everything is committed; False when the store was unavailable for too long."""
        with anyio.move_on_after(GIVE_UP_S):
            while self._queue:
                await self._empty.wait()
        return not self._queue

    async def close(self) -> bool:
        """At the end: wait until all is committed, or leave it on disk. Returns whether it is
        stored."""
        stored = await self.flush()
        if not stored:
            await self._put_by()
        await self._done(stored=stored)
        return stored

    async def _done(self, *, stored: bool) -> None:
        async with self._disk:
            if self._spill is not None:
                await self._spill.done(self._conversation_id, stored=stored)

    async def _put_by(self) -> None:
        async with self._disk:
            await self._put_new_by()

    async def _put_new_by(self) -> None:
        new = list(self._queue)[-(self._count - self._spilt) :] if self._count > self._spilt else []
        if self._spill is not None and new:
            before, self._spilt = self._spilt, self._count
            if not await self._spill.add(self._conversation_id, new):
                self._spilt = before

    def _stored(self, at: datetime) -> None:
        """The store accepted something: flag an outage that was long."""
        since, self._tried_since = self._tried_since, None
        if since is None or (away_s := anyio.current_time() - since) < LATE_S:
            return
        note = f"the database was away for {away_s:.0f} s; nothing was lost, nothing was bookable"
        self.write(at, Flagged("stored_late", 0, 0, note))
