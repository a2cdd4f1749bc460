"""Website chats from the console: read along, take the floor, write, give back."""

from datetime import timedelta

import pytest

from core.store import audit
from core.talk import ConversationOpened
from tests.channels.test_writing import Asked
from tests.console.conftest import Office
from tests.core.talk import engine, sample
from voice_agent.channels.takeover import LEASE, Takeover
from voice_agent.channels.writing import Writing
from voice_agent.console.live_chats import _signals

pytestmark = pytest.mark.real_clock
CHAT = "/console/live/chats/w1"


@pytest.fixture
async def writing(office: Office) -> Writing:
    """A chat of somebody who wrote once; nobody answers here, as if another server did."""
    made = Writing(engine(), office.store, None, Asked(), lambda: office.at)
    office.floor = Takeover(office.store, made, lambda: office.at)
    office.__post_init__()
    await made.open(ConversationOpened("w1", "chat", "inbound", None, None, office.at))
    await made.say("w1", "m1", "Do you <b>integrate</b> with Snowflake?")
    return made


async def test_a_colleague_reads_along_takes_the_floor_writes_and_gives_it_back(
    office: Office, writing: Writing
):
    visitor = await office.browser("rep")
    office.at += timedelta(minutes=2)
    listed = (await visitor.see("/console/live/chats")).text
    assert "Website visitor" in listed and "waits for an answer" in listed
    page = (await visitor.see(CHAT)).text
    assert "&lt;b&gt;integrate" in page and "<b>integrate" not in page
    assert (await visitor.post(f"{CHAT}/take")).headers["location"] == CHAT
    assert "You are writing with the buyer" in (await visitor.see(CHAT)).text
    line = {"text": "Hi, Sofia here.", "message": "line-0001"}
    for _ in range(2):
        assert (await visitor.post(f"{CHAT}/say", line)).status_code == 303
    told = (await visitor.see(f"{CHAT}/now")).json()
    assert [(n["who"], n["text"]) for n in told["lines"] if n["speaker"] == "rep"] == [
        ("Sofia Alvarez", "Hi, Sofia here.")
    ]
    assert told["floor"] == {"name": "Sofia Alvarez", "mine": True, "left_s": LEASE.seconds}
    last = told["lines"][-1]["seq"]
    assert (await visitor.see(f"{CHAT}/now?after={last}&seq={told['seq']}")).status_code == 204
    assert "Sofia Alvarez is writing" in (await visitor.see("/console/live/chats/now")).text
    await visitor.post(f"{CHAT}/give-back")
    assert (await visitor.see(f"{CHAT}/now")).json()["floor"] is None
    acts = [line.act for line in await office.store.query(lambda c: audit.lines(c))]
    assert acts[0] == "give chat back"
    assert {"read along", "take chat", "say in chat"} < set(acts)
    async with writing.running():
        await writing.reply("w1", 1)
    await writing.close("w1", "buyer")
    assert (await visitor.see(CHAT)).headers["location"] == "/console/calls/w1"
    assert "Nobody is chatting" in (await visitor.see("/console/live/chats")).text
    assert (await visitor.see(f"{CHAT}/now?seq=99")).json()["over"]
    assert (await visitor.post(f"{CHAT}/take")).status_code == 409


async def test_a_colleague_does_not_write_over_another_and_only_people_of_the_team_write(
    office: Office, writing: Writing
):
    await office.hire("maya", "rep", "maya-lindqvist")
    sofia, maya = await office.browser("rep"), await office.browser("maya")
    await sofia.post(f"{CHAT}/take")
    assert (await maya.post(f"{CHAT}/take")).status_code == 409
    said = await maya.post(f"{CHAT}/say", {"text": "Hello", "message": "line-0002"})
    assert said.status_code == 409 and "Sofia Alvarez is writing" in said.text
    await maya.post(f"{CHAT}/give-back")
    assert (await sofia.see(f"{CHAT}/now")).json()["floor"]["mine"]
    office.at += LEASE
    assert (await maya.post(f"{CHAT}/take")).status_code == 303, "the lease ran out"
    nobody = await office.browser("manager")
    refused = await nobody.post(f"{CHAT}/take")
    assert refused.status_code == 403 and "Accounts page" in refused.text
    assert "You can read along" in (await nobody.see(CHAT)).text
    for wrong in ({"text": " ", "message": "line-0003"}, {"text": "x" * 2001, "message": "line-3"},
                  {"text": "Hi", "message": ""}):  # fmt: skip
        assert (await maya.post(f"{CHAT}/say", wrong)).status_code == 422
    assert (await maya.see("/console/live/chats/none")).status_code == 404


def test_a_customer_whom_only_the_crm_knows_is_shown_once():
    company = sample().company
    row = {"criterion": "Customer", "value": "yes, by the CRM"}
    assert _signals({"customer": True, "signals": []}, company) == [row]
    assert _signals({"customer": False, "signals": []}, company) == []
    known = {"criterion": "customer", "value": "yes", "superseded_by": None}
    shown = _signals({"customer": True, "signals": [known]}, company)
    assert shown == [{"criterion": "Customer", "value": "yes"}]
