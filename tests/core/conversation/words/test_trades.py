"""Trades that are only mentioned, by the names companies list them under, and what is none."""

from pathlib import Path

import pytest

from core.conversation.words.trades import listed
from tests.core.conversation.words.test_told import told
from tests.core.talk import PROVIDER, RENTAL, ROOT

CLEANERS = ROOT / "tests" / "companies" / "brightwater"
KITCHENS = ROOT / "tests" / "companies" / "frostline"
PAYROLL = ROOT / "tests" / "companies" / "lanternway"


@pytest.mark.parametrize(
    ("folder", "said", "trade"),
    [
        (CLEANERS, "I run a dental practice", "healthcare"),
        (CLEANERS, "I'm a physical therapist, I just rent a little suite", "healthcare"),
        (CLEANERS, "we've got two shoe stores that need cleaning", "retail"),
        (CLEANERS, "we're a law office", "professional services"),
        (KITCHENS, "it's for our brewery", "brewing"),
        (KITCHENS, "I run a gastropub over in Sellwood", "restaurants"),
        (KITCHENS, "we're opening a ramen place in Ballard", "restaurants"),
        (PAYROLL, "I got eight pizza shops here in Vegas", "restaurants"),
        (PAYROLL, "I keep the books for a restaurant", "restaurants"),
        (PROVIDER, "we've got a restaurant group around Denver", "hospitality"),
        (PROVIDER, "we're an engineering consultancy in Cheyenne", "engineering"),
        (PROVIDER, "our clinic uses Athena", "healthcare"),
        (RENTAL, "we're roofers", "roofing"),
        (RENTAL, "hi, I'm a wedding planner in Louisville", "events"),
        (RENTAL, "we put up drywall", "construction"),
    ],
)
def test_a_trade_in_passing_goes_by_the_name_the_company_has_for_it(
    folder: Path, said: str, trade: str
):
    assert told(said, folder=folder).get("industry") == trade


@pytest.mark.parametrize(
    "said",
    [
        "it's for a patio base behind a restaurant",
        "the ceiling of a gym",
        "who does the hookup, your people or our electrician",
        "we've got this old dairy floor that has to come out",
    ],
)
def test_where_the_work_is_and_who_works_for_them_is_no_trade_of_theirs(said: str):
    assert "industry" not in told(said, folder=RENTAL)


def test_a_synonym_carries_its_trade_along_only_where_it_is_what_the_trade_is_called():
    names = ["hospitality", "brewing"]
    known = listed(names, {"restaurant": "hospitality", "brewery": "brewing"})
    assert known["restaurants"] == "hospitality" and known["food"] == "food"
