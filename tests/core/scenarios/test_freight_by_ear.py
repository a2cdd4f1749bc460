"""What a freight company's callers revealed: values of other criteria, denials, and origins."""

import pytest

from core.conversation.understanding.tells.purposes import Purposes
from core.conversation.words.utterance import utterance
from core.events import SignalCaptured
from core.talk import UserSaid
from knowledge.profile import Criterion, Scenario
from tests.core.talk import MONDAY_NOON, Talk, sample


def told(turn) -> dict[str, str]:
    return {f.criterion: f.value for f in turn.facts if isinstance(f, SignalCaptured)}


def test_a_scenario_of_another_criterion_is_no_use_case():
    company = sample().company
    term = Criterion(name="term", label="Term", kind="choice", any_of=("contract", "spot"))
    first, *rest = company.segments
    freight = company.model_copy(
        update={
            "segments": (first.model_copy(update={"criteria": (*first.criteria, term)}), *rest),
            "scenarios": (
                *company.scenarios,
                Scenario(value="contract", said=("a steady lane all year",)),
            ),
        }
    )
    u = utterance(UserSaid(1, "we have a steady lane all year", 0, 1000, MONDAY_NOON))
    assert Purposes(freight).find(u, (), 0, len(u.text)) is None


@pytest.mark.parametrize("words", ["i'm not really a customer", "i'm not one of your customers"])
async def test_who_says_that_they_are_no_customer_is_none(words):
    assert "disqualifier" not in told(await Talk().says(f"{words}, my uncle is asking for me"))


async def test_where_goods_come_from_is_not_where_the_buyer_is():
    turn = await Talk().says("we bring in ceramic tile from spain and haul it ourselves")
    assert "location" not in told(turn)
    assert told(await Talk().says("we're a tile company from spain")).get("location") == "Spain"
