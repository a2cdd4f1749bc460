"""Buyers served elsewhere hear where, even for questions that nobody here owes an answer."""

import pytest

from core.events import QuestionDeferred
from core.scheduling.memory import MemoryDesk
from tests.core.talk import OTHER, Talk, sample


def talk() -> Talk:
    return Talk(folder=OTHER, desk=MemoryDesk(sample(OTHER).company))


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("hello, we supply components for compressors, who may i talk to", "purchasing@"),
        ("we're in the united states, in boston, can we buy an incubator from you", "/dealers"),
        ("i want a freezer for my home, can you ship it", "/dealers"),
    ],
)
async def test_what_is_asked_along_is_answered_by_the_way_out(words, where):
    turn = await talk().says(words)
    assert where in turn.text
    assert "guess" not in turn.text and "will call you" not in turn.text
    assert not [f for f in turn.facts if isinstance(f, QuestionDeferred)]


@pytest.mark.parametrize(
    "asks", ["oh. where can i go then", "who should i talk to", "where do i find that list"]
)
async def test_who_asks_where_to_turn_hears_it_again(asks):
    ours = talk()
    await ours.says("i brew beer as a hobby and want a small incubator")
    assert "www.corvane.example/dealers" in (await ours.says(asks)).text


@pytest.mark.parametrize(
    "asks",
    [
        "please send me the price list, my email is k dot sommer at uni minus bonn dot de",
        "could you email me a brochure",
        "can you send us the spec sheet",
    ],
)
async def test_what_is_to_be_sent_is_sent_by_a_person_and_not_guessed_at(asks):
    text = (await talk().says(asks)).text
    assert "send" in text and "guess" not in text and "you're asking" not in text
