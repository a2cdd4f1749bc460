import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core import store
from core.errors import StoreFailed
from core.store.card_tables import indexed
from core.store.database import migrate, newest, normalise, open_engine, retryable
from core.store.store import Store
from core.store.tables import Table

OPEN = """
import sys
from core.store.database import migrate, open_engine
engine = open_engine(sys.argv[1])
migrate(engine)
engine.dispose()
"""


def test_the_migrations_make_exactly_the_tables_of_the_code(empty_url: str):
    for module in pkgutil.iter_modules(store.__path__, "core.store."):
        import_module(module.name)
    engine = open_engine(empty_url)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": indexed})
        assert compare_metadata(context, Table.metadata) == []
        assert context.get_current_heads() == (newest(),)
    engine.dispose()


def test_migrating_twice_changes_nothing(empty_url: str):
    engine = open_engine(empty_url)
    migrate(engine)
    tables = sa.inspect(engine).get_table_names()
    with engine.execution_options(writes=True).begin() as connection:
        kept = "INSERT INTO person (id, created_at) VALUES ('p1', '2026-11-30 09:00:00')"
        connection.exec_driver_sql(kept)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM person").scalars().all() == ["p1"]
    assert sa.inspect(engine).get_table_names() == tables
    engine.dispose()


def test_a_database_that_has_every_migration_is_opened_without_alembic(sqlite_url: str):
    untouched = f"{OPEN}\nassert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", untouched, sqlite_url], check=True)


def test_several_processes_may_migrate_at_once(empty_url: str):
    opening = [subprocess.Popen([sys.executable, "-c", OPEN, empty_url]) for _ in range(3)]
    assert [process.wait(60) for process in opening] == [0, 0, 0]


def test_sqlite_writes_ahead_and_enforces_its_keys(sqlite_url: str):
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == ["wal", 1, 1, 5000]
    engine.dispose()


def test_a_database_that_is_not_there_says_so():
    with pytest.raises(StoreFailed) as failure:
        Store("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    assert failure.value.retryable


@pytest.mark.parametrize(
    "given", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"]
)
def test_every_spelling_of_postgresql_gets_the_driver_we_ship(given: str):
    assert normalise(given) == sa.make_url("postgresql+psycopg://h/d")


def test_a_database_that_takes_nothing_just_now_is_asked_again(url: str):
    engine = open_engine(url)
    forbid = "PRAGMA query_only = ON" if "sqlite" in url else "SET TRANSACTION READ ONLY"
    with pytest.raises(sa.exc.DBAPIError) as refused, engine.begin() as connection:
        connection.exec_driver_sql(forbid)
        connection.exec_driver_sql("CREATE TABLE line (n INTEGER PRIMARY KEY)")
    assert retryable(refused.value)
    engine.dispose()


@pytest.mark.real_clock
async def test_a_database_of_a_newer_version_is_left_alone_and_says_what_to_do(empty_url: str):
    store = Store(empty_url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")
    await store.aclose()
    with pytest.raises(StoreFailed, match="9999_later is of a newer version") as refused:
        Store(empty_url)
    assert not refused.value.retryable and "restore a backup" in str(refused.value)
