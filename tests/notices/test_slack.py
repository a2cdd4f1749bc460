"""Slack cards: valid by its description, claimed by the first press, rated, and authenticated."""

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from core.facts.claims import HandoffRated
from core.ports import Matter
from core.store.claims import Claims
from core.store.notice_tables import NoticeRow
from core.store.notices import Inbox, Notices
from core.store.personal import certified
from core.store.store import Store
from tests.api.test_contacts import a_call
from tests.core.store.test_callbacks import promised
from tests.core.talk import sample
from tests.fakes.a_call import AT
from tests.fakes.jobs import MemoryJobs
from tests.fakes.slack_server import TOKEN, FakeSlack, faults
from voice_agent.adapters.notify_slack import Slack, SlackWay
from voice_agent.adapters.slack_card import Shown, card, press_of
from voice_agent.audio.archive import Archive
from voice_agent.handoffs import Handoffs
from voice_agent.notices.ports import NotDelivered
from voice_agent.notices.slack_door import SlackDoor
from voice_agent.notices.telling import Telling
from voice_agent.taking_back import TakingBack
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
REP, OTHER = sample().company.team[:2]
CHANNEL, SECRET = "C0123456789", b"8f742231b10e8888abcd99yyyzzz85a5"
LEAD = Matter(
    "lead", "c1:lead", "Qualified lead: Jane <script>, Acme & Co", "Wants <!channel> 20 seats.",
    conversation_id="c1", urgent=True, acts=("claim", "rate"),
)  # fmt: skip


@dataclass
class Rig:
    slack: FakeSlack
    store: Store
    jobs: MemoryJobs
    telling: Telling
    claims: Claims
    door: httpx.AsyncClient
    way: SlackWay
    users: dict[str, str]

    def card(self, n: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(list(self.slack.messages.values())[n]["blocks"])
        return found

    async def press(
        self, action: str, user: str, ts: str = "1.1", *, at: int | None = None,
        secret: bytes = SECRET, change: bytes = b"", about: str = "c1",
    ) -> httpx.Response:  # fmt: skip
        payload = {
            "type": "block_actions", "user": {"id": user, "username": user.lower()},
            "actions": [{"action_id": action, "value": about, "action_ts": ts}],
        }  # fmt: skip
        body = urlencode({"payload": json.dumps(payload)}).encode()
        stamp = str(at if at is not None else int(self.jobs.now.timestamp()))
        proof = hmac.digest(secret, b":".join((b"v0", stamp.encode(), body)), "sha256").hex()
        headers = {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={proof}",
            "content-type": "application/x-www-form-urlencoded",
        }
        return await self.door.post("/slack/interactions", content=body + change, headers=headers)


@asynccontextmanager
async def rigged(url: str, token: str = TOKEN) -> AsyncIterator[Rig]:
    store, jobs, slack = Store(url), MemoryJobs(AT), FakeSlack()
    await a_call(store)
    company = sample().company
    users = {REP.id: "U0AAAAAAA"}
    told = company.systems.notices.model_copy(
        update={"slack_channel": CHANNEL, "slack_users": users}
    )
    company = company.model_copy(
        update={"systems": company.systems.model_copy(update={"notices": told})}
    )
    claims = Claims(store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(slack.app())) as client:
        way = SlackWay(Slack(client, token, "http://slack/api"), lambda: company, claims)
        telling = Telling(Notices(store), [way], jobs, lambda: company, jobs.clock)
        handoffs = Handoffs(store, telling.changed)
        door = SlackDoor(SECRET, press_of, lambda: users, handoffs, jobs.clock)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=[door.route()])), base_url="http://agent"
        ) as pressing:
            yield Rig(slack, store, jobs, telling, claims, pressing, way, users)
    await store.aclose()


@pytest.fixture
async def rig(sqlite_url: str) -> AsyncIterator[Rig]:
    async with rigged(sqlite_url) as made:
        yield made


