"""Spoken business hours: "Monday to Thursday from 8 AM to 7 PM". Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby

from core.conversation.words.dates import DAYS
from core.enumeration import listed
from core.geography.zones import zone_name
from core.presence import WEEK, spans
from core.scheduling.spoken import clock
from knowledge.profile import Company

Spans = tuple[tuple[time, time], ...]


def said_week(company: Company) -> str:
    """The hours of an ordinary week in the company's zone, with days of equal hours grouped."""
    week = [
        (n, tuple((s.start, s.end) for s in company.hours.week.get(day, ())))
        for n, day in enumerate(WEEK)
    ]
    runs = [(hours, [n for n, _ in same]) for hours, same in groupby(week, key=lambda d: d[1])]
    said = [f"{_days(days)} {_hours(hours)}" for hours, days in runs if hours]
    return f"{listed(said)} {zone_name(company.timezone)}"


def said_on(company: Company, day: date) -> str:
    """The hours of one day, with holidays; empty if nobody is available."""
    hours: Spans = spans(company.hours, day)
    return f"{_hours(hours)} {zone_name(company.timezone)}" if hours else ""


def _days(days: Sequence[int]) -> str:
    first, last = (DAYS[n].capitalize() for n in (days[0], days[-1]))
    if len(days) == 1:
        return first
    return f"{first} {'and' if len(days) == 2 else 'to'} {last}"


def _hours(hours: Spans) -> str:
    if hours == ((time.min, time.min),):
        return "around the clock"
    return listed([f"from {_clock(a)} to {_clock(b)}" for a, b in hours])


def _clock(at: time) -> str:
    return clock(datetime.combine(date.min, at)) if at > time.min else "midnight"
