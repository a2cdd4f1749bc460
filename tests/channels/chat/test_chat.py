"""The chat as its pages see it: real engine, real database, messages over the socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import anyio
import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from core.scheduling.memory import MemoryDesk
from core.store.store import Store
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes import stores
from tests.fakes.chat_page import Closed, Page, connected, session
from voice_agent.channels.chat.routes import routes
from voice_agent.channels.chat.services import ChatMetrics, ChatServices
from voice_agent.channels.elsewhere import Elsewhere
from voice_agent.channels.events import WrittenLine
from voice_agent.channels.takeover import Takeover
from voice_agent.channels.writing import Writing

pytestmark = pytest.mark.real_clock
SNOWFLAKE = "Can this integrate with our Snowflake data warehouse?"
SHOP = "https://www.tideline.example"


class NoWrapUp:
    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None: ...


class Letters:
    """Mails transcripts nowhere."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []

    async def send_transcript(self, address: str, lines: tuple[WrittenLine, ...]) -> bool:
        if "@" in address:
            self.sent.append((address, len(lines)))
        return "@" in address


def _now() -> datetime:
    return MONDAY_NOON


Serve = Callable[..., AbstractAsyncContextManager[Starlette]]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    """Starts servers on one database, one after another."""

    @asynccontextmanager
    async def serving(mail: Letters | None = None) -> AsyncIterator[Starlette]:
        store = Store(stores.sqlite(tmp_path / "chat.db"))
        desk = MemoryDesk(sample().company)
        writing = Writing(engine(), store, desk, NoWrapUp(), _now)
        metrics = ChatMetrics(CollectorRegistry())
        services = ChatServices(writing, b"key", _now, "", metrics, mail)
        async with writing.running():
            app = Starlette(routes=routes(services))
            app.state.services = services
            yield app
        assert metrics.open_sockets == 0
        await store.aclose()

    yield serving


async def token_of(app: Starlette, **asked: object) -> str:
    answer = await session(app, **asked)
    assert answer.status_code == 200
    return str(answer.json()["token"])


@asynccontextmanager
async def visiting(app: Starlette, token: str, after: int = 0) -> AsyncIterator[Page]:
    """A page that has said hello and is up to date."""
    async with connected(app) as page:
        await page.sends("hello", token=token, after=after)
        await page.until("ready")
        yield page


async def test_a_page_is_greeted_asks_and_is_answered_with_the_public_source(serve: Serve):
    async with serve() as app:
        made = (await session(app, zone="Europe/Berlin")).json()
        assert made["notices"]["ai"] == "Marina is an AI assistant, not a person."
        assert made["notices"]["privacy_url"] == "https://tideline.example/privacy"
        async with visiting(app, made["token"]) as page:
            greeting = [told["text"] for told in page.received if told["type"] == "delta"]
            assert "AI assistant" in greeting[0] and not page.lines
            await page.writes("m1", SNOWFLAKE)
            (answer, *_) = await page.until_answered(1)
            assert (await page.until("choices"))["items"] == []
    kinds = [told["type"] for told in page.received]
    assert kinds.index("ack") < kinds.index("typing") or "typing" in kinds
    assert [told["text"] for told in page.received if told["type"] == "delta"][-1] in {
        line["text"] for line in page.lines
    }
    assert answer["sources"] == [
        {"title": "Snowflake", "url": "https://tideline.example/integrations/snowflake"}
    ]
    assert [line["seq"] for line in page.lines] == sorted({line["seq"] for line in page.lines})
    assert [line["text"] for line in page.lines][: len(greeting)] == greeting


async def test_nothing_is_stored_before_the_first_message(serve: Serve):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token):
            pass
        async with visiting(app, token) as page:
            assert not page.lines


async def test_a_page_that_comes_back_gets_what_it_missed_and_nothing_twice(serve: Serve):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token) as page:
            await page.writes("m1", SNOWFLAKE)
            await page.until_answered(1)
        seen = page.lines
        async with visiting(app, token, after=seen[1]["seq"]) as again:
            assert again.lines == seen[2:]
            await again.writes("m1", SNOWFLAKE)  # the page never saw that it was taken
            assert (await again.until("ack"))["turn"] == 1
        async with visiting(app, token) as whole:
            assert whole.lines == seen


async def test_a_message_left_by_a_server_that_died_is_answered_when_the_page_is_back(
    serve: Serve, tmp_path: Path
):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token) as page:
            await page.writes("m1", SNOWFLAKE)
            await page.until_answered(1)
    conversation_id = str((await _held(serve, token))["conversation_id"])
    store = Store(stores.sqlite(tmp_path / "chat.db"))  # taken, and not a word answered
    await store.written.receive(conversation_id, MONDAY_NOON, "m2", "Do you support SSO?")
    await store.aclose()
    async with serve() as app, visiting(app, token) as page:
        assert page.lines[-1]["text"] == "Do you support SSO?"
        assert any(told["type"] == "typing" and told["on"] for told in page.received)
        (answer, *_) = await page.until_answered(2)
        assert answer["sources"]


