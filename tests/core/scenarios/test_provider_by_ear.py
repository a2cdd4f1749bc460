"""Callers of a provider of computer support, and the same faults in other trades."""

import pytest

from core.events import QuestionDeferred
from core.scheduling.memory import MemoryDesk
from tests.core.talk import FREIGHT, PROVIDER, Talk, sample


def provider() -> Talk:
    return Talk(
        folder=PROVIDER, desk=MemoryDesk(sample(PROVIDER).company), caller="+13075550123"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (
            "We're a consultancy in Cheyenne, thirty people. Most of our customers are in Texas,"
            " and four of our own folks work from home down in Austin.",
            ["Cheyenne"],
        ),
        ("The fella we use now is over in Fargo and our contract with him is up in April.", []),
        ("We have a guy in Nevada who does it now and he's slowing down.", []),
        ("I'm the guy who runs the office in Boise.", ["Boise"]),
        ("Our supplier is in Chicago and we're in Omaha.", ["Omaha"]),
        ("It's six of us in Missoula.", ["Missoula"]),
    ],
)
async def test_where_others_are_is_not_where_they_are(said: str, place: list[str]):
    talk = provider()
    await talk.says(said)
    assert talk.known("location") == place and not talk.state.disqualified


@pytest.mark.parametrize(
    ("said", "users"),
    [
        ("there's twenty-two of us", ["22"]),
        ("Twenty-six of us or so", ["26"]),
        ("they just raised us to $210/user which is insane", []),
        ("we pay 45 per seat today", []),
        ("I got, what, thirty-five computers, counting the laptops in the trucks", ["35"]),
    ],
)
async def test_a_price_of_one_is_no_number_of_them(said: str, users: list[str]):
    talk = provider()
    turn = await talk.says(said)
    assert talk.known("users") == users
    assert "This call is recorded" not in turn.text.partition("?")[0] or not users


@pytest.mark.parametrize("talk", [provider, Talk])
async def test_a_question_that_begins_as_a_greeting_is_a_question(talk):
    turn = await talk().says("How do you do it if he's got all the passwords in his head?")
    assert "doing well" not in turn.text
    turn = await talk().says("Hi, how do you do?")
    assert "doing well" in turn.text


async def test_what_is_said_in_passing_asks_for_no_repeat():
    turn = await provider().says("I got, what, thirty-five computers")
    assert "assistant" not in turn.text
    talk = provider()
    await talk.says("hello")
    assert "assistant" in (await talk.says("what?")).text


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        (PROVIDER, "We've got a warehouse in Houston, Texas, eighty people. You work down here?"),
        (FREIGHT, "We're a bakery in Tampa, Florida. Would you wrap the ovens in blankets?"),
    ],
)
async def test_who_is_shown_another_way_is_not_promised_an_answer_as_well(folder, said: str):
    talk = Talk(folder=folder, caller="+13075550123")
    turn = await talk.says(said)
    assert talk.state.disqualified
    assert not [f for f in talk.facts if isinstance(f, QuestionDeferred)]
    assert "get back" not in turn.text and "follow up" not in turn.text


@pytest.mark.parametrize("talk", [provider, Talk])
@pytest.mark.parametrize(
    "said", ["We have someone who does it now", "We have a guy in Boise who does that for us"]
)
async def test_who_tells_who_does_it_today_sells_nothing(talk, said: str):
    it = talk()
    await it.says(said)
    assert not it.state.disqualified
