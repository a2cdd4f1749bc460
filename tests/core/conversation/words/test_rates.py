"""How many a month "two a week" are, for companies that count by month or by anything else."""

import pytest

from core.conversation.words.counting import counted
from core.conversation.words.measuring import measured
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Criterion
from tests.core.conversation.words.test_told import told
from tests.core.talk import FREIGHT, MONDAY_NOON

VISITS = Criterion(
    name="visits", label="Visits a year", kind="number", counts=("visit", "cleaning")
)
GUESTS = Criterion(
    name="guests", label="Guests", kind="number", counts=("guest",),
    ask=("How many guests do you expect each day?",),
)  # fmt: skip
ROOMS = Criterion(
    name="rooms", label="Rooms", kind="number", counts=("room",), ask=("How many rooms are there?",)
)
BEDS = ROOMS.model_copy(update={"counts": ("bed",), "ask": ("How many beds would you like?",)})


def many(criterion: Criterion, text: str) -> str | None:
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    return next((s.value for s in counted(u, criterion, ())), None)


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("two loads a week", "8-9"),
        ("a full load to charlotte twice a week", "8-9"),
        ("we have a truck every day", "20-31"),
        ("every week it's two trucks", "8-9"),
        ("120 loads a year", "10"),
        ("six loads every other week", "13"),
        ("sorry, i said loads a week, my colleague says it's ten a month", "10"),
        ("we do four loads a month. no wait, that's a week", "17-18"),
        ("i'd have ten truckloads a month if you can", "10"),
        ("half a dozen loads a month", "6"),
        ("two loads, a week from now", "2"),
    ],
)
def test_loads_are_counted_by_the_month(text: str, loads: str):
    assert told(text, folder=FREIGHT).get("loads") == loads


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("just the one", "1"),
        ("one", "1"),
        ("two a week", "8-9"),
        ("depends, two or three a week in season", "8-13"),
        ("hard to say, maybe ten", "10"),
        ("like six or seven a month", "6-7"),
        ("nowhere near forty", "<40"),
        ("no idea", None),
    ],
)
def test_a_figure_alone_answers_in_the_period_we_asked_for(text: str, loads: str | None):
    assert told(text, "loads", FREIGHT).get("loads") == loads


def test_any_period_may_be_asked_for_and_none():
    assert many(VISITS, "we'd want one visit a month") == "12"
    assert many(VISITS, "two cleanings a quarter") == "8"
    assert many(GUESTS, "forty guests a day") == "40"
    assert many(ROOMS, "sixty rooms a night") == "60"
    assert many(ROOMS, "we'd have sixty rooms") == "60"


def test_what_they_have_counts_unless_we_ask_for_what_they_would_buy():
    assert many(ROOMS, "we have sixty rooms already") == "60"
    assert many(ROOMS, "we had sixty rooms before the fire") is None
    assert many(BEDS, "we have sixty beds") is None
    assert many(BEDS, "we'd have sixty beds") == "60"


def test_a_number_asked_about_is_none_of_theirs():
    assert "orders" not in told("do you give discounts over five thousand orders", folder=FREIGHT)


WEEKS = Criterion(name="weeks", label="Weeks", kind="number", counts=("week",))


@pytest.mark.parametrize(
    ("criterion", "text", "counts"),
    [
        (GUESTS, "a street festival, maybe three thousand people", "3000"),
        (GUESTS, "we're a wedding company of twelve people", None),
        (GUESTS, "two pumps and a 70 kw generator for the weekend", None),
        (WEEKS, "a forty-five articulating for five weeks", "5"),
        (WEEKS, "what's your four-week rate", None),
        (WEEKS, "i need two units for three weeks", "3"),
    ],
)
def test_what_is_counted_is_of_its_own_kind(criterion: Criterion, text: str, counts: str | None):
    assert many(criterion, text) == counts


@pytest.mark.parametrize(
    ("text", "gallons"),
    [
        ("twelve thousand gallons a week or so", "1677-2600"),
        ("fourteen thousand gallons a day", "14000"),
        ("three thousand gallons", "3000"),
    ],
)
def test_a_measured_figure_is_converted_to_the_criterions_period(text: str, gallons: str):
    water = Criterion(
        name="gallons", label="Gallons a day", kind="number", at_least=1000,
        counts=("gallon", "water"), ask=("How many gallons of water do you use a day?",),
    )  # fmt: skip
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    assert [s.value for s in measured(u, water, (water,), (), expected=True)] == [gallons]
