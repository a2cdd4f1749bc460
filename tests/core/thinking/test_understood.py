"""The sense of a turn's words, which says whether more of them are likely to come."""

from contextlib import aclosing
from functools import cache

import pytest

from core.conversation.ledger import Awaited
from core.conversation.state import ConversationState
from core.reply import Planned
from core.talk import ConversationOpened, UserSaid
from tests.core.talk import MONDAY_NOON, engine

OPENED = ConversationOpened("c1", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON)


@cache
def sense_of(text: str, **before: object) -> str:
    state = ConversationState(OPENED, turn=1, awaited=Awaited(turn=1, **before))  # type: ignore[arg-type]
    said = UserSaid(2, text, 0, 1000, MONDAY_NOON)
    return engine().think(state, said).sense


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("how much is the starter plan per month", "question"),
        ("is there a free trial", "question"),
        ("how many employees did you have in nineteen ninety five", "unanswered"),
        ("can i speak to a human please", "request"),
        ("no that's all thank you goodbye", "request"),
        ("are you a real person", "request"),
        ("we are a healthcare company with two hundred people", "told"),
        ("hello", "other"),
        ("the cell insurance er that", "nothing"),
        ("", "nothing"),
    ],
)
def test_sense_of_words_when_nothing_was_asked(text, sense):
    assert sense_of(text) == sense


@pytest.mark.parametrize(
    ("text", "asked"),
    [("about two hundred people", "employees"), ("next month", "timeline"),
     ("i run the data team", "role"), ("i'd rather not say", "employees"),
     ("my name is robert keller", "name")],
)  # fmt: skip
def test_what_was_asked_is_an_answer_only_to_that(text, asked):
    assert sense_of(text, ask=asked) == "answer"
    assert sense_of(text, ask="budget" if asked != "employees" else "industry") != "question"


def test_a_yes_is_an_answer_to_an_offer_and_else_only_other_words():
    assert sense_of("yes", offer="callback") == "answer"
    assert sense_of("yes") == "other"


def test_words_that_any_question_takes_as_they_are_prove_nothing():
    assert sense_of("we mostly use", ask="use_case") != "answer"
    assert sense_of("we um about", ask="use_case") != "answer"


def test_a_guess_may_follow_who_does_not_know():
    assert sense_of("well i don't know", ask="employees") == "other"


async def test_a_reply_takes_up_the_thought_it_is_given_instead_of_thinking_again():
    state = ConversationState(OPENED, turn=1)
    said = UserSaid(2, "is there a free trial", 0, 1000, MONDAY_NOON)
    thought = engine().think(state, said)
    async with aclosing(engine().reply(state, said, None, thought)) as events:
        planned = await anext(events)
    assert isinstance(planned, Planned) and planned.state is thought.state
