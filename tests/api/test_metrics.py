"""The figures over HTTP, from real databases of both kinds."""

from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from core.store.store import Store
from tests.core.talk import SUNDAY, Talk, sample
from voice_agent.api.metrics import routes


@pytest.fixture
async def http(both: Store):
    for n, lines in enumerate([("how much is the growth plan", "bye"), ()]):
        talk = Talk(at=SUNDAY, after_hours=True, caller=f"+1312555017{n}")
        for line in lines:
            await talk.says(line)
        talk.close("caller")
        await both.log.append(f"c{n}", SUNDAY + timedelta(minutes=n), talk.facts)
    now = SUNDAY + timedelta(days=10)
    app = Starlette(routes=list(routes(both, "secret", lambda: now, lambda: sample().company)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        yield client


async def test_the_figures_are_for_who_holds_the_token_and_of_what_was_asked(http):
    assert (await http.get("/api/v1/metrics")).status_code == 401
    http.headers["authorization"] = "Bearer secret"
    told = (await http.get("/api/v1/metrics")).json()
    assert told["conversations"] == 2 and told["truncated_to"] is None
    assert told["after_hours"]["outcomes"] == {"unknown": 1, "answered": 1}
    assert told["deflection"]["deflected"] == 1
    met = {"held": 0, "no_show": 0, "unknown": 0, "ahead": 0, "show_rate": None}
    assert told["impact"]["meetings"] == met and told["impact"]["revenue_per_qualified"] is None
    assert [e["conversations"] for e in told["impact"]["entries"]] == [2]
    assert told["accuracy"]["recall"] is None and told["accuracy"]["sample"] == 0.1
    one = await http.get("/api/v1/metrics", params={"since": "2026-11-29T17:00:30Z"})
    assert one.json()["conversations"] == 1
    none = await http.get("/api/v1/metrics", params={"channel": "chat"})
    assert none.json()["conversations"] == 0


@pytest.mark.parametrize(
    "asked",
    [{"since": "yesterday"}, {"since": "2026-11-29T00:00:00"}, {"channel": "fax"}, {"day": "1"},
     {"since": "2027-11-29T00:00:00Z"}],
)  # fmt: skip
async def test_what_cannot_be_reported_is_refused_with_its_reason(http, asked):
    http.headers["authorization"] = "Bearer secret"
    answer = await http.get("/api/v1/metrics", params=asked)
    assert answer.status_code == 422 and answer.json()["error"]["message"]
