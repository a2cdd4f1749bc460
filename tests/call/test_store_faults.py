"""A journal over real databases that are locked, cut off or full: every fact once, in order."""

import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import anyio
import psycopg
import pytest

from core.events import Flagged, Noted
from core.store.store import Store
from tests.fakes import stores
from voice_agent.call.journal import Journal
from voice_agent.call.spill import Spill

pytestmark = pytest.mark.real_clock
AT = datetime(2026, 11, 25, tzinfo=UTC)


async def kinds(store: Store) -> list[str]:
    logged = [e.fact for e in await store.log.read("c")]
    return [fact.kind for fact in logged if isinstance(fact, Noted)]


async def test_a_database_somebody_locks_gets_everything_when_it_is_free(tmp_path: Path):
    store, spill = Store(stores.sqlite(tmp_path / "calls.db")), Spill(tmp_path / "journal")
    locker = sqlite3.connect(tmp_path / "calls.db", isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    journal = Journal(store.log, "c", spill)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for n in range(10):
            journal.write(AT, Noted(str(n)))
        with anyio.fail_after(10):
            while not list(spill.folder.glob("*.jsonl")):
                await anyio.sleep(0.1)
        locker.execute("COMMIT")
        assert await journal.close()
        tasks.cancel_scope.cancel()
    assert await kinds(store) == [str(n) for n in range(10)]
    flags = [e.fact for e in await store.log.read("c") if isinstance(e.fact, Flagged)]
    assert [flag.kind for flag in flags] == ["stored_late"] and not list(spill.folder.iterdir())
    locker.close()
    await store.aclose()


@pytest.mark.postgres
async def test_connections_cut_again_and_again_lose_and_double_nothing(
    postgres_url: str, tmp_path: Path
):
    store, spill = Store(postgres_url), Spill(tmp_path / "journal")
    journal = Journal(store.log, "c", spill)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            for n in range(100):
                journal.write(AT, Noted(str(n)))
                if n % 10 == 5:
                    admin.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                await anyio.sleep(0.01)
        assert await journal.close()
        tasks.cancel_scope.cancel()
    assert await kinds(store) == [str(n) for n in range(100)]
    await store.aclose()


FULL = """
import resource, signal, sys, anyio
from pathlib import Path
from core.events import Noted
from core.store.store import Store
from tests.call.test_store_faults import AT, kinds
from voice_agent.call.journal import Journal
from voice_agent.call.spill import Spill

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])

async def main():
    store = Store(f"sqlite:///{folder}/calls.db")
    await store.log.append("other", AT, [Noted("x")])
    size = max(p.stat().st_size for p in folder.iterdir())
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, most))
    journal = Journal(store.log, "c", Spill(folder / "journal"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for n in range(60):
            journal.write(AT, Noted(str(n), {"filler": "x" * 2000}))
        with anyio.move_on_after(3):
            assert not await journal.flush(), "it fitted"
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        assert await journal.close()
        tasks.cancel_scope.cancel()
    assert await kinds(store) == [str(n) for n in range(60)], await kinds(store)
    await store.aclose()

anyio.run(main)
"""


async def test_a_full_disk_keeps_facts_waiting_until_there_is_room(tmp_path: Path):
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    done = await anyio.run_process(command, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
