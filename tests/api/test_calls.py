from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import numpy as np
import pytest
from starlette.applications import Starlette

from core.events import ConversationStarted, RecordingSaved
from core.projections.document import document
from core.store.store import Store
from tests.contracts.call_document import SCHEMA
from tests.fakes.a_call import AT, ENDED, facts, started
from tests.fakes.records import records as crm_records
from voice_agent.api.calls import routes
from voice_agent.audio.archive import Archive
from voice_agent.audio.sealed import Keys, SealedWriter, new_key
from voice_agent.audio.wav import WavWriter

pytestmark = pytest.mark.real_clock


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    (tmp_path / "recordings").mkdir()
    return tmp_path / "recordings"


def client_of(store: Store, recordings: Path, token: str, **headers: str) -> httpx.AsyncClient:
    app = Starlette(routes=routes(store, token, Archive(recordings)))
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://agent", headers=headers)


@pytest.fixture
async def api(store: Store, recordings: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(store, recordings, "t0ken", authorization="Bearer t0ken") as client:
        yield client


def code(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert list(body) == ["error"] and body["error"]["message"]
    return response.status_code, body["error"]["code"]


async def test_a_finished_call_is_served_as_its_document(store: Store, api: httpx.AsyncClient):
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    response = await api.get("/api/v1/calls/CA1")
    assert response.status_code == 200
    jsonschema.validate(response.json(), SCHEMA)
    assert response.json() == document("c1", await store.log.read("c1"))
    assert (await api.get("/api/v1/conversations/c1")).json() == response.json()


async def test_a_call_that_is_going_on_is_served_so_far(store: Store, api: httpx.AsyncClient):
    await store.log.append("c1", AT, facts("CA1")[:6])
    made = (await api.get("/api/v1/calls/CA1")).json()
    jsonschema.validate(made, SCHEMA)
    assert made["status"] == "in_progress" and len(made["transcript"]) == 2


@pytest.mark.parametrize(
    "path", ["/calls", "/calls/CA1", "/calls/CA1/recording", "/conversations/c1", "/leads/x", "/no"]
)
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer t0ke", "Bearer t0ken2", "Basic t0ken"])
async def test_without_the_token_nothing_is_served(
    store: Store, recordings: Path, path: str, given: str
):
    async with client_of(store, recordings, "t0ken", authorization=given) as client:
        response = await client.get(f"/api/v1{path}")
    assert code(response) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_an_empty_token_lets_nobody_in(store: Store, recordings: Path):
    async with client_of(store, recordings, "", authorization="Bearer ") as client:
        assert (await client.get("/api/v1/calls")).status_code == 401


async def test_a_header_that_is_not_ascii_is_refused_and_not_a_crash(
    store: Store, recordings: Path
):
    async with client_of(store, recordings, "t0ken") as client:
        response = await client.get("/api/v1/calls", headers=[(b"authorization", b"Bearer \xff")])
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/calls/CA9", "unknown-call"), ("/calls/CA9/recording", "unknown-call"),
        ("/conversations/c9", "unknown-conversation"), ("/leads/l9", "unknown-lead"),
        ("/nothing/here", "not-found"),
    ],
)  # fmt: skip
async def test_what_is_not_there_is_said_so(api: httpx.AsyncClient, path: str, expected: str):
    assert code(await api.get(f"/api/v1{path}")) == (404, expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", "bad-limit"), ("limit=201", "bad-limit"), ("limit=ten", "bad-limit"),
        ("limit=²", "bad-limit"), ("cursor=nonsense", "bad-cursor"), ("cursor=w6k", "bad-cursor"),
        ("status=open", "bad-filter"), ("since=yesterday", "bad-filter"),
        ("since=2025-01-01", "bad-filter"), ("color=red", "unknown-filter"),
    ],
)  # fmt: skip
async def test_a_bad_query_is_explained(api: httpx.AsyncClient, query: str, expected: str):
    assert code(await api.get(f"/api/v1/calls?{query}")) == (422, expected)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", "/calls", "GET, HEAD"), ("DELETE", "/conversations/c1", "GET, HEAD")],
)
async def test_another_method_is_refused_in_the_form_of_all_errors(
    api: httpx.AsyncClient, method: str, path: str, allowed: str
):
    response = await api.request(method, f"/api/v1{path}")
    assert code(response) == (405, "method-not-allowed")
    assert response.headers["allow"] == allowed
    assert code(await api.request(method, "/api/v1/nothing")) == (404, "not-found")


