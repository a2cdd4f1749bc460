"""A person of the team in a written conversation: seen on the page, and the agent is silent."""

from datetime import timedelta

import pytest

from core.events import FloorTaken
from core.store.unit_of_work import Store
from tests.channels.test_writing import (
    SNOWFLAKE,
    Asked,
    Clock,
    asked,
    chat,
    clock,
    postgres_url,
    server,
    sqlite_url,
    store,
    url,
)
from voice_agent.channels.takeover import LEASE, Takeover
from voice_agent.channels.writing import Committed, Floor, UnknownConversation

__all__ = ["asked", "clock", "postgres_url", "sqlite_url", "store", "url"]
pytestmark = pytest.mark.real_clock
MAYA = "maya-lindqvist"


async def test_while_a_rep_has_the_floor_the_agent_learns_and_is_silent(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        await writing.open(chat())
        takeover = Takeover(store, writing, clock)
        with writing.listening("c1") as told:
            await takeover.say("c1", MAYA, "r1", "Hi, Maya here. Which warehouse is it?")
            assert await told.receive() == Floor(MAYA)
            seen = await told.receive()
        assert isinstance(seen, Committed) and seen.lines[0].said.speaker == "rep"
        await writing.say("c1", "m1", "Snowflake. We are a hospital with 300 people. Is it HIPAA?")
        assert (await writing.reply("c1", 1)).lines == ()
        standing = await writing.standing("c1")
        assert standing is not None and standing.state.value("tech_stack") == "Snowflake"
        assert not standing.state.open_questions(), "they are Maya's to answer"


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


async def test_nobody_writes_in_a_conversation_that_is_over_or_unknown(
    store: Store, clock: Clock, asked: Asked
):
    async with server(store, clock, asked) as writing:
        takeover = Takeover(store, writing, clock)
        with pytest.raises(UnknownConversation):
            await takeover.say("c1", MAYA, "r1", "Hello?")
        await writing.open(chat())
        await writing.close("c1", "buyer")
        with pytest.raises(UnknownConversation):
            await takeover.take("c1", MAYA)
