"""Values of a company's choices in words other than their names."""

from functools import cache

import pytest

from core.conversation.understanding.tells.choices import Choices
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Company, Criterion, Scenario
from tests.core.talk import BUILDER, FREIGHT, MONDAY_NOON, Talk, sample


@cache
def caterer() -> Company:
    """A company whose choices are how food is served, and for which occasion."""
    company = sample(BUILDER).company
    served = Criterion(
        name="served", label="Served", kind="choice", any_of=("buffet", "plated", "boxed")
    )
    occasion = Criterion(
        name="occasion", label="Occasion", kind="choice", any_of=("wedding", "conference")
    )
    first, *rest = company.segments
    first = first.model_copy(update={"criteria": (*first.criteria, served, occasion)})
    scenarios = (
        Scenario(value="buffet", said=("guests serve themselves", "one long table")),
        Scenario(value="plated", said=("it doesn't need a buffet", "waiters bring it to the seat")),
        Scenario(value="boxed", said=("lunch to take along", "boxes for the bus")),
        Scenario(value="conference", said=("a two day meeting", "the speakers and their guests")),
    )
    return company.model_copy(update={"segments": (first, *rest), "scenarios": scenarios})


def read(company: Company, text: str, asked: str | None = None, question: str = ""):
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    inside = [(text.index(question), text.index(question) + len(question))] if question else []
    return {s.criterion: s for s in Choices(company).read(u, (), inside, asked)}


def told(company: Company, text: str, asked: str | None = None) -> dict[str, str]:
    return {name: s.value for name, s in read(company, text, asked).items()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("it'd be eighty pallets of ice cream", "frozen"),
        ("we'd keep it in the freezer", "frozen"),
        ("no cooling needed", "ambient"),
        ("room temp is fine for us", "ambient"),
        ("it's shelf stable stuff", "ambient"),
        ("in the cold i mean, not frozen", "chilled"),
        ("we keep it in a fridge", "chilled"),
        ("we need a cooler head around here", None),
        ("it never has to stay frozen", None),
        ("there is no room left", None),
        ("my uncle has a freezer", None),
    ],
)
def test_a_temperature_is_told_in_other_words(text: str, value: str | None):
    assert told(sample(FREIGHT).company, text).get("temperature") == value


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("a lane to charlotte, steady all year", {"term": "contract"}),
        ("it's just the one load", {"term": "spot"}),
        ("we have one load a day", {}),
        ("one more time please", {}),
    ],
)
def test_a_term_is_told_in_other_words(text: str, tells: dict[str, str]):
    assert told(sample(FREIGHT).company, text) == tells


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("we'd like all to sit at one long table", {"served": "buffet"}),
        ("no buffet please", {"served": "plated"}),
        ("lunches they can take along", {"served": "boxed"}),
        ("it's a meeting of two days", {"occasion": "conference"}),
        ("the speakers bring their guests", {"occasion": "conference"}),
        ("we have two meetings today", {}),
    ],
)
def test_choices_of_any_trade_are_told_by_its_examples(text: str, tells: dict[str, str]):
    assert told(caterer(), text) == tells


def test_an_answer_may_be_shorter():
    assert told(caterer(), "the speakers", "occasion") == {"occasion": "conference"}
    assert told(caterer(), "the speakers") == {}
    assert told(sample(FREIGHT).company, "at room temperature", "temperature") == {
        "temperature": "ambient"
    }


def test_what_is_asked_only_suggests_a_value():
    said = "we are new. can the guests serve themselves"
    found = read(caterer(), said, question="can the guests serve themselves")
    assert found["served"].implied and not read(caterer(), said)["served"].implied


async def test_what_is_denied_beside_it_makes_way():
    talk = Talk(folder=FREIGHT)
    await talk.says("we need to keep cheese. in the cold i mean, not frozen")
    assert talk.known("temperature") == ["chilled"]


@cache
def office() -> Company:
    """A company that asks who does the work today."""
    company = sample(BUILDER).company
    today = Criterion(
        name="done_by", label="Done by", kind="choice",
        any_of=("another provider", "own people", "nobody"),
    )  # fmt: skip
    first, *rest = company.segments
    first = first.model_copy(update={"criteria": (*first.criteria, today)})
    scenarios = (
        Scenario(value="another provider", said=("we have an IT company now", "our current MSP")),
        Scenario(value="own people", said=("we have our own IT guy", "our IT manager does it")),
        Scenario(value="nobody", said=("we have no IT",)),
    )
    return company.model_copy(update={"segments": (first, *rest), "scenarios": scenarios})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Our IT company takes two days to call back", "another provider"),
        ("current it company just raised us", "another provider"),
        ("we have a provider now", "another provider"),
        ("our it guy is leaving in three weeks", "own people"),
        ("our IT manager quit", "own people"),
        ("looking for managed IT for our office", None),
        ("my last IT company kept our passwords", None),
        ("does it provide that", None),
        ("it's a company we like", None),
    ],
)
def test_everyday_words_tell_values_apart_beside_one_that_matters(text: str, value: str | None):
    assert told(office(), text).get("done_by") == value
