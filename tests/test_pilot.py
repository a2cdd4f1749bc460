"""The pilot on every channel: telephone, chat, mail, the API and the command."""

import json
import xml.etree.ElementTree as ElementTree
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import anyio
import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.responses import Response

from core.errors import StoreFailed
from core.events import Flagged, SignalCaptured, UtteranceRecorded
from core.facts.messages import MessageTaken
from core.store.conversations import Filters
from core.store.pilot import switch
from core.store.store import Store
from core.talk import ConversationOpened
from knowledge.errors import CompanyInvalid
from knowledge.load import load
from knowledge.profile import Pilot as Section
from tests.channels.chat.test_chat import NoWrapUp, token_of, visiting
from tests.channels.email.mails import buyer_mail
from tests.channels.email.rig import rig
from tests.core.talk import MONDAY_NOON, OTHER, engine, sample
from tests.fakes import stores
from tests.fakes.mail_sink import sink
from voice_agent.channels.chat.routes import routes as chat_routes
from voice_agent.channels.chat.services import ChatMetrics, ChatServices
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.writing import Writing
from voice_agent.commands.pilot import pilot as pilot_command
from voice_agent.config import Settings
from voice_agent.pilot import LOOK_S, WITHIN_S, Pilot
from voice_agent.telephony import twiml
from voice_agent.telephony.signed import Told
from voice_agent.telephony.webhook import Webhooks, WebhookSettings

pytestmark = pytest.mark.real_clock
LINE = "+16175550100"
FIELDS = {"CallSid": "CA1", "From": "+14155550100", "To": "+16175550142"}


def now():
    return MONDAY_NOON


@pytest.fixture
async def store(tmp_path: Path):
    opened = Store(stores.sqlite(tmp_path / "voice_agent.db"))
    yield opened
    await opened.aclose()


def piloting(**section):
    return sample().company.model_copy(update={"pilot": Section(line=LINE, **section)})


class Room:
    def followed(self, call_sid: str) -> None:
        """Nothing is awaited."""

    def admit(self, call_sid: str) -> str | None:
        return None