async def test_a_bug_of_ours_is_told_in_the_form_of_all_errors(
    store: Store, api: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    async def bug(*_: Any, **__: Any) -> None:
        raise KeyError("ours")

    store.conversations.page = bug  # type: ignore[method-assign, assignment]
    assert code(await api.get("/api/v1/calls")) == (500, "internal-error")
    assert any(line.exc_info for line in caplog.records), "it is counted as a fault"


async def listed(api: httpx.AsyncClient, **params: Any) -> list[str]:
    return [c["id"] for c in (await api.get("/api/v1/calls", params=params)).json()["calls"]]


async def test_pages_go_through_all_calls_newest_first_without_a_gap(
    store: Store, api: httpx.AsyncClient
):
    for n in range(7):  # every second pair shares its instant
        at = AT + timedelta(seconds=n // 2)
        await store.log.append(f"c{n}", at, [started(f"CA{n}")])
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get("/api/v1/calls", params={"limit": 3, **cursor})).json()
        seen += [call["id"] for call in page["calls"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]


async def test_calls_can_be_filtered(store: Store, api: httpx.AsyncClient):
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    await store.log.append("c2", AT + timedelta(hours=1), [started("CA2", "+14155550177")])
    chat = ConversationStarted("chat", "inbound", None, None, None, "tideline", "1", "1", False)
    await store.log.append("c3", AT + timedelta(hours=2), [chat])
    assert await listed(api, channel="voice") == ["c2", "c1"]
    assert await listed(api, status="completed") == ["c1"]
    assert await listed(api, verdict="qualified") == ["c1"]
    assert await listed(api, outcome="callback_promised") == ["c1"]
    assert await listed(api, caller="+14155550177") == ["c2"]
    found = (await api.get("/api/v1/calls?caller=+14155550177")).json()["calls"]
    assert [c["id"] for c in found] == ["c2"], "a + nobody escaped"
    later = (AT + timedelta(minutes=30)).isoformat()
    assert await listed(api, since=later) == ["c3", "c2"]
    assert await listed(api, until=later) == ["c1"]


async def test_a_lead_shows_its_account_and_its_calls(store: Store, api: httpx.AsyncClient):
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    records = await crm_records(store).write(document("c1", await store.log.read("c1")))
    contact_id = next(r["id"] for r in records if r["object"] == "contact")
    found = (await api.get(f"/api/v1/leads/{contact_id}")).json()
    assert found["contact"]["name"] == "Jane Doe" and found["account"]["name"] == "Acme"
    (activity,) = found["activities"]
    assert activity["conversation_id"] == "c1" and activity["at"].endswith("Z")


async def test_a_recording_can_be_sought(store: Store, api: httpx.AsyncClient, recordings: Path):
    with WavWriter(recordings / "c1.wav") as writer:
        writer.write(np.arange(100, dtype=np.int16), np.arange(100, dtype=np.int16))
    file = (recordings / "c1.wav").read_bytes()
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    whole = await api.get("/api/v1/calls/CA1/recording")
    assert whole.status_code == 200 and whole.headers["content-type"] == "audio/wav"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.content == file
    part = await api.get("/api/v1/calls/CA1/recording", headers={"range": "bytes=44-51"})
    assert (part.status_code, part.content) == (206, file[44:52])
    assert part.headers["content-range"] == f"bytes 44-51/{len(file)}"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-", 206, slice(0, None)), ("bytes=-4", 206, slice(-4, None)),
        ("bytes=440-9999", 206, slice(440, None)), ("bytes=43-44", 206, slice(43, 45)),
        ("bytes=-9999", 206, slice(0, None)), ("bytes=444-", 416, None), ("bytes=9-3", 416, None),
        ("bytes=-0", 416, None), ("bytes=-", 200, slice(0, None)),
        ("lines=1-2", 200, slice(0, None)),
        ("bytes=0-1,4-5", 200, slice(0, None)), ("bytes=0x1-", 200, slice(0, None)),
    ],
)  # fmt: skip
async def test_a_range_is_answered_as_the_standard_says(
    store: Store, api: httpx.AsyncClient, recordings: Path, asked: str, status: int, part: slice
):
    with WavWriter(recordings / "c1.wav") as writer:
        writer.write(np.arange(100, dtype=np.int16), np.arange(100, dtype=np.int16))
    file = (recordings / "c1.wav").read_bytes()
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    given = await api.get("/api/v1/calls/CA1/recording", headers={"range": asked})
    assert given.status_code == status
    assert given.content == (b"" if part is None else file[part])
    assert part is not None or given.headers["content-range"] == f"bytes */{len(file)}"


async def test_a_recording_sealed_with_a_key_that_is_not_set_says_so(
    store: Store, api: httpx.AsyncClient, recordings: Path
):
    SealedWriter(recordings / "c1.wav", Keys.of(new_key())).close()
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    refused = await api.get("/api/v1/calls/CA1/recording")
    assert code(refused) == (503, "recording-key-missing")


async def test_a_recording_never_leads_out_of_its_folder(
    store: Store, api: httpx.AsyncClient, recordings: Path
):
    (recordings.parent / "secret.wav").write_bytes(b"secret")
    await store.log.append("c1", AT, [started("CA1"), RecordingSaved("../secret.wav", 1)])
    await store.log.append("../secret", AT, [started("CA2")])
    assert code(await api.get("/api/v1/calls/CA1/recording")) == (404, "no-recording")
    assert code(await api.get("/api/v1/calls/CA2/recording")) == (404, "no-recording")


async def test_other_methods_are_refused(api: httpx.AsyncClient):
    assert (await api.post("/api/v1/calls")).status_code == 405
