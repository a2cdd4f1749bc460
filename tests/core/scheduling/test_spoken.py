from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.geography.zones import CallerZone, caller_zone, zone_of_number
from core.scheduling.spoken import said_shortly, said_time, said_times, were_heard
from core.scheduling.spoken_hours import said_week
from knowledge.profile import Hours
from tests.core.talk import sample

NOW = datetime(2026, 11, 30, 17, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (CallerZone("America/New_York", True), "Thursday at 2 PM your time, 1 PM Maya's"),
        (CallerZone("America/New_York", False), "Thursday at 2 PM Eastern, 1 PM Maya's"),
        (CallerZone("America/Chicago", True), "Thursday at 1 PM"),
        (CallerZone("America/Chicago", False), "Thursday at 1 PM Central"),
        (None, "Thursday at 1 PM Central"),
        (CallerZone("Asia/Kolkata", True), "Friday at 12:30 AM your time, Thursday 1 PM Maya's"),
    ],
)
def test_both_zones_are_said_when_they_differ(zone, said):
    assert said_time(THURSDAY, zone, "America/Chicago", "Maya Lindqvist", NOW) == said


def test_several_times_name_a_shared_zone_and_day_once():
    starts = [THURSDAY, THURSDAY + timedelta(hours=1), THURSDAY + timedelta(hours=21)]
    said = said_times(starts, None, "America/Chicago", "Maya Lindqvist", NOW)
    assert said == "Thursday at 1 PM, at 2 PM, or Friday at 10 AM Central"
    two = said_times(starts[:2], CallerZone("America/Chicago", True), "America/Chicago", "M", NOW)
    assert two == "Thursday at 1 PM, or at 2 PM"


def test_times_that_are_known_are_told_apart_in_few_words():
    chicago = ZoneInfo("America/Chicago")
    hour, day = timedelta(hours=1), timedelta(days=1)
    one_a_day = [THURSDAY, THURSDAY + day, THURSDAY + 2 * day]
    assert said_shortly(one_a_day, chicago, NOW) == "Thursday, Friday, or Saturday"
    assert said_shortly([THURSDAY, THURSDAY + hour], chicago, NOW) == "1 PM, or 2 PM"
    mixed = [THURSDAY, THURSDAY + hour, THURSDAY + day]
    assert said_shortly(mixed, chicago, NOW) == "Thursday at 1 PM, at 2 PM, or Friday at 1 PM"
    assert said_shortly(one_a_day[:1], chicago, NOW) == "Thursday"


def test_times_were_heard_when_their_days_and_hours_were_in_the_zone_they_are_meant_in():
    starts = [THURSDAY, THURSDAY + timedelta(days=1)]
    heard = "Maya is free Thursday at 1 PM, or Friday at 1 PM Central."
    assert were_heard(starts, ZoneInfo("America/Chicago"), NOW, heard)
    assert not were_heard(starts, ZoneInfo("America/Chicago"), NOW, "Maya is free Thursday at 1 PM")
    assert not were_heard(starts, ZoneInfo("America/New_York"), NOW, heard)


def test_who_reads_it_another_day_is_told_dates():
    starts = [NOW + timedelta(hours=26), THURSDAY]
    said = said_times(starts, None, "America/Chicago", "Maya Lindqvist", NOW, dated=True)
    assert said == "Tuesday, December 1 at 1 PM, or Thursday, December 3 at 1 PM Central"


def test_a_confirmation_has_the_date_and_today_is_the_buyers_own():
    zone = CallerZone("Asia/Kolkata", True)
    late = datetime(2026, 11, 30, 20, tzinfo=UTC)
    said = said_time(late, zone, "America/Chicago", "Maya Lindqvist", NOW, full=True)
    assert said == "tomorrow, Tuesday, December 1 at 1:30 AM your time, Monday 2 PM Maya's"


@pytest.mark.parametrize(
    ("place", "number", "zone", "sure"),
    [
        ("California", "+16175550142", "America/Los_Angeles", True),
        ("Berlin", None, "Europe/Berlin", True),
        ("Germany", None, "Europe/Berlin", True),
        ("India", "+14155550100", "Asia/Kolkata", True),
        ("Texas", None, "America/Chicago", False),
        ("United States", "+14155550100", "America/Los_Angeles", False),
        (None, "+919820012345", "Asia/Kolkata", False),
        (None, "+447911123456", "Europe/London", False),
    ],
)
def test_the_place_a_caller_names_counts_before_their_number(place, number, zone, sure):
    assert caller_zone(place, number) == CallerZone(zone, sure)


@pytest.mark.parametrize("number", [None, "+18005550100", "+1", "nonsense", "+999"])
def test_a_number_without_a_place_tells_no_zone(number):
    assert zone_of_number(number) is None


def test_midnight_is_said_by_its_name_and_a_whole_day_as_one():
    whole, late = {"from": "00:00", "to": "24:00"}, {"from": "17:00", "to": "24:00"}
    hours = Hours.model_validate({"week": {"fri": [late], "sat": [whole], "sun": [whole]}})
    company = sample().company.model_copy(update={"hours": hours})
    assert said_week(company) == (
        "Friday from 5 PM to midnight and Saturday and Sunday around the clock Eastern"
    )
