"""A buyer who has had enough of our questions: theirs are answered, and no more of ours asked."""

import pytest

from core.asking import Confirm, Offer
from tests.core.talk import Talk

STOP = [
    "stop asking me things, please",
    "enough with the questions",
    "quit quizzing me",
    "too many questions",
    "i'm not here to answer your questions",
    "please don't ask me any more questions",
    "can you stop with all these questions?",
]
GOES_ON = [
    "i have too many spreadsheets",
    "our people keep asking me for reports",
    "i'd like to ask you a few questions",
    "can you stop the sync at night",
    "no more excel for us",
    "we get so many support tickets",
    "customers ask me so many things",
]


async def asked_after(first: str) -> list[object]:
    """What is asked about them once they said `first` in answer to a question of ours."""
    talk = Talk()
    made: list[object] = []
    for words in ("we're on snowflake, what do you do with it", first, "do you have single sign on",
                  "how long does it take to set up", "is there a trial"):  # fmt: skip
        turn = await talk.says(words)
        if words != "we're on snowflake, what do you do with it":
            made += [s.asks for s in turn.sentences if s.asks and not isinstance(s.asks, Confirm)]
    return [ask for ask in made if not isinstance(ask, Offer)]


@pytest.mark.parametrize("words", STOP)
async def test_they_are_asked_nothing_more_about_themselves(words: str):
    assert await asked_after(words) == []


@pytest.mark.parametrize("words", GOES_ON)
async def test_other_words_stop_nothing(words: str):
    assert await asked_after(words)


async def test_their_question_in_the_same_breath_is_answered():
    talk = Talk()
    await talk.says("we're on snowflake, what do you do with it")
    turn = await talk.says("stop asking me things, please. do you have single sign on?")
    assert turn.citations[0].startswith("sso@") and not talk.state.awaited.ask
