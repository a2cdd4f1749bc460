"""When a rep works: hours in their own zone, their holidays, the days they are away. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.policy.hours import spans
from knowledge.profile import Company, Rep


def shifts(rep: Rep, company: Company, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """UTC spans in which a rep works on a day of their own zone; none when off or away."""
    if any(away.first <= day <= away.last for away in rep.away):
        return ()
    zone = ZoneInfo(rep.timezone)
    return tuple(
        (instant(day, start, zone), instant(day, end, zone))
        for start, end in spans(rep.hours or company.hours, day)
    )


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time as a UTC instant; one that a clock change skips moves past the gap."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def at_work(rep: Rep, company: Company, at: datetime) -> bool:
    """Whether a rep is working at an instant (aware)."""
    day = at.astimezone(ZoneInfo(rep.timezone)).date()
    return any(start <= at < end for start, end in shifts(rep, company, day))


def shifts_between(
    rep: Rep, company: Company, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """A rep's shifts that touch a stretch of time, in order."""
    zone = ZoneInfo(rep.timezone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        for begins, ends in shifts(rep, company, day):
            if begins < end and ends > start:
                yield begins, ends
        day += timedelta(days=1)
