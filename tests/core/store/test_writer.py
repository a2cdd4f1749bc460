import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, wait

import pytest
import sqlalchemy as sa

from core.errors import StoreFailed
from core.store import writer as writer_module
from core.store.database import open_engine
from core.store.store import Store
from core.store.writer import BATCH, Writer

DYING = """
import asyncio, sys
from datetime import UTC, datetime
from core.events import Noted
from core.store.store import Store

async def main():
    store = Store(sys.argv[1])
    for n in range(1_000_000):
        await store.log.append("c1", datetime(2025, 1, 1, tzinfo=UTC), [Noted("n", {"n": n})])
        print(n, flush=True)

asyncio.run(main())
"""


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[sa.Engine]:
    opened = open_engine(sqlite_url)
    with opened.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE line (n INTEGER PRIMARY KEY, lane TEXT)")
    yield opened
    opened.dispose()


@pytest.fixture
def writer(engine: sa.Engine) -> Iterator[Writer]:
    made = Writer(engine)
    yield made
    made.close()


def put(lane: str, n: int | None = None):
    return lambda c: c.execute(
        sa.text("INSERT INTO line VALUES (:n, :lane)"), {"n": n, "lane": lane}
    )


def held(writer: Writer) -> threading.Event:
    """Holds the writer until set, so that what a test submits meanwhile waits together."""
    taken, release = threading.Event(), threading.Event()

    def hold(connection: sa.Connection) -> None:
        taken.set()
        release.wait()

    writer.submit("hold", hold)
    taken.wait()
    return release


def lanes(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT lane FROM line ORDER BY n")).scalars())


def test_a_busy_lane_does_not_hold_up_the_others(writer: Writer, engine: sa.Engine):
    release = held(writer)
    busy = [writer.submit("busy", put("busy")) for _ in range(BATCH * 3)]
    quiet = writer.submit("quiet", put("quiet"))
    release.set()
    wait([quiet])
    wait(busy)
    assert lanes(engine).index("quiet") < BATCH


def test_one_bad_piece_of_work_fails_alone(writer: Writer, engine: sa.Engine):
    release = held(writer)
    results: list[Future[object]] = [
        writer.submit("a", put("a", 1)), writer.submit("b", put("b", 1)),
        writer.submit("c", put("c", 3)),
    ]  # fmt: skip
    release.set()
    wait(results)
    assert [type(result.exception()) for result in results] == [type(None), StoreFailed, type(None)]
    assert lanes(engine) == ["a", "c"]


def test_work_is_tried_again_while_the_database_is_locked(writer: Writer, engine: sa.Engine):
    tries = []

    def locked_twice(connection: sa.Connection) -> None:
        tries.append(1)
        if len(tries) < 3:
            busy = sqlite3.OperationalError("database is locked")
            raise sa.exc.OperationalError("BEGIN", {}, busy)
        put("late")(connection)

    writer.submit("a", locked_twice).result(10)
    assert (len(tries), lanes(engine)) == (3, ["late"])


def test_what_was_to_be_written_stands_neither_in_errors_nor_in_the_log(
    writer: Writer, caplog: pytest.LogCaptureFixture
):
    words = "".join(["Ja", "ne"])
    refused = writer.submit("a", put("a", words)).exception(10)  # type: ignore[arg-type]
    assert "mismatch" in str(refused) and "\n" not in str(refused)
    told = "".join(traceback.format_exception(refused))
    assert "IntegrityError" in told and words not in told + caplog.text


def test_a_fault_of_ours_is_logged_where_it_stands(
    writer: Writer, caplog: pytest.LogCaptureFixture
):
    def falls_over(_connection: sa.Connection) -> None:
        raise LookupError("a bug")

    assert str(writer.submit("a", falls_over).exception(10)) == "LookupError: a bug"
    assert [bool(record.exc_info) for record in caplog.records] == [True]


def test_a_fault_in_who_is_told_of_commits_ends_neither_the_writer_nor_the_commit(
    writer: Writer, engine: sa.Engine
):
    def falls_over(_lanes: object) -> None:
        raise LookupError("a bug")

    writer.committed.append(falls_over)
    for n in range(2):
        writer.submit("a", put("a", n)).result(10)
    assert lanes(engine) == ["a", "a"]


def test_too_much_waiting_is_refused_and_may_be_tried_again(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writer_module, "BACKLOG", 2)
    release = held(writer)
    accepted = [writer.submit("a", put("a")), writer.submit("a", put("a"))]
    refused = writer.submit("a", put("a")).exception(1)
    release.set()
    wait(accepted)
    assert isinstance(refused, StoreFailed) and refused.retryable


def test_closing_writes_what_waits_and_then_refuses(engine: sa.Engine):
    writer = Writer(engine)
    release = held(writer)
    waiting = [writer.submit(str(n), put(str(n))) for n in range(300)]
    release.set()
    writer.close()
    writer.close()
    assert all(result.done() and not result.exception() for result in waiting)
    assert isinstance(writer.submit("a", put("a")).exception(1), StoreFailed)


def killed_while_appending(url: str) -> int:
    """Runs a process that appends 0, 1, 2 …, kills it, and returns the last it knew was stored."""
    with subprocess.Popen([sys.executable, "-c", DYING, url], stdout=subprocess.PIPE) as dying:
        assert dying.stdout
        for line in dying.stdout:
            if int(line) >= 50:
                os.kill(dying.pid, signal.SIGKILL)
                break
        return [int(line), *(int(rest) for rest in dying.stdout)][-1]


@pytest.mark.slow
async def test_a_killed_process_loses_nothing_it_was_told_is_stored(url: str):
    told = killed_while_appending(url)
    store = Store(url)
    logged = await store.log.read("c1")
    assert [entry.fact.data["n"] for entry in logged[: told + 1]] == list(range(told + 1))
    await store.aclose()


def test_a_slow_commit_is_measured_and_named(
    engine: sa.Engine,
    writer: Writer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(writer_module, "SLOW_S", 0.05)
    took: list[float] = []

    def fails(_took_s: float) -> None:
        raise OSError("no space left")

    writer.timed += [fails, took.append]
    wait([writer.submit("quick", put("quick"))])
    wait([writer.submit("erasure", lambda _connection: time.sleep(0.06))])
    assert len(took) == 2 and took[1] >= 0.06 > took[0]
    (line,) = [r.getMessage() for r in caplog.records if "a commit took" in r.getMessage()]
    assert line.endswith("erasure")