async def _held(serve: Serve, token: str) -> dict[str, object]:
    async with serve() as app:
        answer = (await session(app, token=token)).json()
        assert answer["resumed"]
        return dict(answer)


async def test_the_page_a_buyer_is_on_tells_what_they_mean_by_it(serve: Serve):
    async with serve() as app:
        for title, cited in (("Snowflake integration", "Snowflake"), ("Careers", None)):
            async with visiting(app, await token_of(app)) as page:
                where = {"url": "https://www.tideline.example/x", "title": title}
                await page.sends("message", id="m", text="How long does it take?", page=where)
                lines = await page.until_answered(1)
                named = {source["title"] for line in lines for source in line["sources"]}
                assert named == ({cited} if cited else set())


async def test_both_tabs_of_a_session_see_everything(serve: Serve):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token) as one, visiting(app, token) as other:
            await one.writes("m1", SNOWFLAKE)
            await one.until_answered(1)
            await other.until_answered(1)
            await other.writes("m2", "And BigQuery?")
            await one.until_answered(2)
            await other.until_answered(2)
    assert one.lines == other.lines
    assert [line["speaker"] for line in one.lines].count("caller") == 2


async def test_messages_written_while_one_is_answered_are_answered_in_order(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app)) as page:
        for n, text in enumerate((SNOWFLAKE, "Do you support SSO?", "What about HIPAA?")):
            await page.writes(f"m{n}", text)
        while {line["turn"] for line in page.lines if line["speaker"] == "agent"} < {0, 1, 2, 3}:
            await page.next()
    ours = [line["turn"] for line in page.lines if line["speaker"] == "agent"]
    assert ours == sorted(ours)


async def test_a_meeting_is_booked_by_choosing_a_time(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app, zone="America/Chicago")) as page:
        await page.writes("m1", "We are 300 people. Can I book a demo?")
        await page.until_answered(1)
        items = (await page.until("choices"))["items"]
        assert items[-1]["label"] == "Another time" and ", " in items[0]["label"]
        await page.writes("m2", items[0]["text"])
        await page.until_answered(2)
        await page.writes("m3", "ann@harbor.example")
        lines = await page.until_answered(3)
        if not any("ooked" in line["text"] for line in lines):
            await page.writes("m4", "Yes")
            lines = await page.until_answered(4)
    assert any("ooked" in line["text"] for line in lines)


async def test_call_me_becomes_a_call_back_that_a_rep_sees(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app)) as page:
        await page.sends("call_me", id="c0", phone="12", when="")
        assert (await page.until("error"))["code"] == "bad-phone"
        await page.sends("call_me", id="c1", phone="(617) 555-0100", when="tomorrow morning")
        assert (await page.until("ack"))["id"] == "c1"
        lines = await page.until_answered(1)
        asked = next(line for line in page.lines if line["speaker"] == "caller")
        assert asked["text"] == "Please call me tomorrow morning on +1 617-555-0100."
    assert any("will" in line["text"] or "right?" in line["text"] for line in lines)


async def test_a_transcript_is_offered_where_mail_can_be_sent(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app)) as page:
        assert not page.received[-1]["features"]["transcript"]
        await page.sends("transcript", id="t1", email="ann@harbor.example")
        assert (await page.until("error"))["code"] == "no-transcript"
    letters = Letters()
    async with serve(letters) as app, visiting(app, await token_of(app)) as page:
        assert page.received[-1]["features"]["transcript"]
        await page.writes("m1", SNOWFLAKE)
        await page.until_answered(1)
        await page.sends("transcript", id="t1", email="nobody")
        assert (await page.until("error"))["code"] == "bad-email"
        await page.sends("transcript", id="t2", email="ann@harbor.example")
        await page.until("ack", id="t2")
        await page.sends("transcript", id="t3", email="somebody@else.example")
        assert (await page.until("error", id="t3"))["code"] == "too-fast", "no relay for spam"
    assert letters.sent == [("ann@harbor.example", len(page.lines))]


async def test_a_conversation_that_ended_is_not_gone_on_with(serve: Serve):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token) as page:
            await page.writes("m1", SNOWFLAKE)
            await page.until_answered(1)
            await page.sends("end")
            await page.until("status", state="ended")
            await page.writes("m2", "One more thing")
            assert (await page.until("error", id="m2"))["code"] == "ended"
        fresh = (await session(app, token=token)).json()
        assert not fresh["resumed"]
        async with visiting(app, fresh["token"]) as page:
            assert not page.lines


