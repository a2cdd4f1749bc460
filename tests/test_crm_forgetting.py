"""A forgotten person's records are deleted in the CRM: those we created, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import CrmFailed
from core.store.personal import elsewhere
from tests.contracts.crm_rigs import KINDS, rig
from tests.contracts.test_crm import told, written
from tests.fakes.a_call import AT
from voice_agent.audio.archive import Archive
from voice_agent.crm_forgetting import CrmForgetting
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock


@pytest.fixture(params=["hubspot", "salesforce"])
async def system(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    async with rig(request.param, tmp_path) as made:
        yield made


async def erased(system: Any, folder: Path) -> str:
    """Write a call, then forget who called; the erasure's id."""
    await written(system, await told(system))
    await system.store.conversations.mark_wrapped("c1", AT)
    person = await system.store.people.person_of("c1")
    done = await Eraser(system.store, Archive(folder), lambda: AT).erase(person)
    assert done.done
    return str(done.id)


async def left(system: Any, erasure: str) -> list[str]:
    return [r["kind"] for r in await system.store.query(lambda c: elsewhere(c, erasure))]


async def test_what_we_made_of_a_forgotten_person_is_deleted_once(
    system: Any, tmp_path: Path
) -> None:
    erasure = await erased(system, tmp_path)
    assert len(await left(system, erasure)) == 5
    forgetting = CrmForgetting(system.sync)
    assert await forgetting.sweep() == 5 and await forgetting.sweep() == 0
    assert {k: system.count(k) for k in KINDS} == {
        **dict.fromkeys(KINDS, 0), "account": 1,
    }  # fmt: skip
    assert await left(system, erasure) == []


async def test_a_contact_that_was_there_before_us_stays_and_is_named(
    system: Any, tmp_path: Path
) -> None:
    if system.crm.name == "hubspot":
        system.server.put("contacts", email="jane@acme.com", firstname="Jane")
    else:
        system.server.put("Contact", Email="jane@acme.com", LastName="Doe")
    erasure = await erased(system, tmp_path)
    await CrmForgetting(system.sync).sweep()
    assert system.count("contact") == 1 and system.count("activity") == 0
    assert await left(system, erasure) == ["contact"]


async def test_a_deletion_that_fails_or_whose_answer_is_lost_is_gone_on_with(
    system: Any, tmp_path: Path
) -> None:
    await erased(system, tmp_path)
    forgetting = CrmForgetting(system.sync)
    where = "contacts/gdpr-delete" if system.crm.name == "hubspot" else "DELETE"
    for fault in ("503", "reset-after"):
        system.server.fail(fault, where)
        with pytest.raises(CrmFailed):
            await forgetting.sweep()
    await forgetting.sweep()
    assert system.count("contact") == system.count("activity") == 0


async def test_nobody_who_was_not_forgotten_loses_anything(system: Any) -> None:
    await written(system, await told(system))
    assert await CrmForgetting(system.sync).sweep() == 0
    assert {k: system.count(k) for k in KINDS} == dict.fromkeys(KINDS, 1)
    query = sa.text("SELECT count(*) FROM person_erasure")
    assert await system.store.query(lambda c: c.execute(query).scalar_one()) == 0


async def test_a_record_that_may_not_be_deleted_keeps_no_other_from_it(
    system: Any, tmp_path: Path
) -> None:
    erasure = await erased(system, tmp_path)

    class Refuses:
        """Lets everything be deleted but tasks."""

        name = system.crm.name

        async def delete(self, kind: str, variant: str, remote_id: str) -> None:
            if kind == "task":
                raise CrmFailed("no scope for tasks", retryable=False)
            await system.crm.delete(kind, variant, remote_id)

    refused = CrmForgetting(replace(system.sync, crm=Refuses()))
    assert await refused.sweep() == 4
    assert await left(system, erasure) == ["task"] and system.count("contact") == 0
    assert await CrmForgetting(system.sync).sweep() == 1
