import pytest

from core.conversation.words.numbers import numbers
from core.quantity import bounds, stored, within


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("about two hundred people", ["200"]),
        ("a couple hundred", ["200"]),
        ("a couple of hundred", ["200"]),
        ("fifty to a hundred", ["50-100"]),
        ("between one hundred and two hundred", ["100-200"]),
        ("two to three hundred", ["200-300"]),
        ("two fifty", ["250"]),
        ("twenty five hundred", ["2500"]),
        ("one hundred and twenty five", ["125"]),
        ("we have 1,200 employees", ["1200"]),
        ("2k", ["2000"]),
        ("fifty k", ["50000"]),
        ("over five hundred", ["500+"]),
        ("less than fifty", ["<50"]),
        ("half a million", ["500000"]),
        ("a dozen", ["12"]),
        ("this one is good", []),
        ("one person", ["1"]),
        ("two hundred not twenty", ["200", "20"]),
        ("a hundred thousand", ["100000"]),
    ],
)
def test_numbers_are_read_as_people_say_them(text, values):
    assert [n.value for n in numbers(text)] == values


def test_an_approximate_number_is_marked_so():
    assert numbers("around forty people")[0].approximate
    assert not numbers("exactly forty people")[0].approximate


@pytest.mark.parametrize("value", ["200", "50-100", "500+", "<50", "1.5"])
def test_stored_quantities_survive_the_round_trip(value):
    known = bounds(value)
    assert known is not None and stored(*known) == value


def test_a_quantity_that_may_or_may_not_fit_is_undecided():
    assert within((50, 100), 80, None) is None
    assert within((50, 100), 20, 200) is True
    assert within((500, None), None, 100) is False
    assert within((None, 50), 100, None) is False
