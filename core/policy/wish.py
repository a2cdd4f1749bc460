"""When a caller wants to be called, and the callback the team can promise. Pure.

A promise is a window in which somebody is available, in the caller's zone if known. It is said in
the caller's own words where they fit; otherwise, and whenever nobody is available now, with its
hours.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.conversation.understanding.times.wishes import AT_ONCE, COUNTED, wish_of
from core.conversation.words.clock_times import clock_times
from core.conversation.words.dates import DAYS, MONTHS, spoken_day, times
from core.conversation.words.numbers import numbers
from core.geography.zones import CallerZone, same_time, zone_name
from core.presence import AHEAD_DAYS, instant, presence, shifts_between
from core.scheduling.spoken import clock
from core.scheduling.wishes import Wish
from knowledge.profile import Company, Rep

_RANGE = re.compile(r"\b(?P<which>this|next) (?P<unit>week|month)\b")
_OF_A_MONTH = re.compile(
    r"(?:in |by |during |some ?time in |around |next )?(?P<part>(?:early|mid|late)[ -](?:in )?"
    r"|(?:the )?(?:end|beginning|start|middle|(?:first|second|third|fourth|last) week) of )?"
    rf"(?:{'|'.join(MONTHS)})|after (?:the )?(?:holidays|christmas|xmas|new year(?:'?s)?)"
)
"""A month without a day: a span, like "next week"."""
_BEGINS = (("late", 21), ("end", 21), ("last", 22), ("mid", 11), ("second", 9), ("third", 16),
           ("fourth", 23))  # fmt: skip
"""The first day of a part of a month."""
_WITHIN = 14
SAME_DAY = timedelta(hours=2)
"""A callback is promised for today only if somebody is available for at least this much longer."""
OF_A_WISH = timedelta(hours=1)
"""Least time left in a wished part of the day."""
AT_AN_HOUR = timedelta(minutes=30)
"""Length of the window when an hour was named."""
SAID = timedelta(hours=2)
"""Length of a window that is said with its hours."""
LEAST = timedelta(minutes=15)
"""Least time left in a shift for an immediate call."""
POLITE = time(8), time(21)
"""No call is promised outside these local hours of the buyer."""
_PARTS = {"half an": 0.5, "a quarter of an": 0.25, "an": 1, "a": 1}
SOON = "as soon as someone is in"


Unmet = Literal["", "hour", "day"]


@dataclass(frozen=True, slots=True)
class Promised:
    """A window and its spoken form. Instants are UTC; None where nobody's hours are known."""

    day: date
    """In the zone of the spoken form."""
    spoken: str
    start: datetime | None
    end: datetime | None
    zone: str
    away: str = ""
    """The window in the calling person's zone, in spoken form; empty if it is the same."""
    unmet: Unmet = ""
    """The part of the wish that could not be met."""


