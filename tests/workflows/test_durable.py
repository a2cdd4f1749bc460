from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from anyio import to_thread
from dbos import DBOSClient, EnqueueOptions

from core.crm.sync import CrmSync
from core.errors import CrmFailed, StoreFailed
from core.events import ConversationEnded, Logged, Noted, RecordingSaved
from core.projections.document import document
from core.store.database import sqlite_file
from core.store.store import Store
from tests.fakes import stores
from tests.fakes.a_call import AT, ENDED, facts
from tests.fakes.postgres import database
from tests.fakes.records import records as crm_records
from voice_agent.audio.archive import Archive
from voice_agent.audio.wav import WavInvalid
from voice_agent.workflows import durable
from voice_agent.workflows.durable import KEPT, RETRIES_KEPT, Workflows, system_url
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock


class FlakyCrm:
    """Fails as often as it is told to, then writes for real."""

    def __init__(self, crm: CrmSync, failures: int, *, retryable: bool = True) -> None:
        self.crm, self.failures, self.retryable, self.tries = crm, failures, retryable, 0
        self.tried = anyio.Event()

    async def write(self, made: dict[str, Any]) -> list[dict[str, Any]]:
        self.tries += 1
        self.tried.set()
        if self.tries <= self.failures:
            failure = CrmFailed("quota")
            failure.retryable = self.retryable
            raise failure
        return await self.crm.write(made)

    async def given_up(self, conversation_id: str, error: Exception) -> list[dict[str, Any]]:
        return await self.crm.given_up(conversation_id, error)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(stores.sqlite(tmp_path / "calls.db"), server="me")
    yield opened
    await opened.aclose()


async def repaired(conversation_id: str, said: Any) -> RecordingSaved:
    return RecordingSaved(f"{conversation_id}-repaired.wav", 1234)


@asynccontextmanager
async def running(store: Store, **given: Any) -> AsyncIterator[Workflows]:
    given.setdefault("crm", crm_records(store))
    workflows = Workflows(store, retry_s=0.01, **given)
    await workflows.start()
    try:
        yield workflows
    finally:
        await workflows.aclose()


async def a_call(store: Store, conversation_id: str, *more: Any, ended: bool = True) -> None:
    call = [*facts(f"CA-{conversation_id}"), *more, *([ENDED] if ended else [])]
    await store.log.append(conversation_id, AT, call)


async def notes(store: Store, conversation_id: str) -> list[str]:
    return [e.fact.kind for e in await store.log.read(conversation_id) if isinstance(e.fact, Noted)]


async def count(store: Store, table: str) -> int:
    return await store.query(
        lambda c: c.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
    )


async def test_a_wrap_up_writes_the_brief_the_crm_and_tells_people_once(store: Store):
    told: list[dict[str, Any]] = []

    async def notify(made: dict[str, Any]) -> None:
        told.append(made)

    await a_call(store, "c1")
    async with running(store, notify=notify) as workflows:
        await workflows.wrap_up("c1")
        await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1")
        await workflows.wrap_up("c1")
    assert await notes(store, "c1") == ["handoff", "notified", "crm"]
    (made,) = told
    assert made["crm"]["status"] == "pending" and made["handoff"]["summary"]
    written = document("c1", await store.log.read("c1"))["crm"]
    assert written["status"] == "written" and len(written["records"]) == 5
    row = await store.conversations.get("c1")
    assert row and row.wrapped_up_at and await store.conversations.unwrapped() == []


async def test_nobody_is_told_of_a_lead_who_was_forgotten_before_the_wrap_up(
    store: Store, tmp_path: Path
):
    told: list[str] = []

    async def notify(made: dict[str, Any]) -> None:
        told.append(made["id"])

    for which in ("gone", "stays"):
        await a_call(store, which)
        if which == "gone":
            person = await store.people.person_of(which)
            assert person is not None
            await Eraser(store, Archive(tmp_path), lambda: AT).erase(person)
    async with running(store, notify=notify) as workflows:
        for which in ("gone", "stays"):
            await workflows.wrap_up(which)
            await workflows.wrapped_up(which)
    assert told == ["stays"]
    row = await store.conversations.get("gone")
    assert row is not None and row.wrapped_up_at is not None


