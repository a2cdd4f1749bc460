"""What one call writes of its conversation, and what holds when things coincide."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import anyio

from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import TurnMerged, UtteranceRecorded
from core.reply import Planned
from core.scheduling.memory import MemoryDesk
from core.scheduling.tools import Tool
from core.talk import AgentHeard, Sentence, UserSaid
from tests.core.talk import MONDAY_NOON, Talk, engine, sample
from voice_agent.call.clock import CallClock
from voice_agent.call.conversation import Conversation


def said(turn: int, text: str) -> UserSaid:
    return UserSaid(turn, text, 0, 900, datetime(2026, 12, 3, tzinfo=UTC))


def test_a_turn_stands_in_the_log_until_the_one_that_repeats_its_words_is_there():
    """Else a server that dies in between takes along what was told and promised."""
    batches: list[tuple[object, ...]] = []
    one = Conversation(
        engine=None, state=None, clock=None, recording=None, perform=None,
        write=lambda *facts: batches.append(facts),
    )  # fmt: skip
    one.caller_said(said(1, "could somebody call me back"))
    one.merge(1)
    assert [type(fact) for facts in batches for fact in facts] == [UtteranceRecorded]
    one.caller_said(said(2, "could somebody call me back tomorrow"))
    assert [type(fact) for fact in batches[-1]] == [TurnMerged, UtteranceRecorded]
    one.caller_said(said(3, "that is all"))
    assert [type(fact) for fact in batches[-1]] == [UtteranceRecorded]


class Thoughtful:
    """An engine that takes half a second over each turn, as one does that asks a model."""

    def __init__(self) -> None:
        self._engine = engine()

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def reply(self, state: ConversationState, said: UserSaid, *more: object):
        await anyio.sleep(0.5)
        async with aclosing(self._engine.reply(state, said, *more)) as events:
            async for event in events:
                yield event


async def booking() -> tuple[Conversation, Tool, Callable[[int, str], UserSaid]]:
    """A conversation whose caller has just chosen a time, and the tool that books it."""
    desk = MemoryDesk(sample().company)
    talk = Talk(desk=desk)
    await talk.says("can i book a demo please")

    async def perform(tool: Tool):
        await anyio.sleep(0.3)
        return await desk.perform(tool, MONDAY_NOON)

    one = Conversation(
        Thoughtful(), talk.state, CallClock(MONDAY_NOON), SimpleNamespace(settle=lambda: None),
        lambda *facts: None, perform,
    )  # fmt: skip
    number = talk.state.turn + 1
    tool = await one.understand(said(number, "the first one please"))
    assert tool is not None
    return one, tool, lambda later, text: said(number + later, text)


async def planned(engine: Engine, state: ConversationState, said: UserSaid) -> Planned:
    async with aclosing(engine.reply(state, said)) as events:
        (plan,) = [event async for event in events if isinstance(event, Planned)]
    return plan


async def test_a_meeting_booked_while_the_next_turn_was_thought_of_stands():
    one, tool, turn = await booking()
    base = one.state
    plan = await planned(engine(), base, turn(1, "we are two hundred people"))
    await one.settle(tool)
    one.take(plan, base)
    assert one.state.meeting.booking is not None and not one.state.times.slots
    assert one.state.signals.value("employees") == "200"


async def test_turns_that_are_only_understood_and_a_meeting_meanwhile_all_stand():
    one, tool, turn = await booking()
    async with anyio.create_task_group() as together:
        together.start_soon(one.understand, turn(1, "we are two hundred people"))
        together.start_soon(one.understand, turn(2, "we use snowflake"))
        together.start_soon(one.settle, tool)
    assert one.state.meeting.booking is not None
    assert one.state.signals.value("employees") == "200" and one.state.signals.value("tech_stack")
    assert one.state.turn == turn(2, "").turn


async def test_a_line_heard_while_a_turn_was_thought_of_stands_beside_what_the_caller_said():
    one, _tool, turn = await booking()
    base = one.state
    plan = await planned(engine(), base, turn(1, "we are two hundred people"))
    line = Sentence(base.turn, 0, "You're booked.", "next_step")
    one.credit(AgentHeard(base.turn, line, line.text, True, 0, 900))
    one.take(plan, base)
    said = [text for _, text in one.state.history.lines]
    assert said[-2:] == ["we are two hundred people", "You're booked."]
    assert one.state.history.reply[-1] == "You're booked."


async def test_what_was_blanked_while_a_turn_was_thought_of_stays_blank():
    one, _tool, turn = await booking()
    one.state = replace(
        one.state,
        history=replace(one.state.history, lines=(("caller", "it begins with 4111 1111"),)),
    )
    async with anyio.create_task_group() as together:
        together.start_soon(one.understand, turn(1, "we use snowflake"))
        await anyio.sleep(0.1)
        one.blank()
    assert "4111" not in str(one.state.history.lines) and one.state.signals.value("tech_stack")
