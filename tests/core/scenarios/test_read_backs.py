"""A number or an address that was read back, and what waits for it."""

import pytest

from core.events import CallbackRequested
from core.scheduling.memory import MemoryDesk
from tests.core.talk import Talk, sample

NUMBER = "four one five five five five zero one four two"


@pytest.mark.parametrize(
    "said",
    ["Mike Sutter", "my name is Mike Sutter", "thanks, bye", "do you work with redshift too?"],
)
async def test_a_number_read_back_stands_if_they_go_on_and_the_call_is_promised(said):
    talk = Talk(caller=None)
    for line in ("can someone call me tomorrow morning", NUMBER):
        turn = await talk.says(line)
    assert turn.asks == ["confirm:phone"]
    turn = await talk.says(said)
    assert any(isinstance(f, CallbackRequested) for f in turn.facts)
    assert talk.state.callback is not None
    assert talk.state.callback.when == "tomorrow morning"
    assert "415-555-0142" in turn.text


async def test_who_asks_for_one_of_us_hears_that_name_before_they_give_a_number():
    talk = Talk(caller=None)
    turn = await talk.says("can I speak to Maya Lindqvist")
    assert "but Maya can call you back" in turn.text
    turn = await Talk(caller=None).says("can I speak to a person")
    assert "but someone can call you back" in turn.text


@pytest.mark.parametrize(
    "said",
    [
        "sorry, what?",
        "are you a robot?",
        "no",
        "I'd rather not say",
        "actually hang on",
        "wait, let me check that number",
        "hello? are you there?",
        "wrong number",
        "that number is wrong",
        "that number is wrong, do you support snowflake?",
    ],
)
async def test_a_number_they_ask_about_or_refuse_does_not_stand(said):
    talk = Talk(caller=None)
    for line in ("can someone call me tomorrow morning", NUMBER, said):
        await talk.says(line)
    assert talk.state.callback is None


@pytest.mark.parametrize("said", ["how long is that meeting?", "thank you, bye"])
async def test_a_time_that_was_held_is_booked_although_they_never_said_yes_to_their_address(said):
    talk = Talk(desk=MemoryDesk(sample().company), caller=None)
    for line in (
        "we are a healthcare company of 200 and sync snowflake to salesforce by next month",
        "I'm the director of operations",
        "could I meet with someone this week",
        "the second one",
        "it's maria dot lopez at brightfield dot com",
    ):
        turn = await talk.says(line)
    assert turn.asks == ["confirm:email"] and talk.state.meeting.held is not None
    for line in (said, "thank you, bye"):
        await talk.says(line)
    assert talk.state.meeting.booking is not None