async def test_a_crm_that_fails_is_tried_again(store: Store):
    crm = FlakyCrm(crm_records(store), failures=1)
    await a_call(store, "c1")
    async with running(store, crm=crm) as workflows:
        await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1")
    assert crm.tries == 2 and await count(store, "crm_activity") == 1


async def test_a_crm_that_is_down_holds_neither_the_person_nor_the_next_conversation(store: Store):
    crm = FlakyCrm(crm_records(store), failures=100)
    told: list[tuple[str, int]] = []

    async def notify(made: dict[str, Any]) -> None:
        told.append((made["id"], crm.tries))

    for n in range(2):
        await a_call(store, f"c{n}")
    async with running(store, crm=crm, notify=notify) as workflows:
        for n in range(2):
            await workflows.wrap_up(f"c{n}")
            await workflows.wrapped_up(f"c{n}")
    assert told == [("c0", 0), ("c1", 2)], "each person is told before the CRM is tried, twice"
    assert await notes(store, "c1") == ["handoff", "notified"]
    row = await store.conversations.get("c1")
    assert row and row.wrapped_up_at, "the rest is a job's of its own"


async def test_what_was_asked_for_by_an_older_server_is_done_in_its_order(store: Store):
    told: list[str] = []

    async def notify(made: dict[str, Any]) -> None:
        told.append(made["crm"]["status"])

    def by_an_older_server() -> None:
        client = DBOSClient(system_database_url=system_url(store.url))
        how: EnqueueOptions = {
            "workflow_name": "wrap_up", "queue_name": durable.QUEUE, "workflow_id": "wrapup-c1",
            "app_version": durable.VERSION,
        }  # fmt: skip
        client.enqueue(how, "c1", 0)
        client.destroy()

    await a_call(store, "c1")
    async with running(store, notify=notify) as workflows:
        await to_thread.run_sync(by_an_older_server)
        await workflows.wrapped_up("c1")
    assert told == ["written"]


async def test_a_crm_that_refuses_for_good_is_noted_as_failed(store: Store):
    crm = FlakyCrm(crm_records(store), failures=100, retryable=False)
    await a_call(store, "c1")
    async with running(store, crm=crm) as workflows:
        await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1")
    made = document("c1", await store.log.read("c1"))
    assert crm.tries == 1 and made["crm"]["status"] == "failed"
    row = await store.conversations.get("c1")
    assert row and row.wrapped_up_at


async def test_a_conversation_nobody_knows_is_nothing_to_wrap_up(store: Store):
    async with running(store) as workflows:
        await workflows.wrap_up("nobody")
        await workflows.wrapped_up("nobody")
    assert await store.log.read("nobody") == []


async def test_a_step_that_falls_over_keeps_no_other_from_being_done_and_is_done_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    for module in ("durable", "jobs"):
        monkeypatch.setattr(f"voice_agent.workflows.{module}.FELL_OVER_S", 0.2)
    mended, told = anyio.Event(), anyio.Event()

    def company() -> None:
        if not mended.is_set():
            raise LookupError("a bug")

    async def notify(made: dict[str, Any]) -> None:
        told.set()

    await a_call(store, "c1")
    async with running(store, company=company, notify=notify) as workflows:
        await workflows.jobs.begin()
        await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1")
        row = await store.conversations.get("c1")
        assert row and row.wrapped_up_at and await notes(store, "c1") == []
        mended.set()
        with anyio.fail_after(30):
            await told.wait()
    assert await notes(store, "c1") == ["handoff", "notified", "crm"]
    assert [r.exc_info[0] for r in caplog.records if r.exc_info][0] is LookupError


async def test_what_is_done_is_forgotten_after_a_while_and_what_waits_is_not(store: Store):
    day = [datetime.now(UTC)]
    await a_call(store, "c1")
    async with running(store, clock=lambda: day[0]) as workflows:
        await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1")
        await workflows.jobs.ask("later", "a", after_s=200 * 86_400.0)
        await workflows.tidy()
        assert known(store) == {"wrapup-c1", "later-a"}
        day[0] += KEPT + timedelta(hours=1)
        await workflows.tidy()
    assert known(store) == {"later-a"}


