"""`DatabaseFile`: the file of a SQLite database while it is open.

If it is deleted or replaced while the server runs, writes go to a file that nobody can find once
the process ends. So a handle on it is kept, and the file is restored at the end.
"""

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

log = logging.getLogger(__name__)


OWNER_ONLY = 0o600
"""The mode of a database file: it holds personal data. SQLite gives it to its journals too."""


def make_private(path: Path) -> None:
    """Make an empty file for the owner alone, unless there is one. Raises: OSError."""
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))


def open_to_others(path: Path) -> list[Path]:
    """What of a database, with its journals, other users of this machine can read or write."""
    files = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
    return [file for file in files if file.exists() and file.stat().st_mode & 0o077]


class DatabaseFile:
    """Holds the file currently at a path."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._held = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._held.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()  # opens its journal
        self._opened, self._journal = _identity(self._path), _identity(self._beside("-wal"))
        self._closed = False

    @classmethod
    def of(cls, engine: sa.Engine) -> "DatabaseFile | None":
        """An engine's database file; None if it has none."""
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        return cls(Path(name)) if name and name != ":memory:" else None

    @property
    def lost(self) -> str:
        """What is wrong, with its remedy; empty while the file is in place."""
        if _identity(self._path) == self._opened:
            return ""
        return (
            f"{self._path} was deleted or replaced while this server runs; stop the server with "
            "SIGTERM: it then puts back what it holds, which a kill would lose"
        )

    def close(self) -> None:
        """Release it. A lost file is restored, or saved beside its replacement. Blocking;
        idempotent. Raises: OSError, sqlite3.Error."""
        if self._closed:
            return
        self._closed = True
        with closing(self._held):
            if self.lost:
                self._put_back()

    def _put_back(self) -> None:
        place = self._path
        if place.exists():
            place = place.with_name(f"{place.stem}-put-back-{os.getpid()}{place.suffix}")
        place.parent.mkdir(parents=True, exist_ok=True)
        if _identity(self._beside("-wal")) == self._journal:  # it belongs only to the lost file
            for end in ("-wal", "-shm"):
                self._beside(end).unlink(missing_ok=True)
        make_private(place)
        with closing(sqlite3.connect(place)) as made:
            self._held.backup(made)
        log.error("%s was gone; what it held is in %s", self._path, place)

    def _beside(self, end: str) -> Path:
        return self._path.with_name(self._path.name + end)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
