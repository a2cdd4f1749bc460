"""May the AI dial this number now? Pure; every refusal has a reason and says when to ask again.

Law as rules: a consent event that names the seller, the do-not-call list, calling hours by the
called number and by the place they named (both must allow it), and few, widely spaced attempts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as number_zones

from core.callbacks.record import UNDER_WAY, Promise
from core.caller_id import e164
from knowledge.profile import Company

EARLIEST, LATEST = time(8), time(21)
"""Local time of the called party; a company may narrow these hours, never widen them."""
STEP = timedelta(minutes=15)
LOST = timedelta(minutes=5)
"""A call that is still unanswered after this is no longer in progress."""
LONGEST = timedelta(hours=4)
"""The same for an answered call."""

Reason = Literal[
    "off", "no-consent", "consent-names-nobody", "do-not-call", "no-number", "over", "claimed",
    "attempts-used", "under-way", "too-soon", "before-window", "after-window", "zone-unknown",
    "hours", "holiday",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class May:
    """The number may be dialled now."""


@dataclass(frozen=True, slots=True)
class Not:
    """It may not. `again`: when to ask again; None: never, so a person has to call."""

    reason: Reason
    again: datetime | None = None


def may_dial(promise: Promise, now: datetime, company: Company, *, barred: bool) -> May | Not:
    """Whether the agent may call now. `barred`: the number is on the do-not-call list."""
    for reason in (_standing(promise, company, barred), _permitted(promise, company)):
        if reason is not None:
            return Not(reason)
    if (later := _apart(promise, now, company)) is not None:
        waits = later.reason == "under-way" or later.again is None or later.again < promise.end
        return later if waits else Not("after-window")
    zones = zones_of(promise)
    if not zones:
        return Not("zone-unknown")
    if now >= promise.end:
        return Not("after-window")
    if now < promise.start:
        return Not("before-window", promise.start)
    why = _hour(promise, now, zones, company)
    if why is None:
        return May()
    fits = (t for t in _later(now, promise.end) if _hour(promise, t, zones, company) is None)
    return Not(why, next(fits, None))


def zones_of(promise: Promise) -> tuple[ZoneInfo, ...]:
    """Every time zone the called party may be in: all those of their number, and the stated one."""
    found = number_zones.time_zones_for_number(phonenumbers.parse(promise.number))
    names = [name for name in found if name != "Etc/Unknown"]
    if not names:
        return ()
    return tuple(
        ZoneInfo(n) for n in dict.fromkeys((*names, *([promise.zone] * bool(promise.zone))))
    )


def _standing(promise: Promise, company: Company, barred: bool) -> Reason | None:
    if not company.callbacks.ai_calls:
        return "off"
    if promise.over:
        return "over"
    if promise.claimed_by or promise.handed_on:
        return "claimed"
    if barred:
        return "do-not-call"
    if not e164(promise.number) or promise.number in company.numbers:
        return "no-number"
    return None


def _permitted(promise: Promise, company: Company) -> Reason | None:
    consent = promise.consent
    if consent.state != "given" or not consent.words.strip():
        return "no-consent"
    if company.name.lower() not in consent.question.lower():
        return "consent-names-nobody"
    return None


def _apart(promise: Promise, now: datetime, company: Company) -> Not | None:
    """Earlier attempts: not too many, not too recent, not at the same time of day."""
    if len(promise.tried) >= company.callbacks.attempts:
        return Not("attempts-used")
    for tried in promise.tried:
        over = tried.at + (LONGEST if tried.status == "answered" else LOST)
        if tried.status in UNDER_WAY and now < over:
            return Not("under-way", min(over, now + LOST))
    spacing = timedelta(minutes=company.callbacks.spacing_minutes)
    last = max((t.at for t in promise.tried), default=None)
    if last is not None and now < last + spacing:
        return Not("too-soon", last + spacing)
    return None


def _hour(
    promise: Promise, at: datetime, zones: tuple[ZoneInfo, ...], company: Company
) -> Reason | None:
    """Why not at this instant: it must be an allowed hour of an allowed day in every zone."""
    rules = company.callbacks
    for zone in zones:
        local = at.astimezone(zone)
        if not max(rules.earliest, EARLIEST) <= local.time() < min(rules.latest, LATEST):
            return "hours"
    region = phonenumbers.region_code_for_number(phonenumbers.parse(promise.number))
    days = {at.astimezone(zone).date() for zone in zones}
    if not rules.on_holidays and any(day in _holidays(region, day.year) for day in days):
        return "holiday"
    return None


def _later(now: datetime, end: datetime) -> Iterator[datetime]:
    """The remaining quarter hours."""
    at = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + STEP
    while at < end:
        yield at
        at += STEP


@lru_cache(maxsize=64)
def _holidays(country: str | None, year: int) -> frozenset[object]:
    """Public holidays of a country; empty if unknown."""
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country or "", years=year))
    except NotImplementedError:
        return frozenset()
