"""Databases with this version's schema, which each process migrates once.

Migrating takes longer than most tests, and so does making a PostgreSQL database: each test gets the
same one, emptied. Tests of migration take a database without tables instead.
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from core.store.database import migrate, open_engine
from tests.fakes import postgres

EMPTY = """
DO $$
DECLARE
    name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- neither foreign keys nor triggers
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""


def sqlite(path: Path) -> str:
    """The URL of a SQLite file, created when missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_sqlite())
    return f"sqlite:///{path}"


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL database, emptied afterwards; skips when no server runs."""
    url = _postgresql()
    yield url
    with psycopg.connect(url) as connection:
        connection.execute(EMPTY)


@cache
def _sqlite() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        _migrated(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _postgresql() -> str:
    made = postgres.database()
    url = made.__enter__()
    atexit.register(made.__exit__, None, None, None)
    _migrated(url)
    return url


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
