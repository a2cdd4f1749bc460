from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.crm.records import Kind, Ref, Stored
from core.crm.sync import CrmSync
from core.errors import CrmFailed
from core.projections.document import document
from core.store.store import Store
from tests.fakes.a_call import AT, ENDED, facts, logged
from tests.fakes.records import records
from voice_agent.adapters.crm_embedded import EmbeddedCrm
from voice_agent.api.crm import routes
from voice_agent.workflows.later import Later

pytestmark = pytest.mark.real_clock


class Asked:
    """Jobs that are only noted."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, str]] = []

    def serve(self, kind: str, work: object) -> None:
        """None of them runs."""

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0) -> None:
        self.keys.append((kind, key))


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def api(store: Store, asked: Asked) -> AsyncIterator[httpx.AsyncClient]:
    crm = records(store, lambda: AT)
    call = [*facts("CA1"), ENDED]
    await store.log.append("c1", AT, call)
    await crm.write(document("c1", logged(call)))
    later = Later("crm", None, None, asked)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(Starlette(routes=routes(crm, later, "t0ken")))
    headers = {"authorization": "Bearer t0ken"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://agent", headers=headers
    ) as client:
        yield client


async def one(api: httpx.AsyncClient, kind: str) -> dict[str, Any]:
    (found,) = (await api.get(f"/api/v1/crm/records?kind={kind}")).json()["records"]
    return found


async def test_every_record_tells_how_it_stands(api: httpx.AsyncClient):
    body = (await api.get("/api/v1/crm/records")).json()
    assert {r["object"] for r in body["records"]} == {
        "account", "contact", "lead", "activity", "task",
    }  # fmt: skip
    assert {r["state"] for r in body["records"]} == {"synced"} and body["counts"]["synced"] == 5
    assert (await api.get("/api/v1/crm/records?state=dead")).json()["records"] == []


async def test_a_record_shows_what_a_person_changed(store: Store, api: httpx.AsyncClient):
    change = sa.text("UPDATE crm_contact SET owner = 'kim'")
    await store.write("rep", lambda c: c.execute(change) and None)
    shown = (await api.get(f"/api/v1/crm/records/{(await one(api, 'contact'))['id']}")).json()
    (owner,) = [f for f in shown["fields"] if f["field"] == "owner"]
    assert (owner["ours"], owner["theirs"]) == ("sam", "kim") and shown["live"]
    assert not owner["same"] and not owner["last_written_by_us"]
    (name,) = [f for f in shown["fields"] if f["field"] == "name"]
    assert name["same"] and name["last_written_by_us"]


@pytest.mark.parametrize("state", ["dead", "retrying"])
async def test_all_that_waits_is_written_again_by_one_request(
    store: Store, api: httpx.AsyncClient, asked: Asked, state: str
):
    path = "/api/v1/crm/records/retry"
    assert (await api.post(path)).json() == {"conversations": 0} and not asked.keys
    revoked = sa.text("UPDATE crm_sync SET state = :state WHERE kind IN ('contact', 'lead')")
    await store.write("rep", lambda c: c.execute(revoked, {"state": state}) and None)
    for _ in range(2):  # asked for twice at once it is one job
        told = await api.post(path)
        assert (told.status_code, told.json()) == (202, {"conversations": 1})
    assert {key.partition("/")[0] for _, key in asked.keys} == {"c1"} and len({*asked.keys}) == 1


async def test_pages_follow_each_other_without_gaps(api: httpx.AsyncClient):
    seen, cursor = [], ""
    while cursor is not None:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        body = (await api.get("/api/v1/crm/records", params=params)).json()
        seen += [r["id"] for r in body["records"]]
        cursor = body["next_cursor"]
    assert len(seen) == len(set(seen)) == 5


async def test_a_retry_is_asked_for_once_for_each_try(api: httpx.AsyncClient, asked: Asked):
    found = await one(api, "contact")
    for _ in range(2):
        response = await api.post(f"/api/v1/crm/records/{found['id']}/retry")
        assert response.status_code == 202
    assert len(set(asked.keys)) == 1 and asked.keys[0][1].startswith("c1/")


class Down(EmbeddedCrm):
    """A CRM that is away."""

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        raise CrmFailed("away")


async def test_a_retry_that_was_in_vain_can_be_asked_for_again(
    store: Store, api: httpx.AsyncClient, asked: Asked
):
    found = await one(api, "contact")
    await api.post(f"/api/v1/crm/records/{found['id']}/retry")
    away = CrmSync(Down(store), store, lambda: AT + timedelta(days=2))
    with pytest.raises(CrmFailed) as failed:
        await away.write(document("c1", logged([*facts("CA1"), ENDED])))
    await away.given_up("c1", failed.value)
    await api.post(f"/api/v1/crm/records/{found['id']}/retry")
    assert len(set(asked.keys)) == 2, "the same job would not run again"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("?state=lost", 422, "bad-filter"), ("?limit=0", 422, "bad-limit"),
     ("?cursor=x", 422, "bad-cursor"), ("?color=red", 422, "unknown-filter"),
     ("/nothing", 404, "unknown-record")],
)  # fmt: skip
async def test_wrong_requests_are_told_what_is_right(
    api: httpx.AsyncClient, path: str, status: int, code: str
):
    response = await api.get(f"/api/v1/crm/records{path}")
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


async def test_nobody_without_the_token_sees_records(api: httpx.AsyncClient):
    response = await api.get("/api/v1/crm/records", headers={"authorization": "Bearer x"})
    assert response.status_code == 401