async def test_what_was_tried_again_is_forgotten_after_a_day(store: Store):
    day, done = [datetime.now(UTC)], anyio.Event()

    async def works(key: str, tries: int) -> float | None:
        if tries == 3:
            done.set()
        return 0.01 if tries < 3 else None

    async with running(store, clock=lambda: day[0]) as workflows:
        workflows.jobs.serve("works", works)
        await workflows.jobs.begin()
        await workflows.jobs.ask("works", "a")
        with anyio.fail_after(30):
            await done.wait()
        await anyio.sleep(0.2)
        await workflows.tidy()
        assert known(store) == {"works-a", *(f"again:works-a-{n}" for n in (1, 2, 3))}
        day[0] += RETRIES_KEPT + timedelta(hours=1)
        await workflows.tidy()
        assert known(store) == {"works-a"}, "asked for anew, it is not done again"


def known(store: Store) -> set[str]:
    """What DBOS remembers of, with the steps and inputs of it."""
    engine = sa.create_engine(system_url(store.url))
    if (file := sqlite_file(str(engine.url))) is not None:
        assert file.stat().st_mode & 0o777 == 0o600
    with engine.connect() as c:
        tables = ("workflow_status", "workflow_input", "operation_outputs")
        found = {
            which for table in tables
            for which in c.execute(sa.text(f"SELECT workflow_uuid FROM {table}")).scalars()
        }  # fmt: skip
    engine.dispose()
    return found


async def test_many_calls_that_end_together_are_all_wrapped_up(store: Store):
    for n in range(20):
        await a_call(store, f"c{n}")
    async with running(store) as workflows:
        for n in range(20):
            await workflows.wrap_up(f"c{n}")
        for n in range(20):
            await workflows.wrapped_up(f"c{n}")
    assert await count(store, "crm_activity") == 20


async def test_a_sweep_ends_what_a_dead_server_left_and_wraps_it_up(tmp_path: Path):
    dead = Store(stores.sqlite(tmp_path / "calls.db"), server="dead")
    await a_call(dead, "c1", ended=False)
    await dead.aclose()

    def outcome(said: Any) -> str:
        return "question_answered"

    store = Store(stores.sqlite(tmp_path / "calls.db"), server="me")
    async with running(store, outcome=outcome, repair=repaired) as workflows:
        assert await workflows.sweep() == ["c1"]
        await workflows.wrapped_up("c1")
        assert await workflows.sweep() == []
    made = document("c1", await store.log.read("c1"))
    assert (made["status"], made["outcome"]) == ("interrupted", "question_answered")
    assert made["crm"]["status"] == "written"
    await store.aclose()


async def test_a_server_that_was_only_out_of_reach_has_its_own_account_written_up_after_all(
    store: Store, tmp_path: Path
):
    away = Store(store.url, server="out-of-reach")
    await a_call(away, "c1", ended=False)
    async with running(store) as workflows:
        assert await workflows.sweep() == ["c1"]
        await workflows.wrapped_up("c1")
        await away.log.append("c1", AT, [ENDED])
        for _ in range(2):  # told twice, written up once
            await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1", revision=1)
    assert (await notes(store, "c1")).count("crm") == 2
    assert document("c1", await store.log.read("c1"))["status"] == "completed"
    assert await count(store, "crm_activity") == 1
    await away.aclose()


async def test_a_recording_that_was_not_closed_is_repaired(tmp_path: Path):
    dead = Store(stores.sqlite(tmp_path / "calls.db"), server="dead")
    said = [fact for fact in facts() if not isinstance(fact, RecordingSaved)]
    await dead.log.append("c1", AT, said)
    await dead.aclose()

    store = Store(stores.sqlite(tmp_path / "calls.db"), server="me")
    async with running(store, repair=repaired) as workflows:
        await workflows.sweep()
        await workflows.wrapped_up("c1")
    made = document("c1", await store.log.read("c1"))
    assert made["recording"]["duration_ms"] == 1234
    await store.aclose()


