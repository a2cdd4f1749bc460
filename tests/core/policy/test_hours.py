from datetime import UTC, date, datetime, time

from core.policy.hours import is_closed_day, is_open
from knowledge.load import load
from knowledge.profile import Company, Hours, Span
from voice_agent.config import SAMPLE_COMPANY


def company(hours: Hours, zone: str) -> Company:
    return load(SAMPLE_COMPANY).company.model_copy(update={"hours": hours, "timezone": zone})


NINE_TO_FIVE = Hours(week={"mon": (Span(**{"from": time(9), "to": time(17)}),)})


def test_opening_hours_are_counted_in_the_companys_zone():
    new_york = company(NINE_TO_FIVE, "America/New_York")
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert is_open(new_york, monday.replace(hour=14))
    assert not is_open(new_york, monday.replace(hour=13, minute=59))
    assert not is_open(new_york, monday.replace(hour=22)), "17:00 itself is closed"


def test_a_day_without_hours_is_closed():
    assert not is_open(company(NINE_TO_FIVE, "UTC"), datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_public_holidays_and_named_days_are_closed():
    hours = Hours(week={}, holiday_country="US", closed_on=(date(2026, 12, 24),))
    assert is_closed_day(hours, date(2026, 11, 26)), "Thanksgiving"
    assert is_closed_day(hours, date(2026, 12, 24))
    assert not is_closed_day(hours, date(2026, 11, 25))
