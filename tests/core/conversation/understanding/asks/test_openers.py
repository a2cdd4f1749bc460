"""Where a verb opens a question, and where its subject stands before it."""

import pytest

from core.conversation.understanding.asks.questions import questions
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("we usually do a spring appeal, the letter and all that", False),
        ("we do it six times a year, if that helps", False),
        ("i'm looking for somebody to do my floors", False),
        ("they get filed by hand, which, don't laugh, takes three people", False),
        ("do you do a spring appeal", True),
        ("we're a bakery, do you have a minimum", True),
        ("what we do is simple, but does it work offline", True),
    ],
)
def test_a_verb_after_its_subject_opens_no_question(said: str, asks: bool):
    u = utterance(UserSaid(1, said, 0, 900, MONDAY_NOON))
    assert bool(questions(u, [])) == asks