@pytest.mark.parametrize("error", [WavInvalid("no header of a recording of ours"), OSError("full")])
async def test_a_recording_that_cannot_be_repaired_keeps_no_call_from_its_end(
    tmp_path: Path, error: Exception
):
    dead = Store(stores.sqlite(tmp_path / "calls.db"), server="dead")
    for n in range(2):
        said = [fact for fact in facts(f"CA{n}") if not isinstance(fact, RecordingSaved)]
        await dead.log.append(f"c{n}", AT, said)
    await dead.aclose()

    async def broken(conversation_id: str, said: Any) -> RecordingSaved:
        if conversation_id == "c0":
            raise error
        return await repaired(conversation_id, said)

    store = Store(stores.sqlite(tmp_path / "calls.db"), server="me")
    async with running(store, repair=broken) as workflows:
        ended = await workflows.sweep()
    assert "c1" in ended
    made = document("c0", await store.log.read("c0"))
    if isinstance(error, OSError):  # it may yet become readable
        assert "c0" not in ended and made["status"] == "in_progress"
    else:
        assert "c0" in ended and made["status"] == "interrupted"
        assert "recording_incomplete" in [f["kind"] for f in made["flags"]]
    await store.aclose()


async def test_books_of_durable_work_that_cannot_be_opened_are_told_in_a_line(tmp_path: Path):
    (tmp_path / "calls-workflows.db").write_text("this is no database, " * 100)
    store = Store(stores.sqlite(tmp_path / "calls.db"))
    with pytest.raises(StoreFailed, match="^durable work: .*not a database$"):
        async with running(store):
            pass
    await store.aclose()


async def test_a_sweep_leaves_live_calls_of_this_server_alone(store: Store):
    await a_call(store, "c1", ended=False)
    async with running(store) as workflows:
        assert await workflows.sweep() == []
    assert not any(isinstance(e.fact, ConversationEnded) for e in await store.log.read("c1"))


async def test_a_sweep_finds_a_call_that_ended_but_was_never_queued(tmp_path: Path):
    dead = Store(stores.sqlite(tmp_path / "calls.db"), server="dead")
    await a_call(dead, "c1")
    await dead.aclose()
    store = Store(stores.sqlite(tmp_path / "calls.db"), server="me")
    async with running(store) as workflows:
        assert await workflows.sweep() == ["c1"]
        await workflows.wrapped_up("c1")
    logged: list[Logged] = await store.log.read("c1")
    assert [e.fact.reason for e in logged if isinstance(e.fact, ConversationEnded)] == [
        "caller_hung_up"
    ]
    await store.aclose()


async def test_stopping_while_the_crm_is_away_ends_soon_and_goes_on_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("voice_agent.workflows.durable.DRAIN_S", 0.3)
    away = FlakyCrm(crm_records(store), failures=10**6)
    away_for_long = Workflows(store, away, retry_s=5.0)
    await a_call(store, "c1")
    await away_for_long.start()
    await away_for_long.wrap_up("c1")
    await away.tried.wait()
    await away_for_long.aclose()
    assert "crm" not in await notes(store, "c1")
    again = Store(store.url, server="next")
    async with running(again) as workflows:
        assert await workflows.sweep() == ["c1"]
        await workflows.wrapped_up("c1")
    assert await notes(store, "c1") == ["handoff", "crm"]
    await again.aclose()


def test_dbos_keeps_its_state_beside_sqlite_and_inside_postgresql():
    assert system_url("sqlite:////var/x/agent.db") == "sqlite:////var/x/agent-workflows.db"
    assert system_url("sqlite:///a.b/agent") == "sqlite:///a.b/agent-workflows"
    assert system_url("postgres://u:p@h/d") == "postgresql+psycopg://u:p@h/d"


@pytest.mark.postgres
async def test_everything_works_on_postgresql_as_well():
    with database() as url:
        store = Store(url)
        await a_call(store, "c1")
        async with running(store) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
        assert await count(store, "crm_activity") == 1
        await store.aclose()
