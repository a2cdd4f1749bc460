"""The routes of promised calls and the do-not-call list: what they accept and refuse."""

import httpx
import pytest
from starlette.applications import Starlette

from core.facts.callbacks import callback_id
from core.store.store import Store
from tests.core.callbacks.promises import company
from tests.core.store.test_callbacks import AT, DANA, YES, promised
from voice_agent.callbacks.routes import routes
from voice_agent.handoffs import Handoffs

pytestmark = pytest.mark.real_clock
ONE = f"/api/v1/callbacks/{callback_id('c1')}"


def client(store: Store, token: str = "t", changed: list[str] | None = None) -> httpx.AsyncClient:
    async def note(conversation_id: str, change: str) -> None:
        (changed if changed is not None else []).append(conversation_id)

    app = Starlette(routes=list(routes(Handoffs(store, note), company, "t", lambda: AT)))
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://agent", headers=headers
    )


async def test_without_the_token_nobody_sees_or_changes_anything(store: Store):
    async with client(store, "wrong") as web:
        for path in ("/api/v1/callbacks", ONE, "/api/v1/do-not-call"):
            assert (await web.get(path)).status_code == 401
        assert (await web.post(f"{ONE}/claim", json={"by": "maya"})).status_code == 401
        assert (await web.delete(f"/api/v1/do-not-call/{DANA}")).status_code == 401


async def test_a_card_that_was_sent_of_a_call_shows_what_is_done_over_the_api(store: Store):
    await promised(store, "c1", YES)
    changed: list[str] = []
    async with client(store, changed=changed) as web:
        window = {"start": "2026-12-02T15:00:00Z", "end": "2026-12-02T16:00:00Z"}
        for act, more in (("claim", {}), ("reschedule", window), ("kept", {})):
            told = await web.post(f"{ONE}/{act}", json={"by": "maya", **more})
            assert told.status_code == 200, told.text
        assert (await web.post(f"{ONE}/kept", json={"by": "maya"})).status_code == 409
    assert changed == ["c1"] * 3


async def test_a_promise_is_shown_with_its_proof_of_consent_and_its_history(store: Store):
    await promised(store, "c1", YES)
    async with client(store) as web:
        made = (await web.get(ONE)).json()
        assert made["start"] == "2026-12-01T15:00:00.000Z" and made["status"] == "promised"
        assert made["consent"]["state"] == "given" and made["consent"]["at_ms"] == 8_000
        assert "Tideline's AI assistant" in made["consent"]["question"]
        assert made["task_for"] == "agent"
        assert [e["kind"] for e in made["history"]] == ["promised", "ai_call_given"]
        listed = (await web.get("/api/v1/callbacks?status=promised&owner=maya-lindqvist")).json()
        assert [c["id"] for c in listed["callbacks"]] == [callback_id("c1")]
        for query in ("due=now", "status=kept", "owner=tom-beckett", "number=%2B1"):
            assert (await web.get(f"/api/v1/callbacks?{query}")).json()["callbacks"] == []
        late = (await web.get("/api/v1/callbacks?due=2026-12-01T15:00:00Z")).json()
        assert len(late["callbacks"]) == 1


async def test_pages_follow_one_another(store: Store):
    for name in ("c1", "c2", "c3"):  # each takes the place of the one before
        await promised(store, name)
    async with client(store) as web:
        first = (await web.get("/api/v1/callbacks?limit=2")).json()
        rest = (await web.get(f"/api/v1/callbacks?limit=2&after={first['next_after']}")).json()
    ids = [c["id"] for c in (*first["callbacks"], *rest["callbacks"])]
    assert sorted(ids) == sorted(callback_id(n) for n in ("c1", "c2", "c3"))
    assert rest["next_after"] is None


