"""Databases with this version's schema: copies of one that each process migrates once.

Migrating takes longer than most tests; tests of migration take an empty database instead.
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.store.database import migrate, open_engine
from tests.fakes import postgres


def sqlite(path: Path) -> str:
    """The URL of a SQLite file, created when missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_sqlite())
    return f"sqlite:///{path}"


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL database, dropped afterwards; skips when no server runs."""
    with postgres.database(template=_postgresql()) as url:
        yield url


@cache
def _sqlite() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        _migrated(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _postgresql() -> str:
    """The name of a database to copy, to which nobody may be connected."""
    made = postgres.database()
    url = made.__enter__()
    atexit.register(made.__exit__, None, None, None)
    _migrated(url)
    return url.rpartition("/")[2]


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