async def test_a_lead_is_a_card_that_slack_takes_and_the_first_press_has_it(rig):
    await rig.telling.tell(REP, LEAD)
    await rig.jobs.run(1)
    words = json.dumps(rig.card(), ensure_ascii=False)
    assert "<@U0AAAAAAA>" in words and "<!channel>" not in words, "a buyer's words call nobody"
    assert '"claim"' in words
    assert (await rig.press("claim", "U0BBBBBBB")).status_code == 200
    assert (await rig.press("claim", "U0AAAAAAA", "2.2")).status_code == 200
    await rig.jobs.run(1)
    after = json.dumps(rig.card(), ensure_ascii=False)
    assert "Claimed by *u0bbbbbbb*" in after and '"claim"' not in after
    assert (await rig.claims.standing("c1"))[0] == "u0bbbbbbb"
    assert len(rig.slack.messages) == 1 and rig.slack.validated >= 2
    assert not rig.slack.complaints


async def test_who_is_unknown_in_slack_is_called_by_name_and_not_by_id(rig):
    await rig.telling.tell(OTHER, LEAD)
    await rig.jobs.run(1)
    assert f"For *{OTHER.name}*" in json.dumps(rig.card())


async def test_a_press_is_by_the_person_whom_the_company_folder_names_now(rig):
    rig.users["kim-lee"] = "U0CCCCCCC"  # published after the server began
    await rig.press("claim", "U0CCCCCCC")
    assert (await rig.claims.standing("c1"))[0] == "kim-lee"


async def test_handoffs_are_rated_and_a_press_told_twice_counts_once(rig):
    await rig.telling.tell(REP, LEAD)
    await rig.jobs.run(1)
    for _ in range(2):
        await rig.press("rate-4", "U0AAAAAAA", "5.1")
    await rig.press("repeated-no", "U0AAAAAAA", "5.2")
    await rig.press("rate-2", "U0BBBBBBB", "5.3")
    await rig.jobs.run(1)
    _, rated = await rig.claims.standing("c1")
    assert rated == {
        REP.id: HandoffRated(REP.id, 4, False, "slack"),
        "u0bbbbbbb": HandoffRated("u0bbbbbbb", 2, None, "slack"),
    }
    kept = [e.fact for e in await rig.store.log.read("c1") if isinstance(e.fact, HandoffRated)]
    assert len(kept) == 3
    assert "4 of 5, nothing repeated" in json.dumps(rig.card()) and not rig.slack.complaints


async def test_presses_that_slack_did_not_sign_or_signed_long_ago_do_nothing(rig):
    now = int(rig.jobs.now.timestamp())
    assert (await rig.press("claim", "U1", secret=b"guessed")).status_code == 401
    assert (await rig.press("claim", "U1", at=now - 301)).status_code == 401
    assert (await rig.press("claim", "U1", at=now + 301)).status_code == 401
    assert (await rig.press("claim", "U1", change=b"&more=1")).status_code == 401
    bare = await rig.door.post("/slack/interactions", content=b"payload={}")
    assert bare.status_code == 401
    assert (await rig.claims.standing("c1"))[0] == ""
    assert (await rig.press("claim", "U1", at=now - 299)).status_code == 200
    assert (await rig.press("rate-9", "U1", "7")).status_code == 200, "no button of ours: ignored"
    assert not (await rig.claims.standing("c1"))[1]


async def test_slack_is_waited_for_and_what_it_refuses_for_good_is_dead_with_a_remedy(rig):
    rig.slack.answers = [(429, {"retry-after": "30"}, {"ok": False}), (500, {}, {})]
    await rig.telling.tell(REP, LEAD)
    await rig.jobs.run(29)
    assert not rig.slack.messages
    await rig.jobs.run(61)
    assert len(rig.slack.messages) == 1
    rig.slack.answers = [(200, {}, {"ok": False, "error": "not_in_channel"})]
    await rig.telling.tell(OTHER, LEAD)
    await rig.jobs.run(100_000)
    page = await Notices(rig.store).page(Inbox(person=OTHER.id))
    assert page[0][1][0].status == "dead" and "invite the app" in page[0][1][0].why


