from pathlib import Path

import pytest
import sqlalchemy as sa

from core.events import Noted
from core.projections.document import document
from core.store.store import Store
from tests.fakes import stores
from tests.fakes.records import records as crm_records
from tests.nursery import ended
from voice_agent.workflows.durable import Workflows

MOMENTS = ("after:queued", "before:crm-write", "after:crm-write", "after:crm")


def killed(url: str, moment: str) -> int:
    return ended("tests.workflows.dying_server", url, "dead", moment)


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_server_killed_at_any_moment_leaves_one_record_after_the_next_start(
    tmp_path: Path, moment: str
):
    url = stores.sqlite(tmp_path / "calls.db")
    assert killed(url, moment) == -9
    store = Store(url, server="next")
    workflows = Workflows(store, crm_records(store))
    await workflows.start()
    await workflows.sweep()
    await workflows.wrapped_up("c1")
    await workflows.aclose()
    logged = await store.log.read("c1")
    noted = [entry.fact.kind for entry in logged if isinstance(entry.fact, Noted)]
    assert noted == ["handoff", "crm"]
    made = document("c1", logged)
    assert (made["status"], made["crm"]["status"]) == ("completed", "written")
    for table in ("crm_contact", "crm_account", "crm_activity"):
        query = sa.text(f"SELECT count(*) FROM {table}")
        assert await store.query(lambda c, q=query: c.execute(q).scalar_one()) == 1
    await store.aclose()
