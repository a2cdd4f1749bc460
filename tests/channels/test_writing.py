"""Written conversations: accepted once, answered once, continued by whichever server is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import anyio
import pytest

from core.events import ConversationEnded, Flagged
from core.identity.memory import Recognition
from core.projections.document import document
from core.scheduling.memory import MemoryDesk
from core.store.store import Store
from core.talk import ConversationOpened
from core.text import burst
from tests.core.talk import MONDAY_NOON, engine, sample
from voice_agent.channels.events import Committed, Delta, UnknownConversation
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.writing import LEFT, OVER, Writing

pytestmark = pytest.mark.real_clock
SNOWFLAKE = "Can this integrate with our Snowflake data warehouse?"


class Clock:
    """Stands still unless moved."""

    def __init__(self) -> None:
        self.now = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.now


class Asked:
    """Notes which wrap-ups were asked for."""

    def __init__(self) -> None:
        self.revisions: list[tuple[str, int]] = []

    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None:
        self.revisions.append((conversation_id, revision))


@pytest.fixture
def store(both: Store) -> Store:
    return both


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked() -> Asked:
    return Asked()


@asynccontextmanager
async def server(
    store: Store, clock: Clock, asked: Asked, desk: MemoryDesk | None = None,
    people: Knowing | None = None,
) -> AsyncIterator[Writing]:  # fmt: skip
    """A server of written conversations, running."""
    desk = desk or MemoryDesk(sample().company)
    made = Writing(engine(), store, desk, asked, clock, people=people)
    async with made.running():
        yield made


def chat(conversation_id: str = "c1") -> ConversationOpened:
    return ConversationOpened(conversation_id, "chat", "inbound", None, None, MONDAY_NOON)


async def test_a_message_is_answered_with_its_citation(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        opening = await writing.open(chat())
        assert "assistant" in opening[0].said.text
        assert not any("record" in line.said.text for line in opening), (
            "nothing is recorded in a chat"
        )
        line = await writing.say("c1", "m1", SNOWFLAKE)
        reply = await writing.reply("c1", line.said.turn)
        assert "snowflake@1#1" in reply.lines[0].said.citations
        assert [n.seq for n in await writing.lines("c1", line.seq)] == [n.seq for n in reply.lines]


async def test_sentences_come_before_the_turn_is_committed(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        with writing.listeners.listening("c1") as told:
            await writing.say("c1", "m1", SNOWFLAKE)
            seen = []
            async for event in told:
                seen.append(event)
                if isinstance(event, Committed) and event.turn == 1:
                    break
        assert isinstance(seen[0], Committed) and seen[0].lines[0].said.speaker == "caller"
        assert isinstance(seen[1], Delta)
        given = " ".join(e.text for e in seen if isinstance(e, Delta))
        assert given == " ".join(line.said.text for line in seen[-1].lines)


async def test_a_message_sent_twice_is_taken_and_answered_once(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        first = await writing.say("c1", "m1", SNOWFLAKE)
        await writing.reply("c1", 1)
        again = await writing.say("c1", "m1", SNOWFLAKE)
        assert again == first
        assert await writing.reply("c1", 1) == await writing.reply("c1", 1)
        said = [line for line in await writing.lines("c1") if line.said.speaker == "caller"]
        assert len(said) == 1


async def test_messages_sent_at_once_are_answered_in_order(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        for n, text in enumerate(
            ("We are a hospital.", "We use Snowflake.", "Do you support SSO?")
        ):
            await writing.say("c1", f"m{n}", text)
        await writing.reply("c1", 3)
        turns = [n.said.turn for n in await writing.lines("c1") if n.said.speaker == "agent"]
        assert turns == sorted(turns) and set(turns) == {0, 1, 2, 3}


async def test_a_turn_begun_when_the_server_stops_is_finished(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", SNOWFLAKE)
    standing = await store.written.standing("c1")
    assert standing is not None and standing.answered == 1


async def test_another_server_goes_on_where_the_first_one_died(
    store: Store, clock: Clock, asked: Asked
):
    first = Writing(engine(), store, None, asked, clock)  # takes the message, never runs
    await first.open(chat())
    await first.say("c1", "m1", SNOWFLAKE)
    clock.now += LEFT + timedelta(seconds=1)
    second = Writing(engine(), store, None, asked, clock)
    async with second.running():
        with anyio.fail_after(60):
            reply = await second.reply("c1", 1)
    assert "Snowflake" in reply.lines[0].said.text


async def test_what_was_said_before_a_restart_is_known_after_it(
    store: Store, clock: Clock, asked: Asked
):
    for n, text in enumerate(("Hi, I'm Dana from Acme Freight.", "We have 300 employees.")):
        writing = Writing(engine(), store, None, asked, clock)
        async with writing.running():
            await writing.open(chat())
            await writing.say("c1", f"m{n}", text)
            await writing.reply("c1", n + 1)
    standing = await store.written.standing("c1")
    assert standing is not None
    told = standing.state.signals
    assert told.value("name") == "Dana" and told.value("employees") == "300"


async def test_two_servers_answer_a_message_once(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as one, server(store, clock, asked) as two:
        await one.open(chat())
        await one.say("c1", "m1", SNOWFLAKE)
        await two.say("c1", "m1", SNOWFLAKE)
        assert (await one.reply("c1", 1)).lines == (await two.reply("c1", 1)).lines
    answers = [n for n in await one.lines("c1") if n.said.speaker == "agent" and n.said.turn == 1]
    assert len({n.said.text for n in answers}) == len(answers)


async def test_a_quiet_chat_is_written_up_and_an_old_one_ended(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", SNOWFLAKE)
        await writing.reply("c1", 1)
        clock.now += timedelta(minutes=3)
        await writing._tend()
        await writing._tend()
        assert asked.revisions == [("c1", 1)], "once for a turn"
        clock.now += OVER["chat"]
        await writing._tend()
        assert asked.revisions[-1] == ("c1", 0)
        row = await store.conversations.get("c1")
        assert row is not None and (row.status, row.outcome) == ("completed", "answered")
        with pytest.raises(UnknownConversation):
            await writing.say("c1", "m2", "Are you there?")
        standing = await writing.standing("c1")
        assert standing is not None and standing.received == standing.answered == 1


async def test_a_chat_that_cannot_be_ended_keeps_no_other_from_its_end(
    store: Store, clock: Clock, asked: Asked
):
    class Breaks(Asked):
        async def wrap_up(self, conversation_id: str, revision: int = 0) -> None:
            if conversation_id == "c1" and not revision:
                raise LookupError("a bug")
            await super().wrap_up(conversation_id, revision)

    async with server(store, clock, asked := Breaks()) as writing:
        for name in ("c1", "c2"):
            await writing.open(chat(name))
            clock.now += timedelta(seconds=1)
        clock.now += OVER["chat"]
        await writing._tend()
    assert ("c2", 0) in asked.revisions


async def test_an_answer_that_never_comes_is_not_waited_for_without_end(
    store: Store, clock: Clock, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("voice_agent.channels.writing.ANSWER_S", 0.2)
    writing = Writing(engine(), store, MemoryDesk(sample().company), asked, clock)
    await writing.open(chat())
    await writing.say("c1", "m1", SNOWFLAKE)
    with anyio.move_on_after(20) as scope, pytest.raises(TimeoutError):
        await writing.reply("c1", 1)  # it is not running
    assert not scope.cancelled_caught


async def test_a_goodbye_ends_the_conversation(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", "Please never contact me again.")
        with writing.listeners.listening("c1") as told, anyio.fail_after(60):
            async for event in told:
                if isinstance(event, Committed) and event.over:
                    break
        row = await store.conversations.get("c1")
        assert row is not None and row.outcome == "opted_out"


async def ended(writing: Writing, store: Store) -> str | None:
    """The chat's outcome, once it is over."""
    with anyio.fail_after(60):
        while not await writing.over("c1"):
            await anyio.sleep(0.02)
    row = await store.conversations.get("c1")
    return row.outcome if row else None


