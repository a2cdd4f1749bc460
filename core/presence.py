"""Who is available, and when: the company's hours, each rep's, holidays, absences. Pure.

`presence` alone answers "is this rep available now, and if not, when next" for transfers,
callbacks, booking and routing. Without a rep it covers the company as a whole. A company that
states no hours is available while any of its reps is; a rep without hours keeps the company's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from knowledge.profile import Company, Hours, Rep, Weekday

WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD_DAYS = 30
"""A rep with no shift within this many days is treated as not coming."""

Shift = tuple[datetime, datetime]
"""UTC instants; the second is exclusive."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody is available at an instant; `until` or `next` is None where unknown."""

    there: bool
    until: datetime | None = None
    """When they leave, if available. UTC."""
    next: datetime | None = None
    """When they are next available, if not now; None: not within `AHEAD_DAYS`, or unknown. UTC."""


def presence(company: Company, at: datetime, rep: Rep | None = None) -> Presence:
    """Whether this rep, or the company, is available at an instant (aware); if not, when next."""
    later = at + timedelta(days=AHEAD_DAYS)
    for begins, ends in shifts_between(company, at, later, rep):
        if begins <= at < ends:
            return Presence(True, until=ends)
        if begins > at:
            return Presence(False, next=begins)
    return Presence(False)


def is_open(company: Company, at: datetime) -> bool:
    """Whether anyone is available at an instant."""
    return presence(company, at).there


def shifts_between(
    company: Company, start: datetime, end: datetime, rep: Rep | None = None
) -> Iterator[Shift]:
    """The shifts that overlap a time range, in order."""
    if rep is None and not _states(company.hours):
        every = (s for r in company.team for s in shifts_between(company, start, end, r))
        yield from _joined(sorted(every))
        return
    zone = _zone(company, rep)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    each = (shift for day in days for shift in shifts(company, day, rep))
    yield from _joined(s for s in each if s[0] < end and s[1] > start)


def shifts(company: Company, day: date, rep: Rep | None = None) -> tuple[Shift, ...]:
    """UTC spans in which a rep, or the company by its own hours, is available on a local day."""
    if rep is not None and any(away.first <= day <= away.last for away in rep.away):
        return ()
    zone, hours = _zone(company, rep), (rep and rep.hours) or company.hours
    next_ = day + timedelta(days=1)
    found = (
        (instant(day, a, zone), instant(day if b > time.min else next_, b, zone))
        for a, b in spans(hours, day)
    )
    return tuple((begins, ends) for begins, ends in found if begins < ends)


def spans(hours: Hours, day: date) -> tuple[tuple[time, time], ...]:
    """Opening and closing times of one day, none on a holiday; in the zone of those hours.

    00:00 as the second is the midnight that ends the day.
    """
    if day in hours.closed_on or day in _holidays_of(hours, day):
        return ()
    return tuple((s.start, s.end) for s in hours.week.get(WEEK[day.weekday()], ()))


def closed_days(company: Company, at: datetime, days: int = 120) -> list[tuple[date, str]]:
    """Coming days on which the company is closed although it is a working weekday, and why."""
    hours, first = company.hours, local_day(company, at)
    every = (first + timedelta(days=n) for n in range(days))
    usual = (day for day in every if hours.week.get(WEEK[day.weekday()]))
    return [(day, _holidays_of(hours, day).get(day, "")) for day in usual if not spans(hours, day)]


def holidays_ahead(hours: Hours, day: date) -> list[tuple[date, str]]:
    """Public holidays these hours observe, by name, from a day to the end of the next year."""
    years = (_holidays(hours.holiday_country, hours.holiday_region, day.year + n) for n in (0, 1))
    return sorted((when, name) for year in years for when, name in year.items() if when >= day)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time as a UTC instant; a time that a clock change skips moves past the gap."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def local_day(company: Company, at: datetime) -> date:
    """The date at the company."""
    return at.astimezone(ZoneInfo(company.timezone)).date()


def _states(hours: Hours) -> bool:
    """Whether any hours are stated."""
    return any(hours.week.values())


def _zone(company: Company, rep: Rep | None) -> ZoneInfo:
    return ZoneInfo(rep.timezone if rep else company.timezone)


def _joined(every: Iterable[Shift]) -> Iterator[Shift]:
    """Shifts in order, with adjacent ones merged, also across midnight."""
    open_: Shift | None = None
    for begins, ends in every:
        if open_ and begins <= open_[1]:
            open_ = (open_[0], max(open_[1], ends))
            continue
        if open_:
            yield open_
        open_ = (begins, ends)
    if open_:
        yield open_


def _holidays_of(hours: Hours, day: date) -> Mapping[date, str]:
    """The public holidays of a day's year, if these hours observe them."""
    return _holidays(hours.holiday_country, hours.holiday_region, day.year)


@lru_cache(maxsize=64)
def _holidays(country: str | None, region: str | None, year: int) -> Mapping[date, str]:
    """Public holidays of a year by name, from the `holidays` package."""
    if country is None:
        return {}
    from holidays import country_holidays

    return MappingProxyType(dict(country_holidays(country, subdiv=region, years=year)))
