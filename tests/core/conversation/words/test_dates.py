from datetime import date

import pytest

from core.conversation.words.dates import inside_a_line, spoken_day, times

DAY = date(2026, 6, 10)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("we want to go live next month", date(2026, 7, 31)),
        ("in three months", date(2026, 9, 8)),
        ("within the next six months", date(2026, 12, 7)),
        ("by the end of the quarter", date(2026, 6, 30)),
        ("as soon as possible", DAY),
        ("q three", date(2026, 9, 30)),
        ("early next year", date(2027, 2, 28)),
        ("in a couple of months", date(2026, 8, 9)),
        ("by january", date(2027, 1, 31)),
        ("this summer", date(2026, 8, 31)),
        ("on friday", date(2026, 6, 12)),
        ("next tuesday", date(2026, 6, 16)),
        ("tomorrow", date(2026, 6, 11)),
        ("by the end of the year", date(2026, 12, 31)),
        ("in march", date(2027, 3, 31)),
        ("march-ish", date(2027, 3, 31)),
        ("not before, oh, spring of 2028", date(2028, 5, 31)),
        ("in two to three months", date(2026, 9, 8)),
        ("the week of july thirteenth", date(2026, 7, 17)),
        ("starting the twenty-first, for six weeks", date(2026, 6, 21)),
        ("beginning on the 3rd", date(2026, 7, 3)),
        ("a saturday, july eighteenth", date(2026, 7, 18)),
        ("saturday the eighteenth", date(2026, 6, 18)),
        ("in august, say the 5th", date(2026, 8, 5)),
        ("in august, five people", date(2026, 8, 31)),
        ("not until fall of twenty-eight", date(2028, 11, 30)),
        ("it wouldn't be until fall of '28", date(2028, 11, 30)),
        ("before summer of twenty-eight", date(2028, 5, 31)),
        ("spring of 27, we hope", date(2027, 5, 31)),
        ("the end of march of thirty machines", date(2027, 3, 31)),
        ("before christmas eve", date(2026, 12, 23)),
    ],
)
def test_time_phrases_become_dates(text, by):
    assert [w.by for w in times(text, DAY)] == [by]


def test_no_rush_is_a_statement_without_a_date():
    found = times("there's no rush on our side", DAY)
    assert len(found) == 1 and found[0].open


@pytest.mark.parametrize("text", ["may i ask something", "we march on", "i have a question", ""])
def test_words_that_only_look_like_months_are_no_dates(text):
    assert times(text, DAY) == ()


def test_days_are_spoken_as_one_says_them():
    assert spoken_day(date(2026, 6, 11), DAY) == "tomorrow"
    assert spoken_day(date(2026, 6, 15), DAY) == "on Monday"
    assert spoken_day(date(2026, 7, 1), DAY) == "on July 1"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Before Christmas", "before Christmas"),
        ("This week", "this week"),
        ("March", "March"),
        ("Jan 4", "Jan 4"),
        ("Q3", "Q3"),
        ("as soon as possible", "as soon as possible"),
    ],
)
def test_a_time_repeated_within_a_sentence_begins_small_unless_it_is_a_name(said: str, told: str):
    assert inside_a_line(said) == told
