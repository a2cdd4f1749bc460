from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.geography.zones import CallerZone
from core.policy.wish import SOON, promised
from core.presence import shifts_between
from knowledge.profile import Hours
from tests.core.talk import MONDAY_NOON, SUNDAY, sample

COMPANY = sample().company
MAYA = COMPANY.rep("maya-lindqvist")
EARLY = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
"""Nine in the morning in New York."""
PACIFIC = CallerZone("America/Los_Angeles", sure=False)
BERLIN = CallerZone("Europe/Berlin", sure=True)


@pytest.mark.parametrize(
    ("at", "wish", "said"),
    [
        (MONDAY_NOON, "", "today"),
        (MONDAY_NOON, "morning", "tomorrow morning"),
        (EARLY, "this morning", "this morning"),
        (MONDAY_NOON, "this afternoon", "this afternoon"),
        (MONDAY_NOON, "tomorrow morning at nine thirty", "tomorrow morning at nine thirty"),
        (MONDAY_NOON, "this week", "today"),
        (MONDAY_NOON, "next week", "on Monday, December 7"),
        (MONDAY_NOON, "friday at three", "on Friday at three"),
        (SUNDAY, "", "tomorrow between 8 AM and 10 AM Eastern"),
        (SUNDAY, "tomorrow afternoon", "tomorrow afternoon"),
        (MONDAY_NOON, "tomorrow at eleven pm", "tomorrow between 5 PM and 7 PM Eastern"),
        (datetime(2026, 12, 4, 21, 30, tzinfo=UTC), "", "on Monday"),  # Friday 16:30, till five
    ],
)
def test_a_wish_becomes_a_working_day_said_plainly(at, wish, said):
    assert promised(COMPANY, at, wish).spoken == said


@pytest.mark.parametrize(
    ("caller", "said"),
    [
        (PACIFIC, "tomorrow between 8 AM and 10 AM Pacific"),
        (BERLIN, "tomorrow between 4 PM and 6 PM your time"),
        (CallerZone("America/Chicago", sure=True), "tomorrow between 9 AM and 11 AM"),
        (None, "tomorrow between 9 AM and 11 AM Central"),
    ],
)
def test_a_window_is_said_in_the_callers_zone(caller, said):
    made = promised(COMPANY, SUNDAY, "", MAYA, caller)
    assert made.spoken == said
    nine = datetime(2026, 11, 30, 15, tzinfo=UTC)  # in Chicago; nobody is called at seven
    assert made.start == nine + timedelta(hours=caller is PACIFIC)
    assert made.end - made.start == timedelta(hours=2)


def test_tomorrow_is_the_callers_own():
    late = datetime(2026, 12, 1, 4, 30, tzinfo=UTC)  # Monday 20:30 in California, Tuesday in Berlin
    there = promised(COMPANY, late, "tomorrow morning", MAYA, PACIFIC)
    here = promised(COMPANY, late, "tomorrow afternoon", MAYA, BERLIN)
    assert there.start == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert here.day.isoformat() == "2026-12-02"
    assert here.end <= datetime(2026, 12, 2, 16, 30, tzinfo=UTC)


def test_a_window_over_a_clock_change_keeps_the_hours_it_is_said_with():
    saturday = datetime(2026, 10, 31, 20, 0, tzinfo=UTC)
    made = promised(COMPANY, saturday, "", MAYA, CallerZone("America/Chicago", sure=True))
    assert made.spoken == "on Monday between 9 AM and 11 AM"
    assert made.start == datetime(2026, 11, 2, 15, tzinfo=UTC)  # an hour later than a week before


def test_where_nobodys_hours_are_known_no_window_is_promised():
    team = tuple(r.model_copy(update={"hours": None}) for r in COMPANY.team)
    closed = Hours(week={}, holiday_country=None)
    made = promised(COMPANY.model_copy(update={"hours": closed, "team": team}), SUNDAY, "monday")
    assert (made.spoken, made.start, made.end) == (SOON, None, None)


@settings(max_examples=80, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)),
    st.sampled_from(["", "tomorrow", "morning", "friday at three", "next week", "after four",
                     "this evening", "december 25", "tonight at eleven"]),
    st.sampled_from([None, *COMPANY.team]),
    st.sampled_from([None, PACIFIC, BERLIN, CallerZone("Asia/Tokyo", sure=False)]),
)  # fmt: skip
def test_a_promised_window_is_to_come_and_somebody_is_there_in_all_of_it(when, wish, rep, caller):
    when = when.replace(tzinfo=UTC)
    made = promised(COMPANY, when, wish, rep, caller)
    assert when <= made.start < made.end
    for who in (rep, None):
        shifts = shifts_between(COMPANY, made.start, made.end, who)
        if any(a <= made.start and made.end <= b for a, b in shifts):
            break
    else:
        pytest.fail("nobody is there")
    assert made.day == made.start.astimezone(ZoneInfo(made.zone)).date()


@pytest.mark.parametrize(
    ("wish", "minutes", "said"),
    [
        ("in ten minutes", 10, "in ten minutes"),
        ("in about half an hour", 30, "in about half an hour"),
        ("in two hours", 120, "in two hours"),
        ("right away", 0, "right away"),
    ],
)
def test_a_call_in_some_minutes_is_promised_for_just_then(wish, minutes, said):
    made = promised(COMPANY, MONDAY_NOON, wish, MAYA, None)
    assert made.spoken == said
    assert made.start == MONDAY_NOON + timedelta(minutes=minutes)


def test_a_call_in_some_minutes_when_nobody_is_there_is_promised_for_when_they_are():
    made = promised(COMPANY, SUNDAY, "in ten minutes", MAYA, None)
    assert made.spoken == "tomorrow between 9 AM and 11 AM Central"


def test_a_window_is_said_in_both_zones_where_they_differ():
    assert promised(COMPANY, SUNDAY, "", MAYA, BERLIN).away == "9 to 11 AM for Maya"
    assert promised(COMPANY, SUNDAY, "", MAYA, CHICAGO).away == ""
    assert promised(COMPANY, MONDAY_NOON, "friday at three", MAYA, PACIFIC).away.endswith("Maya")


CHICAGO = CallerZone("America/Chicago", sure=True)


@pytest.mark.parametrize(
    ("wish", "hours", "unmet"),
    [
        ("tomorrow at eight in the evening", (15, 17), "hour"),
        ("tonight at ten", (15, 17), "hour"),
        ("tomorrow at six am", (9, 11), "hour"),
        ("saturday at ten", (9, 11), "day"),
        ("tomorrow at ten", (10, 10), ""),
    ],
)
def test_a_wish_nobody_can_meet_is_said_to_be_one_and_promised_near_it(wish, hours, unmet):
    maya = COMPANY.rep("maya-lindqvist")
    made = promised(COMPANY, MONDAY_NOON, wish, maya)
    own = ZoneInfo(made.zone)
    assert made.unmet == unmet and made.start and made.end
    assert (made.start.astimezone(own).hour, made.end.astimezone(own).hour) == hours
