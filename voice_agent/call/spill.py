"""`Spill`: facts that the database could not take, kept on the disk until it does.

A journal puts here what waits, so neither a long outage nor a crash during one loses a fact. Each
has its key, under which it is committed once, whoever does it: the call's own journal, this server
later, or the next one. Servers of one machine may share the folder: a file is locked by the process
whose call goes on, and the lock ends with the process.
"""

import fcntl
import json
import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import anyio
from anyio import to_thread

from core.events import Fact
from core.privacy.blank import scrubbed
from core.store.codec import decode, encode
from core.store.unit_of_work import Store
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
LOOK_S = 5.0
"""Between looks for what is left."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Facts to be committed together, under a key of their conversation."""

    key: str
    at: datetime
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Spill:
    """A folder of waiting facts, a file for each conversation."""

    folder: Path
    _live: dict[str, BinaryIO] = field(default_factory=dict)
    """Conversations whose own journal still works on it, and what holds the lock of each."""

    async def add(self, conversation_id: str, entries: Sequence[Entry]) -> None:
        """Keep more of a conversation that goes on. A disk that takes nothing is logged."""
        try:
            await to_thread.run_sync(self._add, conversation_id, entries)
        except OSError as error:
            log.error("facts wait in memory alone: %s", error)

    async def done(self, conversation_id: str, *, stored: bool) -> None:
        """The conversation's journal is over; what it `stored` itself need not be kept."""
        if conversation_id in self._live:
            if stored:
                await to_thread.run_sync(self._delete, conversation_id)
            self._live.pop(conversation_id).close()

    async def recover(self, store: Store) -> list[str]:
        """Commit what is left; the conversations it was of. Raises: StoreFailed."""
        done = []
        for conversation_id in await to_thread.run_sync(self._names):
            file = await to_thread.run_sync(self._taken, conversation_id)
            if file is None:  # another server's, whose call goes on
                continue
            try:
                for entry in await to_thread.run_sync(self._read, conversation_id):
                    await store.log.append_once(conversation_id, entry.at, entry.facts, entry.key)
                await store.conversations.disown(conversation_id)  # unless its end was among them
                await to_thread.run_sync(self._delete, conversation_id)
            finally:
                file.close()
            log.warning("stored what had waited on the disk", extra={"id": conversation_id})
            done.append(conversation_id)
        return done

    def release(self) -> None:
        """Leave what is live to whoever comes next, as the end of the process does."""
        while self._live:
            self._live.popitem()[1].close()

    async def watch(self, store: Store) -> None:
        """Commit what is left as soon as the database takes it, until cancelled."""
        look = partial(self.recover, store)
        await regularly("storing what waits on the disk", look, LOOK_S, first_s=LOOK_S)

    def _path(self, conversation_id: str) -> Path:
        return self.folder / f"{Path(conversation_id).name}.jsonl"

    def _names(self) -> list[str]:
        found = (path.stem for path in self.folder.glob("*.jsonl"))
        return sorted(name for name in found if name not in self._live)

    def _add(self, conversation_id: str, entries: Sequence[Entry]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(_plain(entry)) + "\n" for entry in entries)
        if conversation_id not in self._live:
            self._live[conversation_id] = self._locked(conversation_id)
        with self._path(conversation_id).open("a", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())

    def _locked(self, conversation_id: str) -> BinaryIO:
        """The conversation's file, this process's own until it is closed; nothing is written by it,
        so that a full disk is met where facts are written and not when it is let go of."""
        path = self._path(conversation_id)
        while True:
            file = open(path, "ab", opener=_private)
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):  # somebody stored and deleted it meanwhile
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return file
            file.close()

    def _taken(self, conversation_id: str) -> BinaryIO | None:
        """The file of a conversation that nobody works on, locked; None where somebody does."""
        try:
            file = self._path(conversation_id).open("rb")
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def _read(self, conversation_id: str) -> list[Entry]:
        lines = self._path(conversation_id).read_text(encoding="utf-8").splitlines()
        found = []
        for line in lines:
            try:
                found.append(_entry(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                log.error("a line of waiting facts was cut off by a crash or a full disk")
        return found

    def _delete(self, conversation_id: str) -> None:
        self._path(conversation_id).unlink(missing_ok=True)


@asynccontextmanager
async def spilling(folder: Path, store: Store) -> AsyncIterator[Spill]:
    """A folder for waiting facts; what is left in it is stored now, and later as it comes.

    Raises: StoreFailed.
    """
    spill = Spill(folder)
    await spill.recover(store)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(spill.watch, store)
        yield spill
        tasks.cancel_scope.cancel()
    spill.release()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _plain(entry: Entry) -> dict[str, Any]:
    facts = [[kind, scrubbed(payload)] for kind, payload in map(encode, entry.facts)]
    return {"key": entry.key, "at": entry.at.isoformat(), "facts": facts}


def _entry(given: dict[str, Any]) -> Entry:
    facts = tuple(decode(kind, payload) for kind, payload in given["facts"])
    return Entry(given["key"], datetime.fromisoformat(given["at"]), facts)
