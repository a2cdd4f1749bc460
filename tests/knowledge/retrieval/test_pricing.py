"""The price of a thing, however it is asked, and of whatever was named before."""

from datetime import date

import pytest

from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer
from knowledge.load import load
from knowledge.retrieval.answer_type import asked_for
from tests.core.talk import RENTAL, SAMPLE

DAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def rental() -> KnowledgeBase:
    return KnowledgeBase(load(RENTAL))


def told(base: KnowledgeBase, question: str, *said: str) -> str:
    found = base.answer(question, day=DAY, said=said)
    return found.article.id if isinstance(found, Answer) else "none"


@pytest.mark.parametrize(
    "question",
    ["what would one of those set us back for a week", "What's the damage?", "what's the tab on it",
     "what do you folks get for a telehandler", "what are they by the month", "what's the weekly?",
     "what does a forklift run", "what's it go for by the week?", "two for five weeks. Rate?",
     "what's your sixty foot boom by the month?", "what'd that come to"],
)  # fmt: skip
def test_a_price_is_asked_for_without_the_word(question):
    assert asked_for(question) == "price"


@pytest.mark.parametrize(
    "question",
    ["what does it run on", "what's the row limit per month", "what do you need for a demo",
     "what are your hours for the weekend", "what does the sync run through",
     "what damage is covered",
     "what's the ticket system you use", "what happens in a month"],
)  # fmt: skip
def test_what_only_sounds_like_it_is_none(question):
    assert asked_for(question) != "price"


@pytest.mark.parametrize(
    ("question", "said", "article"),
    [("what's it go for by the week?", "I need a forklift, ours died this morning.", "forklifts"),
     ("What are they by the month?", "I'll need two of your twenty-ton excavators.", "excavators"),
     ("What's the weekly on those?", "We want a couple of light towers for a job.", "light-towers"),
     ("What do you get for a telehandler for a month?", "", "telehandlers")],
)  # fmt: skip
def test_it_is_what_was_named_before(rental, question, said, article):
    assert told(rental, question, said) == article


@pytest.mark.parametrize(
    ("question", "said"),
    [("And a bigger one, what does that run?", "I need a forklift."),
     ("what's it go for used?", "I need a forklift."),
     ("what's it cost by the week", "We are a school in Dayton."),
     ("what are they by the week", "We need some lifts.")],
)  # fmt: skip
def test_no_price_of_another_thing_is_told(rental, question, said):
    got = told(rental, question, said)
    assert got not in ("forklifts", "scissor-lifts", "boom-lifts", "telehandlers")


def test_it_is_not_what_was_named_before_another_was_spoken_of(rental):
    said = ("I need a forklift.", "And the big one, what does that run?")
    assert told(rental, "what does that run?", *said) == "none"


def test_a_plan_that_was_named_a_turn_before():
    sample = KnowledgeBase(load(SAMPLE))
    assert told(sample, "what does that run a month?", "we'd go for Growth") == "growth-plan"