async def test_a_message_being_answered_when_the_buyer_leaves_is_part_of_what_is_written_up(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", "Please call me tomorrow at noon on +1 415 555 2671.")
        await writing.close("c1", "buyer")
        assert await ended(writing, store) == "callback"
        standing = await writing.standing("c1")
        assert standing is not None and standing.answered == standing.received == 1
        facts = [entry.fact for entry in await store.log.read("c1")]
    assert isinstance(facts[-1], ConversationEnded) and facts[-1].reason == "buyer"
    assert asked.revisions == [("c1", 0)], "once, after the answer"


async def test_a_message_that_comes_while_the_agent_hangs_up_is_answered_before_the_end(
    store: Store, clock: Clock, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    commit = store.written.commit

    async with server(store, clock, asked) as writing:

        async def meanwhile(*turn: Any) -> Any:
            done = await commit(*turn)
            if turn[1] == 1:
                await writing.say("c1", "m2", "And my name is Dana Fox.")
            return done

        monkeypatch.setattr(store.written, "commit", meanwhile)
        await writing.open(chat())
        await writing.say("c1", "m1", "Please never contact me again.")
        assert await ended(writing, store) == "opted_out"
        standing = await writing.standing("c1")
    assert standing is not None and standing.answered == standing.received == 2
    assert standing.state.signals.value("name") == "Dana Fox"
    assert asked.revisions == [("c1", 0)]


async def test_a_chat_taken_up_again_while_old_ones_are_ended_goes_on(
    store: Store, clock: Clock, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    idle = store.written.idle

    async with server(store, clock, asked) as writing:

        async def meanwhile(channel: str, before: datetime) -> list[str]:
            found = await idle(channel, before)
            if "c1" in found:
                await writing.say("c1", "m1", SNOWFLAKE)
                await writing.reply("c1", 1)
            return found

        await writing.open(chat())
        clock.now += OVER["chat"]
        monkeypatch.setattr(store.written, "idle", meanwhile)
        await writing._tend()
        await writing.say("c1", "m2", "Do you support SSO?")
        await writing.reply("c1", 2)
        assert not await writing.over("c1")


async def test_a_bug_ends_its_turn_in_words_and_a_person_sees_it(
    store: Store, clock: Clock, asked: Asked
):
    class Broken(MemoryDesk):
        async def look(self, *_: object) -> object:  # type: ignore[override]
            raise KeyError("a bug")

    await _apologises(store, clock, asked, desk=Broken(sample().company))


async def test_a_bug_in_knowing_who_it_is_ends_its_turn_in_words_as_well(
    store: Store, clock: Clock, asked: Asked
):
    class Broken(Knowing):
        async def recognise(self, conversation_id: str) -> Recognition:
            raise KeyError("a bug")

    await _apologises(store, clock, asked, people=Broken(store.people, store, None, clock))


async def _apologises(
    store: Store, clock: Clock, asked: Asked, desk: MemoryDesk | None = None,
    people: Knowing | None = None,
) -> None:  # fmt: skip
    async with server(store, clock, asked, desk, people) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", SNOWFLAKE)
        reply = await writing.reply("c1", 1)
    assert reply.lines[0].said.text == sample().company.voice.apology
    facts = [entry.fact for entry in await store.log.read("c1")]
    assert any(isinstance(fact, Flagged) and fact.kind == "turn_failed" for fact in facts)


async def test_a_listener_that_lags_is_let_go(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        with writing.listeners.listening("c1") as told:
            for n in range(300):
                writing.listeners.tell("c1", Delta(1, n, "word"))
            got = [event async for event in told]
        assert 0 < len(got) < 300


async def test_the_document_of_a_chat_has_its_lines_and_signals(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", "We are a hospital with 400 employees and use Snowflake.")
        await writing.reply("c1", 1)
        made = document("c1", await store.log.read("c1"), company=sample().company)
        assert made["channel"] == "chat"
        assert {s["criterion"] for s in made["signals"]} >= {"employees", "industry", "tech_stack"}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """More is waited for than a loaded machine needs; a whole message ends the wait."""
    for wait in ("OPEN", "LEADS", "PLAIN", "MOST"):
        monkeypatch.setattr(burst, wait, timedelta(seconds=60))


@pytest.mark.usefixtures("patient")
async def test_messages_of_one_thought_are_answered_once(store: Store, clock: Clock, asked: Asked):
    pieces = ("hi", "quick question", "do you integrate with", "snowflake?")
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        for n, text in enumerate(pieces, start=1):
            await writing.say("c1", f"m{n}", text)
            clock.now += timedelta(seconds=1)
        reply = await writing.reply("c1", 4)
        assert "snowflake@1#1" in {c for line in reply.lines for c in line.said.citations}
        lines = await writing.lines("c1")
        assert [n.said.text for n in lines if n.said.speaker == "caller"] == list(pieces)
        assert {n.said.turn for n in lines if n.said.speaker == "agent"} == {0, 4}
        standing = await writing.standing("c1")
        assert standing is not None and (standing.answered, standing.received) == (4, 4)


@pytest.mark.usefixtures("patient")
async def test_what_was_asked_is_answered_in_pieces(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", "We use Snowflake and want it in HubSpot. Can you do that?")
        reply = await writing.reply("c1", 1)
        assert any(line.said.asks == "employees" for line in reply.lines), reply
        for n, text in enumerate(("um", "about", "250."), start=2):
            await writing.say("c1", f"m{n}", text)
            clock.now += timedelta(seconds=1)
        await writing.reply("c1", 4)
        made = document("c1", await store.log.read("c1"), company=sample().company)
        (told,) = [s for s in made["signals"] if s["criterion"] == "employees"]
        assert (told["value"], told["turn"]) == ("250", 4)


async def test_a_visitor_who_is_writing_on_is_waited_for(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", "we use snowflake")
        writing.typing("c1")
        await anyio.sleep(1.2)
        writing.typing("c1")
        await writing.say("c1", "m2", "does that work?")
        await writing.reply("c1", 2)
        lines = await writing.lines("c1")
        assert {n.said.turn for n in lines if n.said.speaker == "agent"} == {0, 2}


async def test_a_whole_message_is_answered_while_more_is_written(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        await writing.say("c1", "m1", SNOWFLAKE)
        writing.typing("c1")
        with anyio.fail_after(3):
            await writing.reply("c1", 1)
        await writing.say("c1", "m2", "And how much is it?")
        assert (await writing.reply("c1", 2)).lines
