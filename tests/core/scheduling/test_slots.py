from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.presence import presence, shifts
from core.scheduling.slots import (
    CELL,
    Busy,
    Slot,
    cells,
    free_slots,
    meeting_for,
    spread,
    still_free,
)
from core.scheduling.wishes import Wish, fitting, nearest
from knowledge.profile import Away, Hours
from tests.core.talk import OTHER, sample

COMPANY = sample().company
MAYA = COMPANY.rep("maya-lindqvist")
TOM = COMPANY.rep("tom-beckett")
INTRO = COMPANY.meeting_types[0]
CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
"""11 in the morning in Chicago."""


def slots(rep=MAYA, now=MONDAY, busy=(), meeting=INTRO, company=COMPANY, **more):
    return list(free_slots(rep, company, meeting, busy, now, **more))


def test_the_first_slot_keeps_the_notice_and_begins_on_the_half_hour():
    first = slots(now=MONDAY + timedelta(minutes=7))[0]
    assert first.start == datetime(2026, 11, 30, 19, 30, tzinfo=UTC)
    assert first.end - first.start == timedelta(minutes=30)


def test_every_slot_lies_within_working_hours_of_the_rep():
    for slot in slots():
        local, ends = slot.start.astimezone(CHICAGO), slot.end.astimezone(CHICAGO)
        assert local.weekday() < 5
        assert time(9) <= local.time() and ends.time() <= time(17)


def test_the_last_slot_of_an_evening_ends_at_midnight_and_one_may_go_past_it():
    evening = {"mon": [{"from": "20:00", "to": "24:00"}]}
    alone = MAYA.model_copy(update={"hours": Hours.model_validate({"week": evening})})
    last = [s for s in slots(alone) if s.start < MONDAY + timedelta(days=1)][-1]
    assert last.end.astimezone(CHICAGO) == datetime(2026, 12, 1, tzinfo=CHICAGO)
    reps = tuple(alone if r.id == MAYA.id else r for r in COMPANY.team)
    assert still_free(last, COMPANY.model_copy(update={"team": reps}), (), MONDAY) is None
    night = {**evening, "tue": [{"from": "00:00", "to": "01:00"}]}
    over = MAYA.model_copy(update={"hours": Hours.model_validate({"week": night})})
    hour = INTRO.model_copy(update={"minutes": 60})
    starts = {s.start.astimezone(CHICAGO) for s in slots(over, meeting=hour)}
    assert datetime(2026, 11, 30, 23, 30, tzinfo=CHICAGO) in starts
    assert datetime(2026, 11, 30, 23, 30, tzinfo=CHICAGO) not in {
        s.start.astimezone(CHICAGO) for s in slots(alone, meeting=hour)
    }


