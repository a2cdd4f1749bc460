"""What is said while times, a person or a call are on offer, and means something else."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import Talk, sample

FIT = "we're a software firm on snowflake, 60 people, and want customer data in salesforce"


async def offered() -> Talk:
    talk = Talk(desk=MemoryDesk(sample().company))
    await talk.says(FIT)
    assert talk.state.slots
    return talk


async def test_how_soon_the_project_is_wanted_books_no_meeting():
    talk = await offered()
    await talk.says("as soon as possible really, our campaign starts in six weeks")
    assert talk.state.booking is None and talk.state.value("timeline") == "2027-01-11"


@pytest.mark.parametrize(
    "said", ["hmm okay. let me talk to my partner first", "I'd have to ask my boss about that"]
)
async def test_asking_somebody_first_is_a_no_for_now(said):
    talk = await offered()
    turn = await talk.says(said)
    assert "Which one" not in turn.text and "slots" in talk.state.refused


async def test_who_is_not_ready_for_a_person_is_not_put_through():
    talk = Talk(transfers=True)
    turn = await talk.says("no I'm not ready to talk to anyone")
    assert turn.action is None and not talk.state.wants_human


@pytest.mark.parametrize(
    "said",
    ["please have someone senior contact me", "then please somebody should call, best in German",
     "don't send me emails, just call me"],
)  # fmt: skip
async def test_a_call_is_asked_for_in_many_ways(said):
    talk = Talk()
    await talk.says(said)
    assert talk.state.callback is not None and talk.state.value("use_case") is None


async def test_the_day_of_a_call_is_no_date_of_a_project():
    talk = await offered()
    await talk.says("Ok. Call me Friday at 3")
    assert talk.state.value("timeline") is None


async def test_that_the_number_is_right_is_heard():
    talk = Talk()
    await talk.says("can you call me back")
    turn = await talk.says("this number is fine")
    assert "not sure I follow" not in turn.text
