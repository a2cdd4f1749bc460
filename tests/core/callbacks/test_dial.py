"""The AI dials only if every rule allows it; each refusal has its reason."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.callbacks.dial import May, Not, may_dial, zones_of
from core.callbacks.record import OVER, UNDER_WAY, Consent, Tried
from tests.core.callbacks.promises import DANA, NINE, YES, company, promise

MINUTE = timedelta(minutes=1)
LATER = NINE + 5 * MINUTE


def why(answer: May | Not) -> str:
    return answer.reason if isinstance(answer, Not) else "may"


@pytest.mark.parametrize(
    ("changes", "rules", "barred", "reason"),
    [
        ({}, {}, False, "may"),
        ({}, {"ai_calls": False}, False, "off"),
        ({}, {}, True, "do-not-call"),
        ({"consent": Consent()}, {}, False, "no-consent"),
        ({"consent": Consent("declined", YES.question, "no")}, {}, False, "no-consent"),
        ({"consent": Consent("given", YES.question, " ")}, {}, False, "no-consent"),
        ({"consent": Consent("given", "May we call you?", "yes")}, {}, False,
         "consent-names-nobody"),
        ({"status": "cancelled"}, {}, False, "over"),
        ({"claimed_by": "maya-lindqvist"}, {}, False, "claimed"),
        ({"handed_on": True}, {}, False, "claimed"),
        ({"number": ""}, {}, False, "no-number"),
        ({"number": company().numbers[0]}, {}, False, "no-number"),
        ({"start": LATER + MINUTE}, {}, False, "before-window"),
        ({"end": LATER}, {}, False, "after-window"),
        ({"tried": (Tried(NINE, "busy"), Tried(NINE, "busy"))}, {}, False, "attempts-used"),
        ({"tried": (Tried(NINE, "busy"),)}, {}, False, "too-soon"),
        ({"tried": (Tried(LATER - MINUTE, "ringing"),)}, {}, False, "under-way"),
        ({"zone": "Asia/Tokyo"}, {}, False, "hours"),
        ({"number": "+442079460123", "zone": ""}, {"earliest": time(16)}, False, "hours"),
    ],
)  # fmt: skip
def test_each_rule_says_no_by_its_name(changes, rules, barred, reason):
    assert why(may_dial(promise(**changes), LATER, company(**rules), barred=barred)) == reason


def test_both_the_numbers_zone_and_the_stated_one_must_allow_it():
    early = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)  # 8:30 in Chicago, 6:30 in Los Angeles
    here = promise(start=early - MINUTE)
    assert may_dial(here, early, company(), barred=False) == May()
    moved = promise(start=early - MINUTE, end=NINE + timedelta(hours=4), zone="America/Los_Angeles")
    answer = may_dial(moved, early, company(), barred=False)
    assert answer == Not("hours", datetime(2026, 12, 1, 16, tzinfo=UTC))
    at = (zone.key for zone in zones_of(moved))
    assert {"America/Chicago", "America/Los_Angeles"} <= set(at)


def test_on_a_holiday_of_theirs_it_waits_or_leaves_it_to_a_person():
    christmas = datetime(2026, 12, 25, 16, tzinfo=UTC)
    on_it = promise(start=christmas, end=christmas + timedelta(hours=2))
    assert may_dial(on_it, christmas, company(), barred=False) == Not("holiday")
    assert may_dial(on_it, christmas, company(on_holidays=True), barred=False) == May()


def test_a_try_that_was_written_down_and_never_heard_of_counts_as_one():
    tried = promise(tried=(Tried(NINE, "recorded"),), end=NINE + timedelta(hours=5))
    soon = may_dial(tried, NINE + MINUTE, company(), barred=False)
    assert isinstance(soon, Not) and soon.reason == "under-way"
    assert why(may_dial(tried, NINE + 10 * MINUTE, company(), barred=False)) == "too-soon"
    assert may_dial(tried, NINE + 21 * MINUTE, company(), barred=False) == May()


def test_a_call_that_goes_on_past_the_window_is_left_alone():
    going_on = promise(tried=(Tried(NINE, "answered"),))
    late = going_on.end + 30 * MINUTE
    assert may_dial(going_on, late, company(), barred=False) == Not("under-way", late + 5 * MINUTE)


ZONES = ["", "America/Chicago", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"]
NUMBERS = [DANA, "+442079460123", "+81312345678", "+18005550100", "+14155550100", ""]
CONSENTS = [YES, Consent(), Consent("given", "may we?", "yes"), Consent("declined", "?", "no")]
STATES = ["promised", "reminded", "escalated", "attempted", *OVER]


@settings(max_examples=400, deadline=None)
@given(
    st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1), timezones=st.just(UTC)),
    st.integers(-600, 600),
    st.integers(15, 600),
    st.sampled_from(ZONES),
    st.sampled_from(NUMBERS),
    st.sampled_from(CONSENTS),
    st.sampled_from(STATES),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["busy", "ringing", "machine"])),
             max_size=4),
    st.integers(1, 3),
)  # fmt: skip
def test_whatever_may_be_dialled_keeps_every_rule(
    now, begins, lasts, zone, number, consent, status, barred, tried, most
):
    start = now + begins * MINUTE
    before = tuple(Tried(now - ago * MINUTE, how) for ago, how in tried)
    made = promise(
        start=start, end=start + lasts * MINUTE, zone=zone, number=number, consent=consent,
        status=status, tried=before,
    )  # fmt: skip
    rules = company(attempts=most)
    answer = may_dial(made, now, rules, barred=barred)
    if isinstance(answer, Not):
        assert answer.reason
        assert answer.again is None or now < answer.again
        assert answer.again is None or answer.again < made.end or answer.reason == "under-way"
        return
    assert not barred and status not in OVER
    assert consent is YES
    assert made.start <= now < made.end
    assert len(before) < most
    spacing = timedelta(minutes=rules.callbacks.spacing_minutes)
    assert all(now - t.at >= spacing for t in before)
    assert not any(t.status in UNDER_WAY and now - t.at < 5 * MINUTE for t in before)
    for named in filter(None, (zone, *(z.key for z in zones_of(made)))):
        assert time(8) <= now.astimezone(ZoneInfo(named)).time() < time(21)


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(datetime(2026, 11, 20), datetime(2027, 1, 5), timezones=st.just(UTC)),
    st.integers(15, 3000), st.sampled_from(ZONES), st.sampled_from(NUMBERS[:5]),
)  # fmt: skip
def test_asked_again_when_it_said_it_is_a_yes(now, lasts, zone, number):
    made = promise(start=now - MINUTE, end=now + lasts * MINUTE, zone=zone, number=number)
    answer = may_dial(made, now, company(), barred=False)
    if isinstance(answer, Not) and answer.again is not None:
        assert may_dial(made, answer.again, company(), barred=False) == May()
