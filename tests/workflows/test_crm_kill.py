from pathlib import Path

import pytest

from core.projections.document import document
from core.store import crm_sync as rows
from core.store.store import Store
from tests.contracts.crm_rigs import KINDS, OBJECTS
from tests.fakes import stores
from tests.fakes.hubspot import HubSpot
from tests.nursery import ended
from tests.workflows.dying_crm import Hub, http

MOMENT = "after:contacts/batch/upsert"


def _killed(url: str, crm: str, moment: str) -> int:
    return ended("tests.workflows.dying_crm", url, crm, moment)


@pytest.mark.slow
async def test_a_server_killed_inside_the_crm_step_leaves_one_of_each_after_the_next_start(
    tmp_path: Path,
):
    url = stores.sqlite(tmp_path / "calls.db")
    with HubSpot() as server:
        assert _killed(url, server.url, MOMENT) == -9
        assert len(server.all("contacts")) == 1 and server.all("calls") == []
        store = Store(url, server="next")
        async with http(server.url) as client:
            hub = Hub(store, client)
            await hub.workflows.start()
            await hub.workflows.sweep()
            await hub.workflows.wrapped_up("c1")
            await hub.workflows.aclose()
        assert {k: len(server.all(OBJECTS[k])) for k in KINDS} == dict.fromkeys(KINDS, 1)
        made = document("c1", await store.log.read("c1"))
        assert made["crm"]["status"] == "written"
        counts = await store.query(lambda c: rows.counts(c, "hubspot"))
        assert counts["synced"] == len(KINDS)
        await store.aclose()
