"""The same question gets the same passage on every channel; a difference is reported."""

import pytest

from core.evaluation.consistency import CHANNELS, Asked, ask_everywhere
from core.evaluation.report import report
from knowledge.golden import Covered, Golden
from tests.core.talk import MONDAY_NOON, OTHER, engine

GOLDEN = Golden(
    answered=(
        Covered(ask="Can this integrate with our Snowflake data warehouse?", article="snowflake"),
        Covered(ask="And on Starter?", article="sso", after=("Do you support SSO?",)),
    ),
    unanswerable=("Who is your chief executive?",),
)


async def test_every_channel_answers_from_the_same_passage():
    asked = await ask_everywhere(engine(), GOLDEN, MONDAY_NOON)
    assert [a.same for a in asked] == [True] * 3
    assert asked[0].cited == ("snowflake@1#1",) * len(CHANNELS)
    assert asked[2].cited == ("",) * len(CHANNELS), "put off everywhere"


async def test_another_company_is_asked_its_own_questions():
    golden = Golden(unanswerable=("Do you sell bicycles?",))
    (asked,) = await ask_everywhere(engine(OTHER), golden, MONDAY_NOON)
    assert asked.same


@pytest.mark.parametrize("cited", [("a@1#1", "a@1#2", "a@1#1"), ("a@1#1", "", "a@1#1")])
def test_a_difference_counts_and_is_told(cited: tuple[str, ...]):
    asked = Asked("How much?", cited)
    assert not asked.same
    assert "How much?" in str(asked) and "a@1#1" in str(asked)
    run = report([], [asked, Asked("Why?", ("b@1#1",) * 3)])
    assert run.figures()["same_everywhere"] == 0.5


def test_without_golden_questions_no_target_is_missed():
    assert report([]).figures()["same_everywhere"] is None
