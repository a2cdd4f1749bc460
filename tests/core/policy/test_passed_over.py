"""A declined call or meeting is offered again only after something new was said."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import Talk, sample

FIT = (
    "we're a software company with two hundred people in texas on snowflake, we want to sync it"
    " into salesforce next month, i'm the head of data"
)
PROPOSALS = {"offer:slots", "offer:callback", "offer:transfer"}
ASKED = ("do you support sso", "is it soc 2 certified", "how long does the set up take")


async def proposed(*, desk: bool) -> Talk:
    talk = Talk(desk=MemoryDesk(sample().company) if desk else None)
    turn = await talk.says(FIT)
    assert PROPOSALS & {*turn.asks}, turn.text
    return talk


@pytest.mark.parametrize("desk", [True, False])
async def test_questions_bring_no_new_proposal(desk):
    talk = await proposed(desk=desk)
    for question in ASKED:
        turn = await talk.says(question)
        assert not PROPOSALS & {*turn.asks}, turn.text


@pytest.mark.parametrize("desk", [True, False])
async def test_what_is_told_after_it_brings_it_once_more(desk):
    talk = await proposed(desk=desk)
    await talk.says(ASKED[0])
    told = await talk.says("our budget is forty thousand a year")
    asked = await talk.says(ASKED[1])
    assert PROPOSALS & {*told.asks, *asked.asks}, (told.text, asked.text)
    after = await talk.says(ASKED[2])
    assert not PROPOSALS & {*after.asks}, after.text


@pytest.mark.parametrize("words", ["tomorrow works", "the second one please", "let's do wednesday"])
async def test_times_that_were_passed_over_can_still_be_taken(words):
    talk = await proposed(desk=True)
    await talk.says(ASKED[0])
    await talk.says(words)
    assert talk.state.meeting.booking is not None


async def test_a_yes_after_a_question_takes_what_was_proposed():
    talk = await proposed(desk=False)
    await talk.says(ASKED[0])
    await talk.says("yes please")
    assert talk.state.callback is not None
