"""`Spill`: facts the database could not take, kept on disk until it does.

A journal puts its waiting facts here, so that neither a long outage nor a crash during one loses
any. Each has a key under which it is committed once, by whoever gets to it: the call's own journal,
this server later, or its successor. Facts the database keeps refusing are put aside and retried
every hour and at each start: another version, or a repaired database, may accept them.
"""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import anyio
from anyio import to_thread

from core.errors import StoreFailed
from core.store.expiring import forgotten
from core.store.store import Store
from voice_agent.call.shelf import Shelf, ShelvedFacts
from voice_agent.rounds import Troubles, each, regularly

log = logging.getLogger(__name__)
JOURNAL = "journal"
"""Folder of waiting facts, within a server's own."""
REFUSED = "refused"
"""Folder of refused facts, within that of waiting ones."""
LOOK_S = 5.0
"""Interval between looks for leftovers."""
AGAIN_S = 3600.0
"""Interval between tries of refused facts."""


def _ignore(waiting: int, refused: int) -> None:
    """The default of `told`."""


@dataclass(slots=True)
class Spill:
    """A folder of waiting facts. `told`: called with the numbers of conversations whose facts wait
    or were refused."""

    folder: Path
    told: Callable[[int, int], None] = _ignore
    _live: dict[str, BinaryIO] = field(default_factory=dict)
    """Conversations whose own journal is still working on them, with the locked file of each."""
    _shut: bool = False
    """Whether the disk refused the last write."""
    _troubles: tuple[Troubles, Troubles] = field(default_factory=lambda: (Troubles(), Troubles()))

    async def add(self, conversation_id: str, entries: Sequence[ShelvedFacts]) -> bool:
        """Keep facts of an ongoing conversation; returns whether the disk took them."""

        def add() -> None:
            if conversation_id not in self._live:
                self._live[conversation_id] = self.waiting.locked(conversation_id)
            self.waiting.add(conversation_id, entries)

        return await self._written(add)

    async def put_aside(self, conversation_id: str, entries: Sequence[ShelvedFacts]) -> bool:
        """Keep facts the database refused; returns whether the disk took them."""

        def add() -> None:
            with self.refused.locked(conversation_id):
                self.refused.add(conversation_id, entries)

        if not await self._written(add):
            return False
        log.error(
            "the database refuses facts of %s (%s); they are put aside in %s and tried again each "
            "hour and at each start: see FactsWait in the runbook",
            conversation_id, entries[0].why, self.refused.folder,
        )  # fmt: skip
        return True

    async def done(self, conversation_id: str, *, stored: bool) -> None:
        """The conversation's journal has ended; what it `stored` itself need not be kept."""
        if conversation_id in self._live:
            if stored:
                await to_thread.run_sync(self.waiting.delete, conversation_id)
            self._live.pop(conversation_id).close()

    async def recover(self, store: Store) -> list[str]:
        """Commit leftovers; returns their conversations. Raises: StoreFailed."""
        done: list[str] = []
        await self._tell()
        for shelf in (self.waiting, self.refused):
            await self._drop_forgotten(shelf, store)
        left = [name for name in await self._names(self.waiting) if name not in self._live]
        take_up = partial(self._take_up, store, done)
        await each("storing what waits on the disk", left, take_up, self._troubles[0])
        await self._tell()
        return done

    async def retry(self, store: Store) -> None:
        """Commit refused facts, if they are accepted now. Raises: StoreFailed."""
        names = await self._names(self.refused)
        again = partial(self._try_again, store)
        await each("storing what was refused", names, again, self._troubles[1])

    def release(self) -> None:
        """Release live files to a successor, as the end of the process does."""
        while self._live:
            self._live.popitem()[1].close()

    async def watch(self, store: Store) -> None:
        """Commit leftovers as soon as the database takes them; until cancelled."""
        async with anyio.create_task_group() as tasks:
            for what, work, every_s in (
                ("storing what waits on the disk", self.recover, LOOK_S),
                ("storing what was refused", self.retry, AGAIN_S),
            ):
                tasks.start_soon(
                    partial(regularly, what, partial(work, store), every_s, first_s=every_s)
                )

    @property
    def waiting(self) -> Shelf:
        """Facts still to be given to the database."""
        return Shelf(self.folder)

    @property
    def refused(self) -> Shelf:
        """Facts the database refused."""
        return Shelf(self.folder / REFUSED)

    async def _tell(self) -> None:
        self.told(len(await self._names(self.waiting)), len(await self._names(self.refused)))

    async def _names(self, shelf: Shelf) -> list[str]:
        return await to_thread.run_sync(shelf.names)

    async def _written(self, add: Callable[[], None]) -> bool:
        """Write; logs once when the disk refuses, and once when it accepts again."""
        try:
            await to_thread.run_sync(add)
        except OSError as error:
            if not self._shut:
                log.error("facts wait in memory alone, for the disk takes none: %s", error)
            self._shut = True
            return False
        if self._shut:
            log.warning("facts that wait are on the disk again")
        self._shut = False
        return True

    async def _drop_forgotten(self, shelf: Shelf, store: Store) -> None:
        """Drop facts of a forgotten person that arrived too late."""
        names = [name for name in await self._names(shelf) if name not in self._live]
        for name in await store.query(lambda c: forgotten(c, names)) if names else ():
            log.warning("what waited of a conversation that was forgotten is dropped: %s", name)
            await to_thread.run_sync(shelf.delete, name)

    async def _take_up(self, store: Store, done: list[str], conversation_id: str) -> None:
        """Commit a conversation's waiting facts, and put aside those refused."""
        file = await to_thread.run_sync(self.waiting.taken, conversation_id)
        if file is None:  # another server's, whose call is in progress
            return
        with file:
            entries, _ = await to_thread.run_sync(self.waiting.read, conversation_id)
            left = await _refused(store, conversation_id, entries)
            if left and not await self.put_aside(conversation_id, left):
                return
            await to_thread.run_sync(self.waiting.delete, conversation_id)
            await store.conversations.disown(conversation_id)  # unless its end was among them
        log.warning("stored what had waited on the disk", extra={"id": conversation_id})
        done.append(conversation_id)

    async def _try_again(self, store: Store, conversation_id: str) -> None:
        """Commit a conversation's refused facts; its file stays until all are accepted."""
        file = await to_thread.run_sync(self.refused.taken, conversation_id)
        if file is None:
            return
        with file:
            entries, whole = await to_thread.run_sync(self.refused.read, conversation_id)
            if left := await _refused(store, conversation_id, entries):
                log.error("still refused: facts of %s (%s)", conversation_id, left[0].why)
            elif whole:
                await to_thread.run_sync(self.refused.delete, conversation_id)
                log.warning("stored what had been refused", extra={"id": conversation_id})


async def _refused(
    store: Store, conversation_id: str, entries: Sequence[ShelvedFacts]
) -> list[ShelvedFacts]:
    """The entries the database refuses. Raises: StoreFailed when it is down."""
    left = []
    for entry in entries:
        try:
            await store.log.append_once(conversation_id, entry.at, entry.facts, entry.key)
        except StoreFailed as error:
            if error.retryable:
                raise
            left.append(replace(entry, why=str(error)))
    return left


@asynccontextmanager
async def spilling(
    folder: Path, store: Store, told: Callable[[int, int], None]
) -> AsyncIterator[Spill]:
    """A folder for waiting facts; leftovers are stored now, and later as they come.

    Raises: StoreFailed.
    """
    spill = Spill(folder, told)
    await spill.retry(store)
    await spill.recover(store)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(spill.watch, store)
        yield spill
        tasks.cancel_scope.cancel()
    spill.release()