async def test_a_person_of_the_team_is_seen_by_name_and_the_agent_is_silent(
    serve: Serve, tmp_path: Path
):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token) as page:
            await page.writes("m1", SNOWFLAKE)
            await page.until_answered(1)
            services = app.state.services
            store = Store(stores.sqlite(tmp_path / "chat.db"))
            takeover = Takeover(store, services.writing, _now)
            conversation_id = (await session(app, token=token)).json()["conversation_id"]
            await takeover.take(conversation_id, "maya-lindqvist")
            await takeover.typing(conversation_id, "maya-lindqvist")
            await page.until("typing", who="rep")
            await takeover.say(conversation_id, "maya-lindqvist", "r1", "Hi, I can take this.")
            line = await page.until("line", speaker="rep")
            assert (line["name"], line["text"]) == ("Maya Lindqvist", "Hi, I can take this.")
            await page.writes("m2", "Do you support SSO?")
            await page.until("ack", id="m2")
            assert (await services.writing.reply(conversation_id, 2)).lines == ()
            await takeover.give_back(conversation_id, "maya-lindqvist")
            await page.until("status", state="open")
            unheard = Writing(engine(), store, None, services.writing, _now)
            away = Takeover(store, unheard, _now)
            await away.say(conversation_id, "sofia-alvarez", "s1", "Sofia, from another server.")
            await Elsewhere(store.floors, services.writing).look()
            assert (await page.until("line", speaker="rep", name="Sofia Alvarez"))["text"]
            assert (await page.until("status", state="human"))["rep"] == "Sofia Alvarez"
            await away.give_back(conversation_id, "sofia-alvarez")
            await Elsewhere(store.floors, services.writing).look()
            await page.until("status", state="open")
        async with visiting(app, token) as again:
            assert [told for told in again.received if told["type"] == "status"] == []
        await store.aclose()
    assert not [n for n in again.lines if n["turn"] == 2 and n["speaker"] == "agent"]


# --- what must not get in --------------------------------------------------------------------


async def test_a_page_of_another_site_gets_neither_session_nor_socket(serve: Serve):
    async with serve() as app:
        refused = await session(app, origin="https://evil.example")
        assert refused.status_code == 403
        assert "chat.origins" in refused.json()["error"]["message"]
        assert (await session(app, origin=SHOP)).headers["access-control-allow-origin"] == SHOP
        with pytest.raises(Closed):
            async with connected(app, origin="https://evil.example"):
                pass
        async with connected(app, origin=SHOP):
            pass


@pytest.mark.parametrize("token", ["", "x.y", "a" * 5000])
async def test_a_token_that_is_not_ours_opens_nothing(serve: Serve, token: str):
    async with serve() as app, connected(app) as page:
        await page.sends("hello", token=token, after=0)
        with pytest.raises(Closed) as closed:
            await page.next()
        assert closed.value.code == 4401


async def test_who_does_not_say_hello_first_is_turned_away(serve: Serve):
    async with serve() as app, connected(app) as page:
        await page.writes("m1", "hi")
        with pytest.raises(Closed) as closed:
            await page.next()
        assert closed.value.code == 1008


async def test_nonsense_is_told_and_survived_up_to_a_limit(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app)) as page:
        for frame in ("{", "[]", '{"type":"message"}', "x" * 100_000, '{"type":"nope"}'):
            await page.sends_raw(frame)
            assert (await page.next())["type"] == "error"
        await page.writes("m1", "a" * 4001)
        assert (await page.until("error"))["id"] == "m1"
        await page.sends("ping")
        await page.until("pong")
        for _ in range(5):
            await page.sends_raw("{")
        with pytest.raises(Closed) as closed:
            while True:
                await page.next()
        assert closed.value.code == 1008


async def test_a_flood_of_messages_is_slowed_and_a_flood_of_frames_ended(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app)) as page:
        for n in range(8):
            await page.writes(f"m{n}", f"Question {n}: do you support SSO?")
        slowed = await page.until("error")
        assert slowed["code"] == "too-fast" and 0 < slowed["retry_after_s"] < 5
        for _ in range(200):
            await page.sends("ping")
        with pytest.raises(Closed) as closed:
            while True:
                await page.next()
        assert closed.value.code == 1008


async def test_sessions_are_given_out_at_a_pace(serve: Serve):
    async with serve() as app:
        answers = [await session(app) for _ in range(32)]
        assert answers[0].status_code == 200 and answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert (await session(app, address="192.0.2.7")).status_code == 200


async def test_markup_is_kept_as_the_text_it_is(serve: Serve):
    async with serve() as app, visiting(app, await token_of(app)) as page:
        await page.writes("m1", "<script>alert(1)</script> do you support SSO?")
        await page.until_answered(1)
    assert page.lines[2]["text"].startswith("<script>alert(1)</script>")


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 4000, b'{"a":"' + b"x" * 5000])
async def test_a_session_is_asked_for_with_a_small_object(serve: Serve, body: bytes):
    async with serve() as app:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            assert (await client.post("/chat/sessions", content=body)).status_code == 400


async def test_a_page_that_takes_nothing_is_dropped_and_holds_up_nobody(serve: Serve):
    async with serve() as app:
        token = await token_of(app)
        async with visiting(app, token) as page:
            async with visiting(app, token) as slow:
                slow.from_server.close()  # whatever is sent to it fails
                await page.writes("m1", SNOWFLAKE)
                await page.until_answered(1)
            with anyio.fail_after(5):
                await page.writes("m2", "And BigQuery?")
                await page.until_answered(2)