async def called(pilot: Pilot, **fields: str) -> ElementTree.Element:
    async def over(call_sid: str, status: str) -> None: ...

    def busy(told: Told, why: str) -> Response:
        return twiml.response(twiml.said("Busy."))

    settings = WebhookSettings("", "", b"key")
    hooks = Webhooks(settings, Room(), now, ended=over, turned_away=busy, elsewhere=pilot.elsewhere)
    transport = httpx.ASGITransport(Starlette(routes=hooks.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
        answer = await http.post("/twilio/voice", data=FIELDS | fields)
    return ElementTree.fromstring(answer.text)


async def turned(store: Store, on: bool) -> None:
    await store.write("pilot", lambda c: switch(c, on=on, by="ada", why="", at=MONDAY_NOON))


async def test_a_call_that_is_not_taken_rings_at_the_companys_own_line(store):
    pilot = await Pilot.opened(store, piloting(share=0.0, ring_seconds=20), now)
    (dial,) = await called(pilot)
    assert (dial.tag, dial.text, dial.get("timeout")) == ("Dial", LINE, "20")
    assert dial.get("answerOnBridge") == "true"
    pilot = await Pilot.opened(store, piloting(share=1.0), now)
    assert (await called(pilot)).find("./Connect/Stream") is not None


async def test_callers_without_a_number_are_taken_by_the_call_and_the_same_at_each_asking(store):
    pilot = await Pilot.opened(store, piloting(share=0.5), now)
    told = {}
    for n in range(60):
        sid = f"CA{n}"
        answers = [await called(pilot, CallSid=sid, From="anonymous") for _ in range(2)]
        assert answers[0][0].tag == answers[1][0].tag
        told[sid] = answers[0][0].tag
    assert 15 < sum(tag == "Connect" for tag in told.values()) < 45


async def test_who_talked_with_the_agent_once_is_taken_again_when_the_share_shrinks(store):
    company = piloting(share=0.0001)
    pilot = await Pilot.opened(store, company, now)
    assert (await called(pilot))[0].tag == "Dial"
    started = engine().open(
        ConversationOpened("c1", "voice", "inbound", FIELDS["From"], FIELDS["To"], MONDAY_NOON),
        after_hours=False,
    )
    await store.log.append("c1", MONDAY_NOON, started.facts)
    assert (await called(pilot))[0].tag == "Connect"


async def test_a_turn_of_the_switch_holds_on_every_server_at_its_next_look(store, tmp_path):
    other = Store(stores.sqlite(tmp_path / "voice_agent.db"))
    here = await Pilot.opened(store, piloting(), now)
    there = await Pilot.opened(other, piloting(), now)
    await turned(store, False)
    for pilot in (here, there):
        await pilot.look()
        assert (await called(pilot))[0].tag == "Dial"
    await turned(other, True)
    for pilot in (here, there):
        await pilot.look()
        assert (await called(pilot))[0].tag == "Connect"
    assert LOOK_S + 2 * WITHIN_S < 5
    await other.aclose()


async def test_watching_sees_a_turn_by_itself(store):
    pilot = Pilot(store, piloting(), now)
    async with anyio.create_task_group() as tasks:
        await turned(store, False)
        tasks.start_soon(pilot.watch)
        with anyio.fail_after(5):
            while pilot.switch.on:  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(0.01)
        tasks.cancel_scope.cancel()


class Away:
    """A database that cannot be reached."""

    async def query(self, read, *, hurry=False):
        raise StoreFailed("away")


async def test_while_the_database_is_away_what_was_last_seen_holds(store):
    await turned(store, False)
    pilot = await Pilot.opened(store, piloting(), now)
    pilot._store = Away()
    await pilot.look()
    assert (await called(pilot))[0].tag == "Dial"
    pilot.switch = replace(pilot.switch, on=True)
    pilot._company = piloting(share=0.0001)
    assert (await called(pilot))[0].tag == "Dial"  # nobody can say that they were taken before


async def test_without_a_line_of_its_own_a_company_that_is_off_says_so(store):
    await turned(store, False)
    pilot = await Pilot.opened(store, sample().company, now)
    assert [child.tag for child in await called(pilot)] == ["Say", "Hangup"]


async def test_the_api_turns_the_switch_for_who_holds_the_token(store):
    pilot = await Pilot.opened(store, piloting(share=0.3), now)
    transport = httpx.ASGITransport(Starlette(routes=list(pilot.routes("secret"))))
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
        assert (await http.post("/api/v1/pilot", json={"on": False})).status_code == 401
        http.headers["authorization"] = "Bearer secret"
        assert (await http.post("/api/v1/pilot", json={"on": "no"})).status_code == 422
        told = (await http.post("/api/v1/pilot", json={"on": False, "why": "odd answers"})).json()
        assert told["on"] is False and told["why"] == "odd answers" and told["at"]
        shown = (await http.get("/api/v1/pilot")).json()
    assert shown["on"] is False and shown["pilot"]["share"] == 0.3
    assert (await called(pilot))[0].tag == "Dial"


def test_the_command_turns_it_in_the_database(tmp_path, capsys):
    settings = Settings(var=tmp_path)
    for act, on in (("status", True), ("off", False), ("status", False), ("on", True)):
        given = Namespace(act=act, by="ada", why="trial")
        assert pilot_command(settings, given) == 0
        assert json.loads(capsys.readouterr().out)["on"] is on
    gone = Settings(var=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")
    assert pilot_command(gone, Namespace(act="off", by="", why="")) == 1
    assert "VOICE_AGENT_DATABASE_URL" in capsys.readouterr().err


async def test_a_chat_that_is_not_taken_says_so_keeps_the_message_and_answers_nothing(store):
    pilot = await Pilot.opened(store, piloting(), now)
    await turned(store, False)
    await pilot.look()
    writing = Writing(engine(), store, None, NoWrapUp(), now, attends=pilot.attends)
    services = ChatServices(writing, b"key", now, "", ChatMetrics(CollectorRegistry()), None)
    async with writing.running():
        app = Starlette(routes=chat_routes(services))
        token = await token_of(app)
        async with visiting(app, token) as page:
            opened = [m for m in page.received if m["type"] == "delta"]
            assert "Nobody is here right now" in opened[0]["text"]
            await page.writes("m1", "How much is Growth? I'm ada@acme.com")
            told = await page.until("line", speaker="agent", turn=1)
            assert "a colleague will get back to you" in told["text"]
            await page.writes("m2", "And do you support SSO?")
            await page.until("ack")
            await page.until("typing", on=False)
            await turned(store, True)
            await pilot.look()
            await page.writes("m3", "Do you support SSO?")
            answer = await page.until("line", speaker="agent", turn=3)
            assert "sign-on" in answer["text"]
    (conversation,) = (await store.conversations.page(Filters(), limit=5)).conversations
    facts = [entry.fact for entry in await store.log.read(conversation.id)]
    messages = [f for f in facts if isinstance(f, MessageTaken)]
    assert [m.turn for m in messages] == [1, 2] and messages[0].owner == "maya-lindqvist"
    assert "ada@acme.com" in [f.value for f in facts if isinstance(f, SignalCaptured)]
    assert [f.kind for f in facts if isinstance(f, Flagged)].count("message_left") == 2
    ours = [f for f in facts if isinstance(f, UtteranceRecorded) and f.speaker == "agent"]
    assert not [line for line in ours if line.turn == 2]


async def test_a_chat_taken_from_the_agent_midway_first_asks_where_to_reach_the_visitor(store):
    pilot = await Pilot.opened(store, piloting(), now)
    writing = Writing(engine(), store, None, NoWrapUp(), now, attends=pilot.attends)
    services = ChatServices(writing, b"key", now, "", ChatMetrics(CollectorRegistry()), None)
    async with writing.running():
        app = Starlette(routes=chat_routes(services))
        async with visiting(app, await token_of(app)) as page:
            await page.writes("m1", "Do you support SSO?")
            await page.until("line", speaker="agent", turn=1)
            await turned(store, False)
            await pilot.look()
            await page.writes("m2", "How much is Growth?")
            asked = await page.until("line", speaker="agent", turn=2)
            assert "Leave your message with an email address" in asked["text"]
            await page.writes("m3", "It's ada@acme.com.")
            told = await page.until("line", speaker="agent", turn=3)
            assert told["text"].startswith("Thank you. I've kept your message")


async def test_a_mail_is_answered_as_a_draft_while_the_agent_is_off(store):
    pilot = await Pilot.opened(store, piloting(), now)
    async with sink() as server, rig(store, server) as it:
        outbox: Outbox = it.room.outbox
        outbox._by_itself = pilot.writes_to
        await turned(store, False)
        await pilot.look()
        await it.get(buyer_mail("Do you support single sign-on?"))
        (draft,) = await store.mails.outbox("draft")
        assert draft.recipient == "dana@northwind.example" and not server.envelopes
        await turned(store, True)
        await pilot.look()
        await it.get(buyer_mail("Do you support SCIM?"))
        assert len(await store.mails.outbox("draft")) == 1


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("pilot: {line: '+16175550142'}", "none of `numbers`"),
        ("pilot: {line: 'our desk'}", "a phone number such as"),
        ("pilot: {line: '+16175550100', numbers: ['+16175550143']}", "Did you mean"),
        ("pilot: {line: '+16175550100', share: 1.5}", "pilot.share"),
        ("pilot: {share: 0.5}", "pilot.line"),
    ],
)
def test_a_pilot_that_could_not_work_is_named_with_its_remedy(tmp_path, section, told):
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "articles").symlink_to(OTHER / "articles")
    text = (OTHER / "company.yaml").read_text().replace("+496990009142", "+16175550142")
    (folder / "company.yaml").write_text(f"{text}\n{section}\n")
    with pytest.raises(CompanyInvalid, match=r"(?s)pilot") as failed:
        load(folder)
    assert told in str(failed.value)
