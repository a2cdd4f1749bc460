from datetime import UTC, date, datetime

from core.policy.hours import is_open, open_day
from tests.core.talk import MONDAY_NOON, SUNDAY, sample

COMPANY = sample().company


def test_the_company_is_open_in_its_own_zone():
    assert is_open(COMPANY, MONDAY_NOON)
    assert not is_open(COMPANY, SUNDAY)
    assert not is_open(COMPANY, datetime(2026, 12, 1, 4, 0, tzinfo=UTC))  # 23:00 in New York


def test_holidays_and_closed_days_are_not_working_days():
    assert not is_open(COMPANY, datetime(2026, 12, 25, 17, 0, tzinfo=UTC))
    assert not is_open(COMPANY, datetime(2026, 11, 27, 17, 0, tzinfo=UTC))


def test_a_call_is_promised_for_a_day_on_which_someone_works():
    assert open_day(COMPANY, MONDAY_NOON) == date(2026, 11, 30)
    assert open_day(COMPANY, SUNDAY) == date(2026, 11, 30)
    late = datetime(2026, 12, 4, 21, 30, tzinfo=UTC)  # Friday 16:30, closing at 17:00
    assert open_day(COMPANY, late) == date(2026, 12, 7)
    assert open_day(COMPANY, MONDAY_NOON, date(2026, 12, 25)) == date(2026, 12, 28)
