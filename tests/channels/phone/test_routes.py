"""The page's routes, without a browser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from core.store.store import Store
from tests.core.talk import sample
from tests.fakes import a_call
from voice_agent.audio.archive import Archive
from voice_agent.channels.phone import routes
from voice_agent.channels.phone.doorman import Doorman
from voice_agent.channels.phone.routes import ASSETS, BrowserPhone
from voice_agent.telephony import token

pytestmark = pytest.mark.real_clock
KEY = b"secret"
NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
DOOR = Doorman(KEY, public=False)
SID = "CA" + "1" * 32
MINE = {"authorization": f"Bearer {DOOR.pass_for(SID)}"}


class Lines:
    """Whether there is room."""

    def __init__(self) -> None:
        self.full: str | None = None

    def followed(self, call_sid: str) -> None:
        """Nothing is awaited."""

    def admit(self, call_sid: str) -> str | None:
        return self.full


def issued(call_sid: str, caller: str, called: str) -> str:
    return token.issue(KEY, call_sid, caller, called, int(NOW.timestamp()))


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
async def page(store: Store, lines: Lines, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    phone = BrowserPhone(
        doorman=DOOR, admit=lines.admit, stream_token=issued, store=store,
        archive=Archive(tmp_path), company=lambda: sample().company,
    )  # fmt: skip
    transport = httpx.ASGITransport(Starlette(routes=phone.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_the_page_and_its_parts_are_served_under_a_strict_policy(page: httpx.AsyncClient):
    for path in ("/phone", *(f"/phone/{name}" for name in ASSETS)):
        answer = await page.get(path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy


async def test_a_call_gets_a_stream_token_of_its_own(page: httpx.AsyncClient):
    one, two = [(await page.post("/phone/calls")).json() for _ in range(2)]
    assert one["call_sid"] != two["call_sid"]
    given = one["parameters"]
    now_s = int(NOW.timestamp())
    assert token.valid(KEY, given["token"], one["call_sid"], given["from"], given["to"], now_s)
    assert not token.valid(KEY, given["token"], two["call_sid"], "", given["to"], now_s)


async def test_a_full_house_and_a_foreign_page_are_turned_away(
    page: httpx.AsyncClient, lines: Lines
):
    foreign = await page.post("/phone/calls", headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    lines.full = "full"
    answer = await page.post("/phone/calls")
    assert answer.status_code == 503 and answer.json()["error"]["code"] == "full"


async def test_only_the_placer_reads_of_the_call(page: httpx.AsyncClient, store: Store):
    await store.log.append("c1", a_call.AT, a_call.facts(SID))
    for path in ("", "/facts", "/recording"):
        assert (await page.get(f"/phone/calls/{SID}{path}")).status_code == 403
    document = (await page.get(f"/phone/calls/{SID}", headers=MINE)).json()
    assert document["call_sid"] == SID and document["transcript"]
    assert (await page.get(f"/phone/calls/{SID}/recording", headers=MINE)).status_code == 404


async def test_facts_come_after_the_last_one_seen_until_the_call_is_over(
    page: httpx.AsyncClient, store: Store
):
    facts = a_call.facts(SID)
    await store.log.append("c1", a_call.AT, facts)
    url = f"/phone/calls/{SID}/facts"
    first = (await page.get(url, headers=MINE)).json()
    assert [f["seq"] for f in first["facts"]] == list(range(1, len(facts) + 1))
    assert not first["over"]
    assert {"UtteranceRecorded", "TurnTimed"} <= {f["fact"] for f in first["facts"]}
    await store.log.append("c1", a_call.AT, [a_call.ConversationEnded("answered", "caller", 9000)])
    rest = (await page.get(f"{url}?after={len(facts)}", headers=MINE)).json()
    assert [f["fact"] for f in rest["facts"]] == ["ConversationEnded"] and rest["over"]


async def test_a_waiting_poll_is_answered_as_soon_as_something_is_written(
    page: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(routes, "LOOK_S", 60.0)
    facts = a_call.facts(SID)
    await store.log.append("c1", a_call.AT, facts)

    async def write() -> None:
        await anyio.sleep(0.2)
        over = a_call.ConversationEnded("answered", "caller", 9000)
        await store.log.append("c1", a_call.AT, [over])

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(write)
            url = f"/phone/calls/{SID}/facts?after={len(facts)}"
            rest = (await page.get(url, headers=MINE)).json()
    assert [f["fact"] for f in rest["facts"]] == ["ConversationEnded"] and rest["over"]


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, ""])
async def test_nonsense_for_a_number_is_the_beginning(
    page: httpx.AsyncClient, store: Store, after: str
):
    await store.log.append("c1", a_call.AT, a_call.facts(SID))
    told = (await page.get(f"/phone/calls/{SID}/facts?after={after}", headers=MINE)).json()
    assert told["facts"][0]["seq"] == 1
