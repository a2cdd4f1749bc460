"""When nobody is in: answers as by day, then a meeting, a call in a window, or a message."""

from datetime import UTC, datetime

import pytest

from core.events import CallbackRequested, Flagged, Logged, PromiseMade
from core.facts.messages import MessageTaken
from core.projections.document import document
from core.scheduling.memory import MemoryDesk
from tests.core.talk import OTHER, SUNDAY, Talk, sample

NIGHT = datetime(2026, 11, 30, 20, 30, tzinfo=UTC)
"""Half past nine in the evening in Berlin, a Monday."""


def tideline(**more) -> Talk:
    desk = MemoryDesk(sample().company)
    return Talk(at=SUNDAY, after_hours=True, desk=desk, **{"caller": "+13125550171"} | more)


def corvane(**more) -> Talk:
    return Talk(folder=OTHER, at=NIGHT, after_hours=True, caller="+493055500123",
                called="+496990009142", **more)  # fmt: skip


def of(talk: Talk, kind: type) -> list:
    return [f for f in talk.facts if isinstance(f, kind)]


async def test_who_asks_for_a_person_is_promised_a_window_and_told_what_else_there_is():
    talk = tideline()
    await talk.says("do you integrate with snowflake")
    turn = await talk.says("can i talk to somebody from sales")
    assert "nobody in right now" in turn.text and "book" in turn.text and "message" in turn.text
    (promised,) = of(talk, CallbackRequested)
    assert promised.zone == "America/Chicago" and "between" in promised.when
    assert promised.start.startswith("2026-11-30") and promised.owner


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("call me back at three oh three five five five oh one four two", False),
        ("call me back at three on three oh three five five five oh one four two", True),
    ],
)
async def test_the_digits_of_a_number_are_no_hour_of_the_call(words, given):
    talk = tideline(caller=None)
    await talk.says("no")
    await talk.says(words)
    await talk.says("yes")
    (promised,) = of(talk, CallbackRequested)
    assert ("three" in promised.when or "3" in promised.when) == given, promised.when


async def test_a_message_is_taken_down_in_their_words_read_back_and_owned():
    talk = tideline(caller=None)
    await talk.says("no")
    turn = await talk.says("can i leave a message for maya")
    assert turn.asks == ["message"]
    words = "we need the security questionnaire back before friday"
    turn = await talk.says(words)
    assert words in turn.text and turn.asks == ["phone"]
    (taken,) = of(talk, MessageTaken)
    assert (taken.text, taken.owner, taken.turn) == (words, "maya-lindqvist", 3)
    assert [f.note for f in of(talk, Flagged) if f.kind == "message_left"] == [words]
    assert [p.owner for p in of(talk, PromiseMade)] == ["maya-lindqvist"]
    assert "tomorrow" in turn.text and talk.engine.outcome(talk.state) == "message"
    assert not talk.state.questions, "a message is not a question to answer"


async def test_a_message_told_in_one_breath_needs_no_asking():
    talk = corvane()
    await talk.says("yes")
    turn = await talk.says("could you let luc know that we need two of them by march")
    (taken,) = of(talk, MessageTaken)
    assert taken.text == "we need two of them by march" and taken.owner == "luc-moreau"
    assert "tomorrow" in turn.text


async def test_a_second_message_is_a_second_one_and_the_brief_has_both():
    talk = tideline()
    for text in ("i'd like to leave a message", "we need a quote for two hundred seats",
                 "please tell her that the contract ends in january", "no thanks bye"):  # fmt: skip
        await talk.says(text)
    talk.close("caller")
    logged = [Logged("c1", n, SUNDAY, f) for n, f in enumerate(talk.facts, start=1)]
    told = document("c1", logged, company=sample().company)
    assert "quote for two hundred seats" in told["message"]["text"]
    assert "contract ends in january" in told["message"]["text"]
    lines = [
        line["text"] for line in told["handoff"]["summary_lines"] if "Message for" in line["text"]
    ]
    assert len(lines) == 2 and told["after_hours"] and told["outcome"] == "message"


@pytest.mark.parametrize(
    "instead",
    ["never mind", "actually can someone call me back", "are you a robot", "no, goodbye",
     "i want to book a meeting"],
)  # fmt: skip
async def test_what_is_said_instead_of_the_message_is_none(instead):
    talk = tideline()
    await talk.says("can i leave a message")
    await talk.says(instead)
    assert not of(talk, MessageTaken)


@pytest.mark.parametrize(
    "words",
    ["can you tell me about your message queue", "let me know what it costs",
     "does it send a message to slack", "i'd have to tell my boss about it",
     "when they ask i tell them that we sync every hour", "can it let our reps know of changes",
     "do you take notes of changes", "our customers leave messages on the site"],
)  # fmt: skip
async def test_talk_of_messages_is_no_message(words):
    talk = tideline()
    await talk.says(words)
    assert not of(talk, MessageTaken) and talk.state.awaited.ask != "message", words


async def test_who_will_not_give_a_number_may_leave_a_message():
    talk = tideline(caller=None)
    await talk.says("no")
    await talk.says("can somebody call me back")
    turn = await talk.says("i'd rather not give you my number")
    if "offer:message" not in turn.asks:
        turn = await talk.says("can somebody call me back")
    assert "offer:message" in turn.asks
    turn = await talk.says("yes please")
    assert turn.asks == ["message"]


async def test_after_hours_a_meeting_can_be_booked_as_by_day():
    talk = tideline()
    await talk.says("do you integrate with snowflake")
    turn = await talk.says("can i book a demo with somebody")
    assert "offer:slots" in turn.asks
    turn = await talk.says("the first one")
    assert talk.state.meeting.booking is not None and talk.engine.outcome(talk.state) == "booked"