def test_nothing_is_free_on_a_holiday_or_while_away():
    days = {
        s.start.astimezone(CHICAGO).date() for s in slots(now=datetime(2026, 11, 25, tzinfo=UTC))
    }
    assert date(2026, 11, 26) not in days and date(2026, 11, 27) not in days
    tom = slots(TOM, datetime(2026, 12, 21, 9, tzinfo=UTC))
    off = {date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
    assert not off & {s.start.date() for s in tom} and date(2026, 12, 23) in {
        s.start.date() for s in tom
    }


def test_what_is_busy_is_not_free_and_the_buffer_is_kept_on_both_sides():
    lunch = Busy(datetime(2026, 12, 1, 18, tzinfo=UTC), datetime(2026, 12, 1, 19, tzinfo=UTC))
    starts = {s.start for s in slots(busy=[lunch])}
    before = {s.start for s in slots()}
    gone = {s.astimezone(CHICAGO).time() for s in before - starts}
    assert gone == {time(11, 30), time(12), time(12, 30), time(13)}


def test_an_all_day_block_leaves_nothing_of_that_day():
    day = Busy(datetime(2026, 12, 1, 6, tzinfo=UTC), datetime(2026, 12, 2, 6, tzinfo=UTC))
    assert date(2026, 12, 1) not in {s.start.astimezone(CHICAGO).date() for s in slots(busy=[day])}


def test_the_horizon_ends_it():
    assert slots()[-1].start <= MONDAY + timedelta(days=INTRO.horizon_days)


def test_hours_stay_local_over_the_change_of_clocks():
    """The United States change on 7 March 2027 at 2 in the morning; Britain three weeks later."""
    found = slots(now=datetime(2027, 3, 4, 12, tzinfo=UTC))
    by_day = {}
    for slot in found:
        local = slot.start.astimezone(CHICAGO)
        by_day.setdefault(local.date(), []).append((local.time(), slot.start.hour))
    assert by_day[date(2027, 3, 12)][0] == (time(9), 15)
    assert by_day[date(2027, 3, 15)][0] == (time(9), 14)


def test_a_shift_over_the_hour_that_is_skipped_or_lived_twice_has_its_real_length():
    night = MAYA.model_copy(
        update={
            "hours": COMPANY.hours.model_copy(
                update={"week": {"sun": MAYA.hours.week["mon"]}, "holiday_country": None}
            )
        }
    )
    span = night.hours.week["sun"][0].model_copy(update={"start": time(1), "end": time(4)})
    night = night.model_copy(
        update={"hours": night.hours.model_copy(update={"week": {"sun": (span,)}})}
    )
    for day, hours in ((date(2027, 3, 14), 2), (date(2026, 11, 1), 4), (date(2026, 11, 8), 3)):
        ((start, end),) = shifts(COMPANY, day, night)
        assert end - start == timedelta(hours=hours)
        found = [
            s for s in slots(night, start - timedelta(hours=3)) if s.start.date() == start.date()
        ]
        assert len({s.start for s in found}) == len(found) and found


def test_a_rep_in_another_zone_is_at_work_by_their_own_clock():
    assert presence(COMPANY, datetime(2026, 12, 1, 9, 30, tzinfo=UTC), TOM).there
    assert not presence(COMPANY, datetime(2026, 12, 1, 18, 0, tzinfo=UTC), TOM).there
    assert not presence(COMPANY, datetime(2026, 12, 1, 9, 30, tzinfo=UTC), MAYA).there


def test_lunch_breaks_and_short_weeks_of_another_company():
    company = sample(OTHER).company
    luc = company.rep("luc-moreau")
    found = list(free_slots(luc, company, company.meeting_types[1], (), MONDAY))
    local = [s.start.astimezone(ZoneInfo("Europe/Paris")) for s in found]
    assert {d.weekday() for d in local} == {0, 1, 3}
    assert not any(time(12, 30) <= d.time() < time(14) for d in local)


def test_a_meeting_is_chosen_by_segment():
    assert meeting_for(COMPANY, "enterprise").id == "discovery"
    assert meeting_for(COMPANY, "startup").id == "intro"
    assert meeting_for(COMPANY, None).id == "demo"
    assert meeting_for(COMPANY.model_copy(update={"meeting_types": ()}), "startup") is None


def test_somebody_in_a_hurry_is_called_within_minutes_and_visited_with_the_usual_notice():
    bare = INTRO.model_copy(update={"notice_minutes": 2880, "fast_notice_minutes": None})
    assert bare.fast_notice == 15
    assert bare.model_copy(update={"visit": True}).fast_notice == 2880
    assert bare.model_copy(update={"notice_minutes": 10}).fast_notice == 10
    assert bare.model_copy(update={"visit": True, "fast_notice_minutes": 60}).fast_notice == 60


def test_three_are_offered_on_different_days_and_halves():
    offered = spread(slots(), CHICAGO)
    local = [s.start.astimezone(CHICAGO) for s in offered]
    assert len(offered) == 3 and offered[0] == slots()[0]
    assert len({d.date() for d in local}) == 3
    assert {d.hour < 12 for d in local} == {True, False}


def test_few_slots_are_offered_as_they_are():
    one = slots()[:1]
    assert spread(one, CHICAGO) == tuple(one) and spread([], CHICAGO) == ()


def test_a_slot_is_checked_again_before_it_is_booked():
    slot = slots()[0]
    assert still_free(slot, COMPANY, (), MONDAY) is None
    assert still_free(slot, COMPANY, (), slot.start) == "it has passed"
    assert still_free(slot, COMPANY, [Busy(slot.start, slot.end)], MONDAY) == "it is taken"
    night = Slot(
        slot.start + timedelta(hours=10), slot.end + timedelta(hours=10), slot.rep, "intro"
    )
    assert still_free(night, COMPANY, (), MONDAY) == "the rep is not working then"
    away = MAYA.model_copy(update={"away": (Away(**{"from": "2026-11-30", "to": "2026-11-30"}),)})
    changed = COMPANY.model_copy(update={"team": (away,)})
    assert still_free(slot, changed, (), MONDAY) == "the rep is not working then"
    assert "no such" in (
        still_free(Slot(slot.start, slot.end, "x", "intro"), COMPANY, (), MONDAY) or ""
    )


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 400)), max_size=6),
    st.sampled_from([r.id for r in COMPANY.team]),
)
def test_what_is_free_can_be_booked_and_no_two_slots_begin_at_once(when, taken, rep_id):
    now = when.replace(tzinfo=UTC)
    busy = [Busy(now + timedelta(minutes=a), now + timedelta(minutes=a + n)) for a, n in taken]
    found = slots(COMPANY.rep(rep_id), now, busy)
    assert all(still_free(s, COMPANY, busy, now) is None for s in found)
    assert all(a.start < b.start for a, b in pairwise(found))


def test_cells_cover_a_stretch_on_the_quarter_hour():
    start = datetime(2026, 12, 1, 14, 20, tzinfo=UTC)
    found = cells(start, start + timedelta(minutes=30))
    assert [c.minute for c in found] == [15, 30, 45]
    assert all(b - a == CELL for a, b in pairwise(found))


def test_a_wish_that_cannot_be_met_gets_what_is_nearest_to_it():
    every = slots()
    thursday = Wish(days=frozenset({date(2026, 12, 3)}), at=time(20))
    found, exact = nearest(every, thursday, CHICAGO)
    assert not exact and found[0].start.astimezone(CHICAGO).date() == date(2026, 12, 3)
    assert found[0].start.astimezone(CHICAGO).time() == time(16, 30)
    sunday = Wish(days=frozenset({date(2026, 12, 6)}), earliest=time(15))
    found, exact = nearest(every, sunday, CHICAGO)
    assert not exact and all(s.start.astimezone(CHICAGO).time() >= time(15) for s in found)
    assert nearest(every, Wish(), CHICAGO) == (every, True)
    assert not fitting(every, sunday, CHICAGO)