async def test_it_is_claimed_moved_and_ended_by_somebody_named(store: Store):
    await promised(store)
    async with client(store) as web:
        made = (await web.post(f"{ONE}/claim", json={"by": "maya-lindqvist"})).json()
        assert (made["status"], made["claimed_by"]) == ("claimed", "maya-lindqvist")
        window = {"start": "2026-12-02T15:00:00Z", "end": "2026-12-02T16:00:00Z"}
        body = {"by": "maya-lindqvist", "owner": "tom-beckett", **window}
        made = (await web.post(f"{ONE}/reschedule", json=body)).json()
        assert (made["owner"], made["status"], made["version"]) == ("tom-beckett", "promised", 2)
        made = (await web.post(f"{ONE}/kept", json={"by": "tom-beckett"})).json()
        assert made["status"] == "kept" and made["history"][-1]["by"] == "tom-beckett"
        again = await web.post(f"{ONE}/cancel", json={"by": "tom-beckett"})
        assert again.status_code == 409 and again.json()["error"]["code"] == "over"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("claim", {}, 422, "bad-by"),
        ("claim", {"by": 7}, 422, "bad-by"),
        ("claim", {"by": "x" * 300}, 422, "bad-by"),
        ("reschedule", {"by": "m", "start": "soon", "end": "later"}, 422, "bad-start"),
        ("reschedule", {"by": "m", "start": "2026-12-02T15:00:00", "end": ""}, 422, "bad-start"),
        ("reschedule", {"by": "m", "start": "2026-12-02T15:00:00Z",
                        "end": "2026-12-02T14:00:00Z"}, 422, "bad-window"),
        ("reschedule", {"by": "m", "start": "2020-12-02T15:00:00Z",
                        "end": "2020-12-02T16:00:00Z"}, 422, "bad-window"),
        ("reschedule", {"by": "m", "owner": "nobody", "start": "2026-12-02T15:00:00Z",
                        "end": "2026-12-02T16:00:00Z"}, 422, "bad-owner"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(store: Store, path, body, status, code):
    await promised(store)
    async with client(store) as web:
        answer = await web.post(f"{ONE}/{path}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_unknown_ones_and_filters_are_refused(store: Store):
    async with client(store) as web:
        assert (await web.get("/api/v1/callbacks/nothing")).status_code == 404
        assert (
            await web.post("/api/v1/callbacks/nothing/kept", json={"by": "m"})
        ).status_code == 404
        for query in ("colour=red", "status=maybe", "limit=0", "limit=x", "due=soon"):
            assert (await web.get(f"/api/v1/callbacks?{query}")).status_code == 422


async def test_the_do_not_call_list_is_kept_by_people_with_their_names(store: Store):
    await promised(store)
    path = "/api/v1/do-not-call"
    async with client(store) as web:
        body = {"number": DANA, "by": "maya", "how": "asked by letter"}
        assert (await web.post(path, json=body)).status_code == 201
        assert (await web.post(path, json=body)).json() == {"number": DANA, "new": False}
        assert (await web.get(ONE)).json()["status"] == "cancelled"
        assert [n["number"] for n in (await web.get(path)).json()["numbers"]] == [DANA]
        assert (await web.post(path, json={"number": "hello", "by": "m"})).status_code == 422
        assert (await web.delete(f"{path}/{DANA}")).status_code == 422, "who does it?"
        gone = await web.delete(f"{path}/{DANA}?by=maya&how=asked%20again")
        assert gone.status_code == 200
        assert (await web.delete(f"{path}/{DANA}?by=maya")).status_code == 404
        told = (await web.get(path, params={"number": DANA})).json()["changes"]
        assert [c["change"] for c in told] == ["added", "removed"]
        same = await web.get(f"{path}?number={DANA}")  # with its + as it is
        assert same.json()["number"] == DANA and len(same.json()["changes"]) == 2
        assert len((await web.get(f"/api/v1/callbacks?number={DANA}")).json()["callbacks"]) == 1
        assert (await web.get(f"{path}?by=maya")).status_code == 422