def promised(
    company: Company, at: datetime, wish: str, rep: Rep | None = None,
    caller: CallerZone | None = None,
) -> Promised:  # fmt: skip
    """The first window that fits the wish ("tomorrow morning", "this week", or nothing)."""
    own = caller.zone if caller else ZoneInfo(rep.timezone if rep else company.timezone)
    wish = _not_tonight(wish)
    if (made := _soon(company, at, wish, rep, own)) is not None:
        return made
    today = at.astimezone(own).date()
    named = [w for w in times(wish, today) if w.by is not None]
    span = _RANGE.search(wish)
    wanted = _first(span, today) if span else named[0].by if named else None
    month = _OF_A_MONTH.search(wish.lower()) if named else None
    month = month if month and month.end() == named[0].end else None
    if month is not None:
        span, wanted = month, _within(month, named[0].by)
    first = max(wanted or today, today)
    begins = min(month.start(), named[0].start) if month else named[0].start if named else 0
    rest = _ON.sub("", wish[:begins]) + wish[named[0].end :] if named else wish
    rest = rest.strip(" ,")
    bare = clock_times(rest.lower(), bare=named != [])
    if bare and bare[0].start == 0 and not rest.endswith("ish"):
        rest = f"at {rest}"  # "tomorrow ten"
    hours = wish_of(rest.lower(), today)
    rest = rest if hours else ""  # "january would be great"
    for who in (rep, None):
        found = _window(company, who, at, first, own, hours, polite=hours.at is None)
        if found is None:
            continue
        day = found[0].astimezone(own).date()
        here = hours.names_an_hour or presence(company, at, who).there
        if here and (not wanted or span or day == wanted):
            away = _away(found, own, who) if hours.names_an_hour else ""
            return Promised(day, _spoken(day, today, rest), *found, own.key, away)
    for who, polite in ((rep, True), (None, True), (rep, False), (None, False)):
        found = _window(company, who, at, first, own, Wish(), polite=polite)
        if found is None:
            continue
        day = found[0].astimezone(own).date()
        spoken, away = _spoken(day, today, ""), ""
        if hours.names_an_hour or not presence(company, at, who).there:
            found = _nearest(found, day, hours, own)
            spoken += _between(found, own, caller, rep.timezone if rep else company.timezone)
            away = _away(found, own, rep)
        other: Unmet = "day" if wanted and not span and day != wanted else ""
        soon = COUNTED.search(wish) or AT_ONCE.search(wish)
        other = other or ("hour" if hours.names_an_hour or soon else "")
        return Promised(day, spoken, *found, own.key, away, other)
    return Promised(first, SOON, None, None, own.key)


def _not_tonight(wish: str) -> str:
    """A wish with "tonight" rewritten as the evening of today."""
    if not re.search(r"\btonight\b", wish.lower()):
        return wish
    rest = re.sub(r"\s*\btonight\b\s*", " ", wish, flags=re.IGNORECASE).strip()
    return " ".join(f"today {rest} in the evening".split())


def _window(
    company: Company, rep: Rep | None, at: datetime, first: date, own: ZoneInfo, hours: Wish,
    *, polite: bool,
) -> tuple[datetime, datetime] | None:  # fmt: skip
    """The first window from a day on in which somebody is available and the wished hours hold.

    `polite`: limited to hours in which people may be called where they are.
    """
    for n in range(AHEAD_DAYS):
        day = first + timedelta(days=n)
        begins, ends, least = _hours(day, own, hours)
        same_day = at.astimezone(own).date() == day
        if same_day and not hours.names_an_hour:
            least = max(least, SAME_DAY)
        for shift in shifts_between(company, begins, ends, rep):
            start, end = max(shift[0], begins, at), min(shift[1], ends)
            if polite:
                first_at, last_at = _polite(begins, own)
                start, end = max(start, first_at), min(end, last_at)
            if end - start >= least:
                return start, end
    return None


def _nearest(
    window: tuple[datetime, datetime], day: date, hours: Wish, own: ZoneInfo
) -> tuple[datetime, datetime]:
    """The part of a window nearest to the wished hour: its end for "at eight in the evening"."""
    start, end = window
    wished = hours.at or hours.earliest
    if wished is not None and instant(day, wished, own) >= end - SAID:
        return max(start, end - SAID), end
    return start, min(end, start + SAID)


def _soon(
    company: Company, at: datetime, wish: str, rep: Rep | None, own: ZoneInfo
) -> Promised | None:
    """A call counted in minutes or hours from now ("in ten minutes"), if somebody is available."""
    if (match := COUNTED.search(wish)) is not None:
        words = match.group()
        found = numbers(match["n"])
        count = _PARTS.get(match["n"]) or (found[0].high or found[0].low if found else None)
        after = timedelta(minutes=float(count or 0) * (60 if match["unit"] == "hour" else 1))
        if not count or after > timedelta(hours=12):
            return None
    elif AT_ONCE.search(wish):
        words, after = "right away", timedelta(0)
    else:
        return None
    start = at + after
    for who in (rep, None):
        until = presence(company, start, who).until
        if until is not None and start + LEAST <= min(until, _polite(start, own)[1]):
            end = min(start + AT_AN_HOUR, until)
            return Promised(start.astimezone(own).date(), words, start, end, own.key)
    return None


