"""What the agent heard, put right over the API by the rules of the console."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from core.events import Fact, TurnMerged, UtteranceRecorded
from core.facts.standing import live_signals, unmerged
from core.store import audit
from core.store.store import Store
from tests.core.talk import SAMPLE, sample
from tests.fakes.a_call import AT, ENDED, facts, signal
from voice_agent.api.corrections import routes
from voice_agent.corrections import Corrections

pytestmark = pytest.mark.real_clock
HERE = "/api/v1/conversations/c1/corrections"
AGAIN: list[str] = []


@pytest.fixture
async def api(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    async def rewrite(key: str, after_s: float = 0.0) -> None:
        AGAIN.append(key)

    AGAIN.clear()
    made = Corrections(store, sample, SAMPLE, rewrite)
    app = Starlette(routes=routes(made, "t0ken", lambda: AT))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://agent",
        headers={"authorization": "Bearer t0ken"},
    ) as client:  # fmt: skip
        yield client


def body(criterion: str, value: str | None, signal: str = "", **more: object) -> dict[str, object]:
    return {"by": "ops", "criterion": criterion, "value": value, "signal": signal, **more}


async def stands(store: Store) -> dict[str, tuple[str, str]]:
    said: list[Fact] = unmerged([entry.fact for entry in await store.log.read("c1")])
    return {s.criterion: (s.value, s.polarity) for s in live_signals(said)}


async def test_a_value_is_put_right_once_by_its_key_and_taken_back(
    store: Store, api: httpx.AsyncClient
):
    await store.log.append("c1", AT, [*facts(call_sid="CA1"), ENDED])
    key = {"idempotency-key": "ticket-4711"}
    sent = body("employees", "2,000", "s5", note="The contract says so.")
    first = await api.post(HERE, json=sent, headers=key)
    assert first.status_code == 201, first.text
    made = first.json()["correction"]
    assert (made["heard"], made["value"], made["polarity"], made["by"]) == (
        "200", "2000", "positive", "ops",
    )  # fmt: skip
    assert any("As corrected by a person" in why for why in first.json()["verdict"]["reasons"])
    again = await api.post(HERE, json=sent, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await api.post(HERE, json=sent | {"value": "3000"}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "sent-before")
    for _ in range(2):
        back = await api.post(f"{HERE}/{made['id']}/withdraw", json={"by": "ops"})
        assert back.status_code == 200 and back.json()["correction"]["withdrawn"]
    assert (await stands(store))["employees"] == ("200", "positive")
    assert [key.partition("/")[0] for key in AGAIN] == ["c1", "c1"]
    lines = await store.query(lambda c: audit.lines(c))
    assert [(x.account, x.act, x.detail["by"]) for x in lines] == [
        ("api", "withdraw correction", "ops"), ("api", "correct", "ops"),
    ]  # fmt: skip


async def test_what_they_said_no_to_was_missed_or_never_said(store: Store, api: httpx.AsyncClient):
    await store.log.append("c1", AT, [*facts(call_sid="CA1"), ENDED])
    no = await api.post(HERE, json=body("tech_stack", "databricks", negative=True))
    assert no.status_code == 201 and no.json()["correction"]["polarity"] == "negative"
    none = await api.post(HERE, json=body("name", None, "s2"))
    assert none.status_code == 201 and none.json()["correction"]["value"] is None
    found = await stands(store)
    assert found["tech_stack"] == ("Databricks", "negative") and "name" not in found


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (body("employees", "many", "s5"), "bad-value"),
        (body("employees", "200", "s5"), "same-value"),
        (body("employees", "20", "s5", negative=True), "bad-value"),
        (body("name", "Jane", "s5"), "bad-signal"), (body("no_such", "x"), "bad-signal"),
        (body("name", None), "bad-signal"), (body("name", "Jane", negative="yes"), "bad-negative"),
        ({"by": "ops", "criterion": "name"}, "no-value"), (body("name", 3), "bad-value"),  # type: ignore[arg-type]
        ({"criterion": "name", "value": "Jane"}, "no-by"), (body("", "Jane"), "no-criterion"),
        (body("name", "x" * 500, "s2"), "bad-value"), (body("name", "Jane", why="?"), "bad-body"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_with_its_code(
    store: Store, api: httpx.AsyncClient, sent: dict[str, object], code: str
):
    await store.log.append("c1", AT, [*facts(call_sid="CA1"), ENDED])
    answer = await api.post(HERE, json=sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert await stands(store) and not AGAIN


async def test_nobody_without_the_token_nothing_unknown_and_no_call_that_goes_on(
    store: Store, api: httpx.AsyncClient
):
    nobody = await api.post(HERE, json=body("name", "Jane"), headers={"authorization": "Bearer x"})
    assert nobody.status_code == 401
    none = await api.post(HERE, json=body("name", "Jane"))
    assert (none.status_code, none.json()["error"]["code"]) == (404, "unknown-conversation")
    await store.log.append("c1", AT, facts(call_sid="CA1"))
    early = await api.post(HERE, json=body("name", "Joan", "s2"))
    assert (early.status_code, early.json()["error"]["code"]) == (409, "going-on")
    unknown = await api.post(f"{HERE}/nothing/withdraw", json={"by": "ops"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown-correction")


async def test_of_a_turn_whose_words_a_later_one_repeats_only_what_stands_is_put_right(
    store: Store, api: httpx.AsyncClient
):
    """The first half of a sentence was a turn of its own until they went on."""
    again = UtteranceRecorded(
        9, "caller", "We have twenty, two hundred not twenty.", 24_000, 26_000
    )
    half = signal(8, "employees", "20", "we have twenty")
    whole = signal(9, "employees", "220", "two hundred not twenty", supersedes="s5")
    log = [*facts(call_sid="CA1"), half, TurnMerged(8), again, whole, ENDED]
    await store.log.append("c1", AT, log)
    gone = await api.post(HERE, json=body("employees", "200", half.signal_id))
    assert (gone.status_code, gone.json()["error"]["code"]) == (422, "bad-signal")
    put = await api.post(HERE, json=body("employees", "2000", whole.signal_id))
    assert put.status_code == 201, put.text
    made = put.json()["correction"]
    said = unmerged([entry.fact for entry in await store.log.read("c1")])
    (new,) = [s for s in live_signals(said) if s.by]
    assert (new.value, new.quote, new.turn) == ("2000", "two hundred not twenty", 9)
    (line,) = [c for c in put.json()["verdict"]["criteria"] if c["name"] == "employees"]
    assert line["signals"] == [made["id"]]
    back = await api.post(f"{HERE}/{made['id']}/withdraw", json={"by": "ops"})
    assert back.status_code == 200 and (await stands(store))["employees"][0] == "220"
