"""Lengths of time, in the weeks that a rental company asks for."""

import pytest

from tests.core.conversation.words.test_told import told
from tests.core.talk import RENTAL


@pytest.mark.parametrize(
    ("said", "weeks"),
    [
        ("a week", "1"),
        ("a week or two", "1-2"),
        ("a month", "4-5"),
        ("just a month, maybe two", "4-9"),
        ("no more than a month", "<5"),
        ("ten days", "1-2"),
        ("just the weekend", "0-1"),
        ("about six weeks", "6"),
        ("two to three weeks", "2-3"),
        ("two and a half months", "10-11"),
        ("three months, give or take", "13"),
        ("half a year", "26"),
        ("a year and a half", "78"),
        ("six", "6"),
    ],
)
def test_a_length_of_time_answers_in_the_unit_that_is_asked_for(said: str, weeks: str):
    assert told(said, "rental_weeks", folder=RENTAL)["rental_weeks"] == weeks


@pytest.mark.parametrize(
    ("said", "weeks"),
    [
        ("I'd need a telehandler for a month, starting Monday", "4-5"),
        ("we'd keep it about a month and a half", "6-7"),
        ("it's a three month job", "13"),
        ("it's steel erection, starting the twenty-first, six weeks", "6"),
        ("do I get a discount if I keep it three months?", "13"),
    ],
)
def test_a_length_of_time_is_told_in_passing(said: str, weeks: str):
    assert told(said, folder=RENTAL)["rental_weeks"] == weeks


@pytest.mark.parametrize(
    "said",
    [
        "we start in two weeks",
        "we need it within two weeks",
        "we called two weeks ago",
        "we rent one every two weeks",
        "we'd need it twice a week",
        "what's it cost for a week?",
        "what does that run a month",
        "what's your four-week rate",
        "we've been in business ten years",
        "our company is 30 years old",
    ],
)
def test_a_date_a_rate_and_an_age_are_no_length_of_a_rental(said: str):
    assert "rental_weeks" not in told(said, folder=RENTAL)


def test_a_length_of_time_is_no_answer_to_how_many_people_they_are():
    assert told("2 weeks, maybe 3", "employees", folder=RENTAL) == {"rental_weeks": "2-3"}