def _polite(at: datetime, own: ZoneInfo) -> tuple[datetime, datetime]:
    """When the caller may be called on that local day."""
    day = at.astimezone(own).date()
    first, last = (instant(day, limit, own) for limit in POLITE)
    return first, last


def _away(window: tuple[datetime, datetime], own: ZoneInfo, rep: Rep | None) -> str:
    """The hours of a window in the rep's zone, unless it is the caller's."""
    if rep is None or same_time(own, ZoneInfo(rep.timezone), window[0]):
        return ""
    start, end = (t.astimezone(ZoneInfo(rep.timezone)) for t in window)
    first, last = clock(start), clock(end)
    if first[-2:] == last[-2:]:
        first = first[:-3]
    return f"{first} to {last} for {rep.name.split()[0]}"


def _hours(day: date, own: ZoneInfo, hours: Wish) -> tuple[datetime, datetime, timedelta]:
    """The wished span of a local day, and how much of it must be left."""
    if hours.at is not None:
        begins = instant(day, hours.at, own)
        return begins, begins + AT_AN_HOUR, AT_AN_HOUR
    begins = instant(day, hours.earliest or time(0), own)
    if hours.latest is not None:
        ends = instant(day, hours.latest, own)
        odd = timedelta(minutes=ends.minute % 5)  # "around three" includes half past
        return begins, ends - odd, OF_A_WISH
    midnight = instant(day + timedelta(days=1), time(0), own)
    return begins, midnight, OF_A_WISH if hours.names_an_hour else timedelta(minutes=1)


def _between(
    window: tuple[datetime, datetime], own: ZoneInfo, caller: CallerZone | None, theirs: str
) -> str:
    """The hours of a window in the caller's zone, which is named unless everyone shares it."""
    start, end = (t.astimezone(own) for t in window)
    said = f" between {clock(start)} and {clock(end)}"
    if caller is None:
        return f"{said} {zone_name(theirs)}"
    if not caller.sure:
        return f"{said} {zone_name(caller.name)}"
    return said if same_time(own, ZoneInfo(theirs), window[0]) else f"{said} your time"


def _within(month: re.Match[str], last: date | None) -> date | None:
    """The first day of the named part of a month; `last`: the last day it can mean."""
    if last is None:
        return None
    if month.group().startswith("after"):
        return last.replace(month=1, day=1)
    part = (month["part"] or "").removeprefix("the ")
    return last.replace(day=next((day for word, day in _BEGINS if part.startswith(word)), 1))


def _first(span: re.Match[str], today: date) -> date:
    """The first day of the named week or month, or today if within it."""
    if span["which"] == "this":
        return today
    if span["unit"] == "week":
        return today + timedelta(days=7 - today.weekday())
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


_ON = re.compile(r"\b(?:on|for)\s*$")
"""Just before a day: it goes with it."""
_OWN_WORDS = re.compile(r"[.?!]|\b(?:i|i'm|we|we're|our|my|it|it's|they|you)\b")
"""What we would not repeat to a caller: "our next one lands"."""


def _spoken(day: date, today: date, rest: str) -> str:
    said = spoken_day(day, today)
    if 6 < (day - today).days < _WITHIN:
        said = said.replace("on ", f"on {DAYS[day.weekday()].capitalize()}, ", 1)
    rest = "" if _OWN_WORDS.search(rest.lower()) else rest
    rest = re.sub(r"^(?:this|in the|tomorrow)\s+(?=morning|afternoon|evening)", "", rest)
    rest = re.sub(r"^((?:morn|even)ing|afternoon)s(?: .*)?$", r"\1", rest)  # "mornings are best"
    if said == "today" and re.match(r"morning|afternoon|evening", rest):
        said = "this"
    if rest.startswith("not "):
        said += ","
    if said[-1].isdigit() and re.match(r"morning|afternoon|evening", rest):
        rest = f"in the {rest}"
    return " ".join(f"{said} {rest}".split())
