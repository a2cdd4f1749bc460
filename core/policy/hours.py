"""Whether the company is open at an instant: weekly hours, public holidays, own closed days."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from knowledge.profile import Company, Hours, Weekday

_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_open(company: Company, at: datetime) -> bool:
    """True within opening hours, in the company's own zone; `at` is any aware instant."""
    local = at.astimezone(ZoneInfo(company.timezone))
    if is_closed_day(company.hours, local.date()):
        return False
    spans = company.hours.week.get(_DAYS[local.weekday()], ())
    return any(span.start <= local.time() < span.end for span in spans)


def is_closed_day(hours: Hours, day: date) -> bool:
    """A public holiday of the company's country, or a day it names itself."""
    if day in hours.closed_on:
        return True
    if not hours.holiday_country:
        return False
    return day in _holidays(hours.holiday_country, hours.holiday_region, day.year)


@lru_cache(maxsize=64)
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
