from datetime import date

import pytest

from core.conversation.words.dates import spoken_day, times

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
        ("in two to three months", date(2026, 9, 8)),
    ],
)
def test_time_phrases_become_dates(text, by):
    assert [w.by for w in times(text, DAY)] == [by]


def test_no_rush_is_a_statement_without_a_date():
    found = times("there's no rush on our side", DAY)
    assert len(found) == 1 and found[0].open


@pytest.mark.parametrize("text", ["may i ask something", "we march on", "i have a question", ""])
def test_words_that_only_look_like_months_are_no_dates(text):
    assert times(text, DAY) == []


def test_days_are_spoken_as_one_says_them():
    assert spoken_day(date(2026, 6, 11), DAY) == "tomorrow"
    assert spoken_day(date(2026, 6, 15), DAY) == "on Monday"
    assert spoken_day(date(2026, 7, 1), DAY) == "on July 1"
