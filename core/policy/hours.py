"""When the company is open, in its own zone: days, hours and holidays. Pure."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from knowledge.profile import Company, Hours, Weekday

WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SAME_DAY_MARGIN_S = 2 * 3600
"""A call back is promised for today only if the team is there for this much longer."""


def is_open(company: Company, at: datetime) -> bool:
    """Whether someone is there at an instant (aware)."""
    local = at.astimezone(ZoneInfo(company.timezone))
    return any(
        start <= local.time().replace(tzinfo=None) < end
        for start, end in spans(company.hours, local.date())
    )


def open_day(company: Company, at: datetime, wanted: date | None = None) -> date:
    """The first day from `wanted` (or from now) on which the team can still call back."""
    local = at.astimezone(ZoneInfo(company.timezone))
    day = max(wanted or local.date(), local.date())
    for ahead in range(30):
        candidate = day + timedelta(days=ahead)
        open_then = spans(company.hours, candidate)
        if not open_then:
            continue
        closes = datetime.combine(candidate, open_then[-1][1], tzinfo=local.tzinfo)
        if candidate > local.date() or (closes - local).total_seconds() >= SAME_DAY_MARGIN_S:
            return candidate
    return day


def local_day(company: Company, at: datetime) -> date:
    """The date at the company."""
    return at.astimezone(ZoneInfo(company.timezone)).date()


def spans(hours: Hours, day: date) -> tuple[tuple[time, time], ...]:
    """Opening and closing times of one day, none on a holiday; in the zone of those hours."""
    if day in hours.closed_on or day in _holidays(
        hours.holiday_country, hours.holiday_region, day.year
    ):
        return ()
    return tuple((s.start, s.end) for s in hours.week.get(WEEK[day.weekday()], ()))


@lru_cache(maxsize=64)
def _holidays(country: str | None, region: str | None, year: int) -> frozenset[date]:
    """Public holidays of a year; the table of days is the `holidays` package's."""
    if country is None:
        return frozenset()
    from holidays import country_holidays

    return frozenset(country_holidays(country, subdiv=region, years=year))
