"""Who is available now and when next: one answer for transfers, callbacks, booking and routing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.presence import WEEK, is_open, presence, shifts, shifts_between
from knowledge.profile import Away, Hours
from tests.core.talk import MONDAY_NOON, OTHER, SUNDAY, sample

COMPANY = sample().company
CORVANE = sample(OTHER).company
MAYA = COMPANY.rep("maya-lindqvist")
DANIEL = COMPANY.rep("daniel-okafor")
LUC = CORVANE.rep("luc-moreau")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def hours(day: str, start: str, end: str, **more) -> Hours:
    return Hours.model_validate({"week": {day: [{"from": start, "to": end}]}, **more})


def test_the_company_is_open_in_its_own_zone():
    assert is_open(COMPANY, MONDAY_NOON)
    assert not is_open(COMPANY, SUNDAY)
    assert not is_open(COMPANY, at("2026-11-30T23:00-05:00"))


def test_holidays_and_closed_days_are_not_working_days():
    assert not is_open(COMPANY, at("2026-12-25T12:00-05:00"))
    assert not is_open(COMPANY, at("2026-11-27T12:00-05:00"))


def test_who_is_not_there_is_said_to_come_when_their_next_shift_begins():
    assert presence(COMPANY, SUNDAY).next == at("2026-11-30T08:00-05:00")
    assert presence(COMPANY, SUNDAY, MAYA).next == at("2026-11-30T09:00-06:00")
    assert presence(COMPANY, MONDAY_NOON, MAYA).until == at("2026-11-30T17:00-06:00")
    lunch = presence(CORVANE, at("2026-12-01T13:00+01:00"), LUC)
    assert (lunch.there, lunch.next) == (False, at("2026-12-01T14:00+01:00"))


def test_who_is_away_comes_back_on_their_first_working_day_after_it():
    gone = MAYA.model_copy(
        update={"away": (Away.model_validate({"from": "2026-11-30", "to": "2026-12-06"}),)}
    )
    told = presence(COMPANY, MONDAY_NOON, gone)
    assert (told.there, told.next) == (False, at("2026-12-07T09:00-06:00"))
    for_ever = Away.model_validate({"from": "2026-11-30", "to": "2027-11-30"})
    assert (
        presence(COMPANY, MONDAY_NOON, MAYA.model_copy(update={"away": (for_ever,)})).next is None
    )


def test_a_holiday_of_one_region_keeps_the_others_at_work():
    patriots = at("2027-04-19T12:00-04:00")  # Massachusetts and not Illinois
    assert not presence(COMPANY, patriots).there
    assert presence(COMPANY, patriots, MAYA).there
    corpus_christi = at("2027-05-27T10:00+02:00")  # Hesse and not Berlin
    assert not is_open(CORVANE, corpus_christi)
    berlin = CORVANE.hours.model_copy(update={"holiday_region": "BE"})
    assert is_open(CORVANE.model_copy(update={"hours": berlin}), corpus_christi)


def test_a_company_without_hours_is_open_while_any_of_its_reps_is():
    bare = COMPANY.model_copy(update={"hours": Hours(week={}, holiday_country=None)})
    pacific = at("2026-11-30T16:30-08:00")  # Daniel is the last one there
    assert not is_open(COMPANY, pacific)
    assert is_open(bare, pacific) and presence(bare, pacific, DANIEL).there
    assert not is_open(bare, SUNDAY)
    nobody = bare.model_copy(
        update={"team": tuple(r.model_copy(update={"hours": None}) for r in bare.team)}
    )
    for who in (None, nobody.team[0]):
        told = presence(nobody, MONDAY_NOON, who)
        assert not told.there and told.next is None


@pytest.mark.parametrize(
    ("day", "lasts"),
    [("2026-03-08", 1.0), ("2026-11-01", 3.0), ("2026-03-15", 2.0)],
)
def test_a_shift_over_a_clock_change_is_as_long_as_it_is_lived(day, lasts):
    """From half past one to half past three in New York, on the days on which clocks change."""
    night = COMPANY.model_copy(update={"hours": hours("sun", "01:30", "03:30")})
    ((begins, ends),) = shifts(night, date.fromisoformat(day))
    assert (ends - begins) / timedelta(hours=1) == lasts
    assert is_open(night, begins) and not is_open(night, ends)


def test_hours_that_a_clock_change_skips_whole_are_no_shift():
    gap = COMPANY.model_copy(update={"hours": hours("sun", "02:10", "02:10")})
    assert shifts(gap, date(2026, 3, 8)) == ()


EVERY_DAY = {d: [{"from": "00:00", "to": "24:00"}] for d in WEEK}
ALWAYS = COMPANY.model_copy(
    update={"hours": Hours.model_validate({"week": EVERY_DAY, "holiday_country": "US"})}
)


def test_a_day_that_is_open_until_midnight_has_its_last_minute():
    late = COMPANY.model_copy(update={"hours": hours("mon", "17:00", "24:00")})
    assert is_open(late, at("2026-11-30T23:59:59-05:00"))
    assert presence(late, at("2026-11-30T23:59-05:00")).until == at("2026-12-01T00:00-05:00")
    assert not is_open(late, at("2026-12-01T00:00-05:00"))


def test_who_is_there_at_midnight_and_after_it_does_not_leave_in_between():
    night = {"fri": [{"from": "22:00", "to": "24:00"}], "sat": [{"from": "00:00", "to": "02:00"}]}
    over = COMPANY.model_copy(update={"hours": Hours.model_validate({"week": night})})
    ends = at("2026-12-05T02:00-05:00")
    assert presence(over, at("2026-12-04T23:00-05:00")).until == ends
    assert presence(over, at("2026-12-05T01:00-05:00")).until == ends


def test_who_is_always_there_leaves_at_the_midnight_before_a_holiday_and_is_back_at_the_next():
    told = presence(ALWAYS, at("2026-12-20T12:00-05:00"))
    assert told.there and told.until == at("2026-12-25T00:00-05:00")
    assert presence(ALWAYS, at("2026-12-25T12:00-05:00")).next == at("2026-12-26T00:00-05:00")


@pytest.mark.parametrize(("day", "lasts"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_whole_day_is_as_long_as_it_is_lived(day, lasts):
    ((begins, ends),) = shifts(ALWAYS, date.fromisoformat(day))
    assert (ends - begins) / timedelta(hours=1) == lasts


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
    st.sampled_from([None, *COMPANY.team]),
)
def test_presence_agrees_with_the_shifts_and_never_lies_about_the_next(when, rep):
    when = when.replace(tzinfo=UTC)
    told = presence(COMPANY, when, rep)
    around = list(shifts_between(COMPANY, when, when + timedelta(days=31), rep))
    assert told.there == any(a <= when < b for a, b in around)
    if told.next is not None:
        assert not told.there and told.next > when
        assert presence(COMPANY, told.next, rep).there
        assert not presence(COMPANY, told.next - timedelta(seconds=1), rep).there
    if told.until is not None:
        zone = ZoneInfo(rep.timezone if rep else COMPANY.timezone)
        assert when.astimezone(zone).date() == told.until.astimezone(zone).date()
