"""A card given over several turns is one card; a phone number over two turns is none."""

from collections.abc import Sequence

import pytest

from core.privacy.cards import CARD, DETAIL
from core.privacy.trail import Checked, Trail, read


def over(*turns: str) -> list[Checked]:
    trail, checked = Trail(), []
    for number, text in enumerate(turns, start=1):
        checked.append(read(trail, number, text))
        trail = checked[-1].trail
    return checked


@pytest.mark.parametrize(
    ("turns", "earlier"),
    [
        (("four one one one", "one one one one", "one one one one", "one one one one"), (1, 2, 3)),
        (
            ("it's four one one one one one one one", "and then one one one one one one one one"),
            (1,),
        ),
        (("4111 1111", "okay", "1111 1111"), (1,)),
        (("the first is 4111", "1111 1111", "hello? are you there", "1111, that's it"), (1, 2)),
        (("we are 40", "4111 1111 1111", "1111"), (2,)),
        (("three seven eight two eight two two four six three", "one oh oh oh five"), (1,)),
    ],
)
def test_its_parts_are_joined_across_turns(turns: Sequence[str], earlier: tuple[int, ...]) -> None:
    *before, last = over(*turns)
    assert not any(c.card for c in before)
    assert last.card and CARD in last.text and last.earlier == earlier


@pytest.mark.parametrize(
    "turns",
    [
        ("four one five five five five", "two six seven one"),
        ("my number is 415 555", "2671", "extension 12"),
        ("okay my number is 503 555 0222", "no 503 555"),
        ("we have 4111 rows", "that's 1111 a day times 1111 and 1111"),
        ("four one one one one one one one", "we are a healthcare company", "ok", "right",
         "one one one one one one one one"),
        ("+44 20 7946", "0958 1234 5678"),
        ("4111 1111", "about two hundred people in 3 offices, 1111 1111"),
    ],
)  # fmt: skip
def test_what_is_no_card_over_several_turns_stays(turns: Sequence[str]) -> None:
    assert [c.text for c in over(*turns)] == list(turns)


def test_a_turn_that_repeats_the_words_of_the_one_before_does_not_count_them_twice() -> None:
    first = read(Trail(), 1, "four one one one one one one one")
    merged = read(first.trail.without(1), 2, "four one one one one one one one one one one one one "
                  "one one one")  # fmt: skip
    assert merged.text == CARD and not merged.earlier
    again = read(read(Trail(), 1, "4111 1111").trail, 1, "4111 1111")
    assert not again.card


def test_code_and_date_may_come_in_the_turns_after() -> None:
    checked = over("4111 1111 1111 1111", "oh four twenty seven", "and one two three")
    assert [c.text for c in checked] == [CARD, DETAIL, f"and {DETAIL}"]
    for told in (
        "we have 200 people in two offices here",
        "200",
        "five hundred people",
        "about 250",
    ):
        assert over("4111 1111 1111 1111", told)[1].text == told


def test_a_misheard_card_over_turns_counts_where_it_was_named() -> None:
    *_, last = over("I'll give you my credit card", "four one one one one one one",
                    "one one one two one one one one one")  # fmt: skip
    assert last.card and last.earlier == (2,)


def test_a_card_that_was_named_and_not_finished_goes_on_in_the_next_turn() -> None:
    checked = over("my card is four one one one one one one one", "yes", "one one one one one one "
                   "one one")  # fmt: skip
    assert [c.text for c in checked] == [f"my card is {CARD}", "yes", CARD]


def test_reading_changes_nothing() -> None:
    trail = read(Trail(), 1, "4111 1111").trail
    assert read(trail, 2, "1111 1111") == read(trail, 2, "1111 1111")


def test_a_misheard_card_over_turns_counts_where_it_was_spoken() -> None:
    first = read(Trail(), 1, "four one one one one one one one", spoken=True)
    second = read(first.trail, 2, "one one one one one one one two", spoken=True)
    assert second.text == CARD and second.earlier == (1,)
    number = read(read(Trail(), 1, "four one five five five five", spoken=True).trail, 2,
                  "four one five five five five two six seven one", spoken=True)  # fmt: skip
    assert not number.card
