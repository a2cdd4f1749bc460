"""A rep in a written conversation: shown on the page, while the agent is silent."""

from datetime import timedelta
from typing import Any

import pytest

from core.events import FloorTaken
from core.store.store import Store
from tests.channels.test_writing import (
    SNOWFLAKE,
    Asked,
    Clock,
    asked,
    chat,
    clock,
    server,
    store,
)
from voice_agent.channels.elsewhere import Elsewhere
from voice_agent.channels.events import Committed, Floor, Moved
from voice_agent.channels.takeover import LEASE, Takeover

__all__ = ["asked", "clock", "store"]
pytestmark = pytest.mark.real_clock
MAYA, SOFIA = "maya-lindqvist", "sofia-alvarez"


async def test_while_a_rep_has_the_floor_the_agent_learns_and_is_silent(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        takeover = Takeover(store, writing, clock)
        with writing.listeners.listening("c1") as told:
            await takeover.say("c1", MAYA, "r1", "Hi, Maya here. Which warehouse is it?")
            assert await told.receive() == Floor(MAYA)
            seen = await told.receive()
        assert isinstance(seen, Committed) and seen.lines[0].said.speaker == "rep"
        await writing.say("c1", "m1", "Snowflake. We are a hospital with 300 people. Is it HIPAA?")
        assert (await writing.reply("c1", 1)).lines == ()
        standing = await writing.standing("c1")
        assert standing is not None and standing.state.signals.value("tech_stack") == "Snowflake"
        assert not standing.state.open_questions(), "they are Maya's to answer"


async def test_a_rep_and_the_buyer_who_write_at_once_are_told_apart(
    store: Store, clock: Clock, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    hold = store.floors.hold
    async with server(store, clock, asked) as writing:

        async def meanwhile(*given: Any) -> Any:
            held = await hold(*given)
            await writing.say("c1", "m1", "Is anybody there?")
            return held

        await writing.open(chat())
        monkeypatch.setattr(store.floors, "hold", meanwhile)
        with writing.listeners.listening("c1") as told:
            await Takeover(store, writing, clock).say("c1", MAYA, "r1", "Hi, Maya here.")
            await writing.reply("c1", 1)
            events = [told.receive_nowait() for _ in range(told.statistics().current_buffer_used)]
        lines = [e for e in events if isinstance(e, Committed) and e.lines]
        assert [[line.said.speaker for line in e.lines] for e in lines] == [["caller"], ["rep"]]
        spans = sorted(e.span for e in lines if e.span)
        assert len(spans) == 2 and spans[1][0] == spans[0][1] + 1, "with no gap"


async def test_the_agent_answers_again_once_the_floor_is_given_back(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        takeover = Takeover(store, writing, clock)
        await takeover.take("c1", MAYA)
        assert await writing.floor("c1") == MAYA
        await takeover.give_back("c1", MAYA)
        assert await writing.floor("c1") is None
        await writing.say("c1", "m1", SNOWFLAKE)
        assert "snowflake@1#1" in (await writing.reply("c1", 1)).lines[0].said.citations


async def test_a_rep_who_goes_silent_loses_the_floor(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        takeover = Takeover(store, writing, clock)
        await takeover.take("c1", MAYA)
        clock.now += LEASE - timedelta(seconds=1)
        await takeover.say("c1", MAYA, "r1", "One moment, please.")
        clock.now += LEASE - timedelta(seconds=1)
        assert await writing.floor("c1") == MAYA, "their line renewed it"
        clock.now += timedelta(seconds=1)
        assert await writing.floor("c1") is None
        await writing.say("c1", "m1", SNOWFLAKE)
        assert (await writing.reply("c1", 1)).lines


async def test_a_line_sent_twice_stands_once(store: Store, clock: Clock, asked: Asked):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        takeover = Takeover(store, writing, clock)
        for _ in range(2):
            await takeover.say("c1", MAYA, "r1", "Hi, Maya here.")
        said = [line for line in await writing.lines("c1") if line.said.speaker == "rep"]
        assert [line.said.text for line in said] == ["Hi, Maya here."]
        facts = [entry.fact for entry in await store.log.read("c1")]
        assert sum(isinstance(fact, FloorTaken) for fact in facts) == 1


async def test_of_two_who_reach_for_the_floor_one_gets_it_and_keeps_it(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as here, server(store, clock, asked) as there:
        await here.open(chat())
        maya, sofia = Takeover(store, here, clock), Takeover(store, there, clock)
        assert await maya.take("c1", MAYA) == MAYA
        assert await sofia.take("c1", SOFIA) == MAYA
        assert await sofia.say("c1", SOFIA, "s1", "It's Sofia!") == MAYA
        assert not await sofia.give_back("c1", SOFIA)
        assert await here.floor("c1") == MAYA
        assert not [line for line in await here.lines("c1") if line.said.speaker == "rep"]
        await maya.give_back("c1", MAYA)
        assert await sofia.say("c1", SOFIA, "s1", "It's Sofia!") == SOFIA


async def test_typing_keeps_the_floor_without_filling_the_log(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        takeover = Takeover(store, writing, clock)
        await takeover.typing("c1", MAYA)
        assert await writing.floor("c1") is None, "typing alone takes no floor"
        await takeover.take("c1", MAYA)
        for _ in range(30):
            clock.now += timedelta(seconds=20)
            await takeover.typing("c1", MAYA)
        assert await writing.floor("c1") == MAYA
        taken = [e for e in await store.log.read("c1") if isinstance(e.fact, FloorTaken)]
        assert len(taken) <= 9


async def test_a_page_at_another_server_learns_what_a_person_wrote_here(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as here, server(store, clock, asked) as there:
        await there.open(chat())
        elsewhere = Elsewhere(store.floors, there)
        with there.listeners.listening("c1") as told:
            await elsewhere.look()
            first = await told.receive()
            assert isinstance(first, Moved) and not first.over, "what came before it began to look"
            await elsewhere.look()
            assert told.statistics().current_buffer_used == 0
            await Takeover(store, here, clock).say("c1", MAYA, "r1", "Hi, Maya here.")
            await elsewhere.look()
            next_one = await told.receive()
            assert isinstance(next_one, Moved) and next_one.last > first.last and not next_one.over
            await here.close("c1", "buyer")
            await elsewhere.look()
            last = await told.receive()
            assert isinstance(last, Moved) and last.over


async def test_nobody_writes_in_a_conversation_that_is_over_or_unknown(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        takeover = Takeover(store, writing, clock)
        assert await takeover.say("c1", MAYA, "r1", "Hello?") is None
        await writing.open(chat())
        await writing.close("c1", "buyer")
        assert await takeover.take("c1", MAYA) is None
