"""Records the CRM did not take in time are written by themselves later; those refused wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

from core.crm.sync import CrmSync
from core.events import Flagged
from core.projections.document import document
from core.store import crm_sync as rows
from tests.contracts.call_document import SCHEMA
from tests.contracts.crm_rigs import KINDS, rig
from tests.contracts.test_crm import told
from tests.fakes.a_call import AT
from voice_agent.workflows import crm_later, durable
from voice_agent.workflows.durable import Workflows

pytestmark = pytest.mark.real_clock


@asynccontextmanager
async def running(hub: Any, sync: CrmSync | None = None) -> AsyncIterator[Workflows]:
    workflows = Workflows(hub.store, sync or hub.sync, retry_s=0.01)
    await workflows.start()
    workflows.crm_later.serve()
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
    monkeypatch.setattr(crm_later, "PAUSES_S", (4.0, 0.2))
    monkeypatch.setattr(durable, "TRIES", 2)
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
                lambda c: rows.page(c, rows.Wanted(state="dead"), 9, None)
            )
            await workflows.crm_later.now(f"c1/{dead.id[:8]}.{dead.tries}")
            await until(hub, "written")
        assert counted[-1]["dead"] == 0 and hub.count("activity") == 1
        assert hub.linked("activity", "contact")
