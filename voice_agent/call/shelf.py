"""`Shelf`: facts on disk, one file per conversation, one line per commit.

Servers of one machine may share it: a process working on a file holds its lock, which ends with the
process.
"""

import fcntl
import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from core.events import Fact
from core.privacy.blank import scrubbed
from core.store.codec import decode, encode

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShelvedFacts:
    """Facts to be committed together, under a key of their conversation."""

    key: str
    at: datetime
    facts: tuple[Fact, ...]
    why: str = ""
    """Why the database refused them, if it did."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of facts, readable only by its owner. All methods block and raise OSError."""

    folder: Path

    def names(self) -> list[str]:
        """The conversations that have facts here."""
        return sorted(path.stem for path in self.folder.glob("*.jsonl"))

    def add(self, conversation_id: str, entries: Sequence[ShelvedFacts]) -> None:
        """Add facts of a conversation: all of them or, if the disk refuses, none."""
        left = memoryview("".join(json.dumps(_plain(entry)) + "\n" for entry in entries).encode())
        with open(self._path(conversation_id), "ab", buffering=0, opener=_private) as out:
            began = out.tell()
            try:
                while left:
                    left = left[out.write(left) :]
                os.fsync(out.fileno())
            except OSError:
                os.ftruncate(out.fileno(), began)  # else half a line would spoil the next one
                raise

    def read(self, conversation_id: str) -> tuple[list[ShelvedFacts], bool]:
        """A conversation's facts in order, and whether every line could be read."""
        found, whole = [], True
        for line in self._path(conversation_id).read_text(encoding="utf-8").splitlines():
            try:
                found.append(_entry(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                log.error("a line of waiting facts was cut off by a crash or a full disk")
                whole = False
        return found, whole

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation's facts."""
        self._path(conversation_id).unlink(missing_ok=True)

    def locked(self, conversation_id: str) -> BinaryIO:
        """The conversation's file, created if necessary and locked by this process until closed.
        Nothing is written through it, so that a full disk shows when facts are written and not on
        closing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(conversation_id)
        while True:
            file = open(path, "ab", opener=_private)
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):  # somebody stored and deleted it meanwhile
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return file
            file.close()

    def taken(self, conversation_id: str) -> BinaryIO | None:
        """A conversation's file, locked; None when somebody is working on it."""
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

    def _path(self, conversation_id: str) -> Path:
        return self.folder / f"{Path(conversation_id).name}.jsonl"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _plain(entry: ShelvedFacts) -> dict[str, Any]:
    facts = [[kind, scrubbed(payload)] for kind, payload in map(encode, entry.facts)]
    plain = {"key": entry.key, "at": entry.at.isoformat(), "facts": facts}
    return {**plain, "why": entry.why} if entry.why else plain


def _entry(given: dict[str, Any]) -> ShelvedFacts:
    facts = tuple(decode(kind, payload) for kind, payload in given["facts"])
    return ShelvedFacts(
        given["key"], datetime.fromisoformat(given["at"]), facts, given.get("why", "")
    )
