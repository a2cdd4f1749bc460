"""What CRM or calendar did not take in time is written later; what they refuse waits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

from core.clock import Clock, utc_now
from core.crm.sync import CrmSync
from core.errors import CalendarFailed
from core.events import Flagged, Noted
from core.facts.corrections import SignalCorrected
from core.projections.document import document
from core.scheduling.ports import Calendar, CalendarEntry
from core.store import crm_sync as rows
from core.store.store import Store
from tests.contracts.call_document import SCHEMA
from tests.contracts.crm_rigs import KINDS, fields, rig
from tests.contracts.test_crm import MEETING, told
from tests.fakes.a_call import AT
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.patience import Patience
from voice_agent.workflows import later
from voice_agent.workflows.durable import Workflows

pytestmark = pytest.mark.real_clock


@asynccontextmanager
async def running(
    hub: Any, sync: CrmSync | None = None, calendar: Calendar | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[Workflows]:  # fmt: skip
    workflows = Workflows(hub.store, sync or hub.sync, calendar=calendar, retry_s=0.01, clock=clock)
    await workflows.start()
    await workflows.jobs.begin()
    try:
        yield workflows
    finally:
        await workflows.aclose()


async def status(hub: Any) -> dict[str, Any]:
    made = document("c1", await hub.store.log.read("c1"))
    jsonschema.validate(made, SCHEMA)
    return made["crm"]


async def until(hub: Any, wanted: str) -> dict[str, Any]:
    with anyio.fail_after(30):
        while (found := await status(hub))["status"] != wanted:
            await anyio.sleep(0.05)
    return found


async def test_a_crm_that_is_away_for_long_is_written_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "FIRST_S", 4.0)
    monkeypatch.setattr(later, "TWO_DAYS", Patience((0.2,)))
    async with rig("hubspot", tmp_path) as hub:
        await told(hub)
        hub.server.fail("503", "batch/read", times=2)
        async with running(hub) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            assert await status(hub) == {"status": "pending", "records": []}
            found = await until(hub, "written")
        assert {r["object"] for r in found["records"]} == set(KINDS)
        assert {k: hub.count(k) for k in KINDS} == dict.fromkeys(KINDS, 1)


async def test_a_dead_letter_is_flagged_counted_and_written_when_a_person_asks(
    tmp_path: Path,
) -> None:
    async with rig("hubspot", tmp_path) as hub:
        await told(hub)
        del hub.server.properties["calls"]["voice_agent_verdict"]
        counted: list[dict[str, int]] = []
        sync = CrmSync(
            hub.crm,
            hub.store,
            lambda: AT,
            hub.sync.profile,
            counted=lambda n: counted.append(dict(n)),
        )
        async with running(hub, sync) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            assert (await status(hub))["status"] == "failed" and counted[-1]["dead"] == 1
            flags = [e.fact for e in await hub.store.log.read("c1") if isinstance(e.fact, Flagged)]
            (flag,) = [f for f in flags if f.kind == "crm_failed"]
            assert "voice-agent crm check --create" in flag.note
            await hub.crm.check(create=True)
            (dead,) = await hub.store.query(
                lambda c: rows.page(c, rows.SyncFilters(state="dead"), 9, None)
            )
            await workflows.crm_later.now(f"c1/{dead.id[:8]}.{dead.tries}")
            await until(hub, "written")
        assert counted[-1]["dead"] == 0 and hub.count("activity") == 1
        assert hub.linked("activity", "contact")


class Sick(EmbeddedCalendar):
    """A calendar that does not take what it is given at first."""

    def __init__(self, store: Store, *failures: CalendarFailed) -> None:
        super().__init__(store)
        self.failures = list(failures)
        self.created = 0

    async def create(self, entry: CalendarEntry) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.created += 1
        await super().create(entry)


async def noted(hub: Any) -> list[Any]:
    facts = [e.fact for e in await hub.store.log.read("c1")]
    notes = [f.data["status"] for f in facts if isinstance(f, Noted) and f.kind == "calendar"]
    flags = [f.note for f in facts if isinstance(f, Flagged) and f.kind == "calendar_failed"]
    return [*notes, *flags]


async def test_a_meeting_is_put_in_when_the_calendar_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "FIRST_S", 0.5)
    monkeypatch.setattr(later, "TWO_DAYS", Patience((0.2,)))
    async with rig("embedded", tmp_path) as hub:
        await told(hub)
        sick = Sick(hub.store, *[CalendarFailed("away")] * 3)
        async with running(hub, calendar=sick, clock=lambda: AT) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            assert await noted(hub) == [], "nobody is alarmed yet"
            with anyio.fail_after(30):
                while not await noted(hub):
                    await anyio.sleep(0.05)
        assert await noted(hub) == ["written"] and sick.created == 1


async def test_a_meeting_that_begins_before_the_next_try_is_flagged_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "FIRST_S", 0.1)
    monkeypatch.setattr(later, "TWO_DAYS", Patience((0.1, 3_600.0, 3_600.0)))
    soon = datetime.fromisoformat(MEETING.start) - timedelta(minutes=30)
    async with rig("embedded", tmp_path) as hub:
        await told(hub)
        sick = Sick(hub.store, *[CalendarFailed("away")] * 9)
        async with running(hub, calendar=sick, clock=lambda: soon) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            with anyio.fail_after(30):
                while not await noted(hub):
                    await anyio.sleep(0.05)
        status, why = await noted(hub)
        assert status == "failed" and "away" in why


async def test_a_calendar_that_refuses_is_flagged_and_asked_again_for_when_that_is_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "FIRST_S", 0.1)
    monkeypatch.setattr(later, "TWO_DAYS", Patience((0.1,)))
    async with rig("embedded", tmp_path) as hub:
        await told(hub)
        refusal = CalendarFailed("no permission", retryable=False)
        sick = Sick(hub.store, refusal, CalendarFailed("asked too often", after_s=0.5))
        async with running(hub, calendar=sick, clock=lambda: AT) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            first, why = await noted(hub)
            assert first == "failed" and "no permission" in why and not sick.created
            with anyio.fail_after(30):
                while not sick.created:
                    await anyio.sleep(0.05)
        assert (await noted(hub))[:2] == ["failed", "written"]


async def test_a_meeting_still_to_come_is_put_in_whenever_the_calendar_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "FIRST_S", 0.1)
    monkeypatch.setattr(later, "TWO_DAYS", Patience((0.1,)))
    async with rig("embedded", tmp_path) as hub:
        await told(hub)
        sick = Sick(hub.store, *[CalendarFailed("away", after_s=0.1)] * 6)
        async with running(hub, calendar=sick, clock=lambda: AT) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            with anyio.fail_after(30):
                while not sick.created:
                    await anyio.sleep(0.05)
            with anyio.fail_after(5):
                while len(await noted(hub)) < 3:
                    await anyio.sleep(0.05)
        first, then, why = await noted(hub)
        assert (first, then) == ("failed", "written") and "away" in why, "flagged once"


async def test_a_meeting_that_has_begun_is_put_in_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "FIRST_S", 0.1)
    monkeypatch.setattr(later, "TWO_DAYS", Patience((0.1,)))
    async with rig("embedded", tmp_path) as hub:
        await told(hub)
        sick = Sick(hub.store, *[CalendarFailed("away")] * 9)
        async with running(hub, calendar=sick, clock=lambda: AT + timedelta(days=9)) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            with anyio.fail_after(30):
                while not await noted(hub):
                    await anyio.sleep(0.05)
            await anyio.sleep(1.0)
        assert len(sick.failures) == 6, "two at once, one by its own job"


async def test_what_a_person_put_right_is_written_once_however_often_it_is_asked(
    tmp_path: Path,
) -> None:
    async with rig("hubspot", tmp_path) as hub:
        await told(hub)
        async with running(hub) as workflows:
            await workflows.wrap_up("c1")
            await workflows.wrapped_up("c1")
            for _ in range(2):  # asked before it is kept, and again by a form that is sent twice
                await workflows.crm_later.now("c1/corrected.k1", 0.3)
            right = SignalCorrected("k1", "s2", "name", "Jane Doe", "Joan Dow", "sam")
            await hub.store.log.append("c1", AT, [right])
            with anyio.fail_after(30):
                while (await fields(hub, "contact"))["last_name"] != "Dow":
                    await anyio.sleep(0.05)
            await anyio.sleep(0.2)
        logged = [entry.fact for entry in await hub.store.log.read("c1")]
        noted = [f for f in logged if isinstance(f, Noted) and f.kind == "crm"]
        assert len(noted) == 2 and hub.count("contact") == 1