async def test_a_wrong_token_is_told_with_its_remedy(sqlite_url):
    async with rigged(sqlite_url, "xoxb-wrong") as rig:
        row = NoticeRow(id="n", person=REP.id, kind="lead", title="T", created_at=AT)
        with pytest.raises(NotDelivered, match="correct SLACK_BOT_TOKEN"):
            await rig.way.deliver(row, {})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(max_size=400), st.text(max_size=5_000), st.booleans(), st.text(max_size=30),
    st.sampled_from([("claim", "rate"), ("claim",), ()]),
)  # fmt: skip
def test_whatever_is_told_makes_blocks_that_block_kit_takes(title, text, urgent, by, acts):
    notice = NoticeRow(
        id="n", person=REP.id, kind="lead", title=title or "T", text=text, urgent=urgent,
        acts=list(acts), conversation_id="c1", created_at=AT,
    )  # fmt: skip
    shown = Shown(by, {by: HandoffRated(by, 3, True, "slack")} if by else None)
    assert not [fault for block in card(notice, shown, {}) for fault in faults(block)]


@pytest.mark.parametrize(
    "payload",
    [
        None, [], {}, {"type": "view_submission"}, {"type": "block_actions"},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": []},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": ["x"]},
        {"type": "block_actions", "user": {}, "actions": [{"action_id": "claim", "value": "c"}]},
        {"type": "block_actions", "user": {"id": "U1"},
         "actions": [{"action_id": "drop", "value": "c", "action_ts": "1"}]},
    ],
)  # fmt: skip
def test_payloads_that_are_no_press_are_none(payload):
    assert press_of(payload) is None


async def test_a_promised_call_is_taken_by_the_first_press_and_reported_as_made(rig):
    row = await promised(rig.store, "c7")
    due = Matter(
        "callback-due", "cb7", "Call Dana", "She asked.", about=row["id"], conversation_id="c7",
        acts=("claim", "kept"),
    )  # fmt: skip
    await rig.telling.tell(REP, due)
    await rig.jobs.run(1)
    about = f"callback:{row['id']}"
    assert {b["value"] for b in rig.card()[-1]["elements"]} == {about}
    await rig.press("claim", "U0AAAAAAA", "1", about=about)
    await rig.press("claim", "U0BBBBBBB", "2", about=about)
    await rig.jobs.run(1)
    assert "Claimed by <@U0AAAAAAA>" in json.dumps(rig.card())
    assert (await rig.claims.standing("c7"))[0] == "", "the lead is another matter"
    await rig.press("kept", "U0AAAAAAA", "3", about=about)
    await rig.press("kept", "U0AAAAAAA", "4", about=about)
    await rig.press("claim", "U0AAAAAAA", "5", about="callback:none")
    await rig.jobs.run(1)
    assert (await rig.store.callbacks.get(row["id"]))["status"] == "kept"
    after = rig.card()
    assert "The call: kept" in json.dumps(after) and after[-1]["type"] == "context"
    assert not rig.slack.complaints


async def test_the_card_of_a_forgotten_person_is_deleted_and_one_that_waited_is_never_told(
    rig, tmp_path
):
    await rig.telling.tell(REP, LEAD)
    await rig.jobs.run(1)
    await rig.telling.tell(REP, replace(LEAD, key="c1:later"))  # not delivered yet
    await rig.store.conversations.mark_wrapped("c1", AT)
    person = await rig.store.people.person_of("c1")
    assert (await Eraser(rig.store, Archive(tmp_path), rig.jobs.clock).erase(person)).done
    taking = TakingBack(rig.store, rig.way, None, rig.jobs.clock)
    rig.slack.answers = [(200, {}, {"ok": False, "error": "cant_delete_message"})]
    assert await taking.sweep() == 0 and await taking.sweep() == 0, "it waits before it asks again"
    left = await rig.store.query(lambda c: certified(c, person))
    assert [(w["system"], w["kind"]) for w in left[1]] == [("slack", "message")]
    assert "cant_delete_message" in left[1][0]["why"] and left[2] == {}
    rig.jobs.now += timedelta(minutes=11)
    rig.slack.lose_answers = 1
    assert await taking.sweep() == 0
    rig.jobs.now += timedelta(minutes=11)
    assert await taking.sweep() == 1 and await taking.sweep() == 0
    await rig.jobs.run(1)
    assert not rig.slack.messages and not rig.slack.complaints
    assert (await rig.store.query(lambda c: certified(c, person)))[1:] == ([], {"messages": 2})
