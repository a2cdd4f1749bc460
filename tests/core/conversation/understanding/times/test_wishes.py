from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation.understanding.times.wishes import wish_of
from core.conversation.words.clock_times import clock_times

MONDAY = date(2026, 11, 30)


def day(n):
    return MONDAY + timedelta(days=n)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("thursday", [3]), ("tomorrow morning", [1]), ("the day after tomorrow", [2]),
        ("today at four", [0]), ("thursday or friday", [3, 4]), ("monday at ten", [7]),
        ("this monday at two", [0]),
        ("next week", range(7, 14)),
        ("early next week", [7, 8]), ("later this week", [2, 3, 4, 5, 6]),
        ("next thursday", [10]), ("wednesday next week", [9]), ("in two days", [2]),
        ("the third of december", [3]), ("december 3rd at 10", [3]), ("thirsty works", [3]),
        ("on thirsday please", [3]), ("whenever", []),
    ],
)  # fmt: skip
def test_days_are_resolved_on_the_day_of_the_call(said, days):
    assert wish_of(said, MONDAY, bare=True).days == frozenset(day(n) for n in days)


@pytest.mark.parametrize(
    ("said", "weekday"),
    [
        ("not monday", 0), ("i'm out on friday", 4), ("we are travelling tuesday", 1),
        ("monday doesn't work", 0), ("i can't do tuesday", 1),
        ("any day but friday", 4), ("wednesday is bad for me", 2),
    ],
)  # fmt: skip
def test_a_day_that_is_ruled_out_is_not_wished_for(said, weekday):
    wish = wish_of(said, MONDAY, bare=True)
    assert wish.not_weekdays == {weekday} and not wish.days


@pytest.mark.parametrize(
    ("said", "fits", "not_"),
    [
        ("after four", "16:00", "15:59"), ("before noon", "11:30", "12:00"),
        ("in the afternoon", "13:00", "11:30"), ("not in the morning", "12:00", "11:00"),
        ("between two and four", "14:00", "16:00"), ("around three", "15:30", "16:00"),
        ("two thirty", "14:30", "14:00"), ("to thirty", "14:30", "14:00"),
        ("half past four", "16:30", "16:00"), ("2 30 pm", "14:30", "02:30"),
        ("at ten", "10:00", "22:00"), ("quarter to three", "14:45", "15:15"),
        ("noon", "12:00", "00:00"), ("how about two", "14:00", "14:30"), ("9:30", "09:30", "21:30"),
    ],
)  # fmt: skip
def test_hours_are_those_in_which_people_meet(said, fits, not_):
    wish = wish_of(said, MONDAY, bare=True)
    assert wish.fits(datetime.combine(MONDAY, time.fromisoformat(fits)))
    assert not wish.fits(datetime.combine(MONDAY, time.fromisoformat(not_)))


@pytest.mark.parametrize(
    "said",
    ["we are two hundred people", "i need it for two teams", "first of all thanks",
     "about ten thousand rows", "at five percent", "we have to think about it"],
)  # fmt: skip
def test_figures_of_another_kind_are_no_times(said):
    assert not wish_of(said, MONDAY, bare=True)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 :'.", max_size=40))
def test_no_words_break_the_reading(said):
    wish_of(said, MONDAY, bare=True)
    assert all(c.start < c.end for c in clock_times(said, bare=True))


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("thursday 10h", [time(10)]), ("after 15h30", [time(15, 30)]), ("4ish works", [time(16)]),
        ("between 10 and 12", [time(10), time(12)]), ("within 24h", []), ("every 2 h", []),
        ("between 10 and 12 people", [time(10)]),
        ("at three oh three, five five five, oh one four two", []),
        ("at three on three oh three five five five oh one four two", [time(15)]),
    ],
)  # fmt: skip
def test_hours_are_read_as_they_are_written(said, at):
    assert [c.at for c in clock_times(said)] == at
