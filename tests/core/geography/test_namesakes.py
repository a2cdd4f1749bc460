"""Of several towns with one name the one near the caller is meant, and a guess is marked as one."""

import pytest

from core.geography.namesakes import Near, full, in_full, meant, said_of
from core.geography.places import covers_place, territories
from core.geography.zones import caller_zone

WORCESTER = Near.company(["+15085550140"], ["US-MA", "US-RI", "US-CT", "US-NH"])
MASSACHUSETTS, RHODE_ISLAND, ENGLAND = "+15085550188", "+14015550188", "+442079460123"


@pytest.mark.parametrize(
    ("name", "number", "place"),
    [
        ("Taunton", MASSACHUSETTS, "Taunton, Massachusetts"),
        ("Salem", MASSACHUSETTS, "Salem, Massachusetts"),
        ("Manchester", MASSACHUSETTS, "Manchester, New Hampshire"),
        ("Windsor", MASSACHUSETTS, "Windsor, Connecticut"),
        ("Bristol", RHODE_ISLAND, "Bristol, Rhode Island"),
        ("Reading", ENGLAND, "Reading, United Kingdom"),
        ("Worcester", MASSACHUSETTS, "Worcester"),
        ("Toronto", MASSACHUSETTS, "Toronto"),
        ("Massachusetts", MASSACHUSETTS, "Massachusetts"),
    ],
)
def test_a_bare_town_is_the_one_near_who_names_it(name: str, number: str, place: str):
    assert meant(name, WORCESTER.calling(number)) == place


def test_a_small_town_is_not_looked_for_abroad():
    place = meant("Dartmouth", WORCESTER.calling(MASSACHUSETTS))
    assert not covers_place(["Canada"], place) and covers_place(["US"], place)
    assert said_of(place, "dartmouth") == "Dartmouth"


def test_a_town_in_full_lies_where_it_is_said_to():
    assert full("Rockland", "Maine") == "Rockland, Maine"
    assert full("Nashua", "New Hampshire") == "Nashua", "nobody would take it for another"
    assert full("Rockland", "Texas") is None
    assert {"US-ME", "Maine", "Rockland"} <= set(territories("Rockland, Maine"))


def test_what_was_only_guessed_is_told_from_what_was_said():
    assert in_full("Concord, Massachusetts", "concord mass")
    assert in_full("Toronto", "toronto")
    assert not in_full("Concord, Massachusetts", "concord")


def test_a_guess_sets_nobodys_clock_abroad():
    there = caller_zone("Paris, France", MASSACHUSETTS)
    guessed = caller_zone("Paris, France", MASSACHUSETTS, guessed=True)
    assert there is not None and there.name == "Europe/Paris"
    assert guessed is not None and guessed.name == "America/New_York"
