"""`voice-agent check` of working days: the holidays that follow from `holiday_country`."""

from collections.abc import Iterator
from datetime import date

from core.presence import holidays_ahead
from knowledge.profile import Company, Hours

SHOWN = 3
"""Holidays listed."""


def closed(company: Company, today: date) -> Iterator[str]:
    """The next holidays of each calendar in use, with whose hours they apply to."""
    calendars: dict[tuple[str | None, str | None], tuple[Hours, list[str]]] = {}
    of_whom = [("the company", company.hours), *((r.id, r.hours) for r in company.team if r.hours)]
    for who, hours in of_whom:
        if hours is not None:
            key = (hours.holiday_country, hours.holiday_region)
            calendars.setdefault(key, (hours, []))[1].append(who)
    for (country, region), (hours, people) in calendars.items():
        whose = ", ".join(people)
        if country is None:
            yield f"holidays of {whose}: none (`holiday_country`, `closed_on`)"
            continue
        days = ", ".join(f"{d} {name}" for d, name in holidays_ahead(hours, today)[:SHOWN])
        there = f"{country} {region}" if region else f"{country}, those of the whole country"
        yield f"holidays of {whose} ({there}): {days}"
