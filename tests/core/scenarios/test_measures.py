"""Numbers go by their unit, whatever was asked; a number answers one thing."""

import pytest

from core.conversation.words.measuring import measured
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Criterion
from tests.core.conversation.words.test_told import told
from tests.core.talk import MONDAY_NOON, ROOT

HALDEN = ROOT / "tests" / "companies" / "halden"
NUMBERS = ("employees", "roof_size", "power_bill")


def figures(text: str, asked: str | None = None) -> dict[str, str]:
    return {k: v for k, v in told(text, asked, HALDEN).items() if k in NUMBERS}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("we have a 60,000 sq ft roof", {"roof_size": "60000"}),
        ("we own a ninety thousand square foot warehouse and want panels",
         {"roof_size": "90000"}),
        ("our roof is about six thousand square feet, sorry no sixty thousand, i dropped a zero",
         {"roof_size": "60000"}),
        ("we're at $14k/mo", {"power_bill": "14000"}),
        ("it's like fourteen thousand a month", {"power_bill": "14000"}),
        ("it's like fourteen thousand people a month", {"employees": "14000"}),
        ("we pay about six grand a month for electric", {"power_bill": "6000"}),
        ("the electric bill runs four to five thousand", {"power_bill": "4000-5000"}),
        ("my roof's maybe two thousand square feet tops, and the bill is like six hundred",
         {"roof_size": "2000", "power_bill": "600"}),
        ("our rent is two thousand dollars a month", {}),
        ("we got the panels in 2019 for two hundred thousand dollars", {}),
        ("the building is twenty feet high", {}),
        ("there's a forty foot flagpole on the roof", {}),
        ("there's eleven acres i don't do nothing with", {}),
        ("it's three units", {}),
        ("the array is two hundred kilowatts", {}),
        ("the roof is fifteen years old", {}),
    ],
)  # fmt: skip
def test_a_figure_is_of_what_its_unit_measures(text: str, found: dict[str, str]):
    assert figures(text) == found


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("we have 200 people", "roof_size", {"employees": "200"}),
        ("there's fifteen of us", "roof_size", {"employees": "15"}),
        ("two acres", "roof_size", {"roof_size": "87120"}),
        ("about two thousand square meters", "roof_size", {"roof_size": "21528"}),
        ("a hundred by two hundred feet", "roof_size", {"roof_size": "20000"}),
        ("three roofs, twenty thousand each", "roof_size", {"roof_size": "20000"}),
        ("oh, thirty thousand feet give or take", "roof_size", {"roof_size": "30000"}),
        ("we're about forty thousand", "roof_size", {"roof_size": "40000"}),
        ("we pay fifty thousand a month", "roof_size", {"power_bill": "50000"}),
        ("it's a two story building", "roof_size", {}),
        ("eighteen thousand square feet", "employees", {"roof_size": "18000"}),
        ("thirty eight thousand last month", "power_bill", {"power_bill": "38000"}),
        ("sixty thousand a year", "power_bill", {"power_bill": "5000"}),
    ],
)
def test_a_question_is_answered_only_by_its_own_measure(
    text: str, asked: str, found: dict[str, str]
):
    assert figures(text, asked) == found


def test_a_river_is_no_season_and_a_move_some_day_no_plan():
    assert "timeline" not in told("we run a freezer warehouse in fall river", None, HALDEN)
    assert "timeline" not in told("and if we move out in five years what happens to it")


REVENUE = Criterion(
    name="revenue", label="Annual revenue", kind="number", ask=("Roughly what is your revenue?",),
    counts=("dollar",),
)  # fmt: skip
BILL = Criterion(
    name="bill", label="Power bill", kind="number", ask=("What do you pay in a month?",),
    counts=("dollar", "bill"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "revenue", "bill"),
    [
        ("we do about four hundred thousand a year", "400000", None),
        ("i expect to make sixty thousand the first year", "60000", None),
        ("we gross about 2 million", "2000000", None),
        ("we do thirty thousand a month", "360000", None),
        ("we pay about forty thousand a year and gross two million", "2000000", "3333"),
        ("we pay about forty thousand a year", None, "3333"),
        ("we bring in $50,000 a month", "600000", None),
        ("we do four hundred a year", None, None),
        ("we do 40,000 square feet", None, None),
        ("we do four hundred weddings a year", None, None),
    ],
)
def test_what_is_taken_in_is_no_cost_and_no_cost_an_income(
    text: str, revenue: str | None, bill: str | None
):
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    for criterion, figure in ((REVENUE, revenue), (BILL, bill)):
        found = measured(u, criterion, [criterion], [], expected=False)
        assert [s.value for s in found] == ([figure] if figure else [])
