"""Time phrases to dates, by code and never by a model: "the end of the quarter" on a given day."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.conversation.numbers import numbers

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "one": 1, "two": 2, "three": 3,
            "four": 4, "1": 1, "2": 2, "3": 3, "4": 4}  # fmt: skip
SEASONS = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11}
"""Month by whose end the season is over (northern)."""


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of text that names a day; `by` is the last day it can mean. `open`: no date set."""

    by: date | None
    start: int
    end: int

    @property
    def open(self) -> bool:
        return self.by is None


def month_end(year: int, month: int) -> date:
    """The last day of a month; months past December run into the next years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=1)


def quarter_end(day: date, ahead: int = 0) -> date:
    """The last day of the calendar quarter `ahead` quarters after the day's own."""
    return month_end(day.year, ((day.month - 1) // 3 + 1 + ahead) * 3)


def _week_end(day: date, ahead: int) -> date:
    return day + timedelta(days=6 - day.weekday() + 7 * ahead)


def _in_units(match: re.Match[str], day: date) -> date | None:
    found = numbers(match["n"].replace("couple of", "couple"))
    bounds = [x for n in found[:1] for x in (n.high, n.low) if x is not None]
    count = bounds[0] if bounds else 1
    if not found and match["n"] not in ("a", "an", "one", "the next", "next"):
        return None
    return day + timedelta(days=int(count * UNIT_DAYS[match["unit"]])) if count < 400 else None


def _month(match: re.Match[str], day: date) -> date | None:
    month = MONTHS.index(match["month"]) + 1
    year = day.year + (1 if month < day.month else 0)
    part = match["part"] or ""
    if "early" in part or "beginning" in part or "start" in part:
        return date(year, month, 10)
    return month_end(year, month)


def _weekday(match: re.Match[str], day: date) -> date:
    ahead = (DAYS.index(match["day"]) - day.weekday()) % 7 or 7
    extra = 7 if match["which"] == "next " and ahead + day.weekday() < 7 else 0
    return day + timedelta(days=ahead + extra)


def _quarter(match: re.Match[str], day: date) -> date:
    number = QUARTERS[match["q"] or match["q2"]]
    end = month_end(day.year, number * 3)
    return end if end >= day else month_end(day.year + 1, number * 3)


def _season(match: re.Match[str], day: date) -> date:
    end = month_end(day.year, SEASONS[match["season"]])
    return end if end >= day else month_end(day.year + 1, SEASONS[match["season"]])


_N = r"(?P<n>an?|one|the next|next|(?:a |the next |about |another )*[a-z]+(?: of)?|\d+|"
_N += r"[a-z\d]+ (?:to|or) [a-z\d]+)"
_END = r"(?:the )?end (?:of|off|a|or) "
"""A recogniser may hear "of" as another small word."""
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]


def _rule(pattern: str, resolve: Callable[[re.Match[str], date], date | None]) -> Rule:
    return re.compile(r"\b(?:" + pattern + r")\b"), resolve


RULES: tuple[Rule, ...] = (
    _rule(
        r"no (?:rush|hurry|timeline|deadline|real timeline|specific timeline|set date|fixed date)"
        r"|not (?:for a while|any time soon|anytime soon|in a hurry|urgent)|some ?day"
        r"|just (?:looking|browsing|exploring|researching)(?: around)?|(?:no|haven't) decided when"
        r"|don't have a (?:timeline|deadline|date)|whenever",
        lambda m, d: None,
    ),
    _rule(
        r"as soon as (?:possible|we can)|asap|right away|immediately|straight away|yesterday"
        r"|right now|urgent(?:ly)?|today",
        lambda m, d: d,
    ),
    _rule(r"tomorrow", lambda m, d: d + timedelta(days=1)),
    _rule(
        r"(?:in|within|over|for)(?: the)?(?: next| about| maybe| like| roughly)* "
        + _N + r" (?P<unit>day|week|month|quarter|year)s?(?: from now| or so| time)?"
        r"|(?:the )?(?:next|coming) (?P<n2>few|couple of|couple) (?P<unit2>day|week|month|year)s",
        lambda m, d: _in_units(m, d) if m["n"] else d + timedelta(
            days=(3 if m["n2"] == "few" else 2) * UNIT_DAYS[m["unit2"]]),
    ),
    _rule(r"(?:by |before )?" + _END + r"(?:the |this )?year|this year|year end",
          lambda m, d: date(d.year, 12, 31)),
    _rule(_END + r"(?:the |this )?quarter|this quarter", lambda m, d: quarter_end(d)),
    _rule(_END + r"next quarter|next quarter", lambda m, d: quarter_end(d, 1)),
    _rule(r"early next year|(?:the )?(?:new year|beginning of (?:the |next )year"
          r"|start of (?:the |next )year)", lambda m, d: date(d.year + 1, 2, 28)),
    _rule(r"(?:some ?time )?next year", lambda m, d: date(d.year + 1, 12, 31)),
    _rule(_END + r"(?:the |this )?month|this month",
          lambda m, d: month_end(d.year, d.month)),
    _rule(_END + r"next month|next month", lambda m, d: month_end(d.year, d.month + 1)),
    _rule(_END + r"(?:the |this )?week|this week", lambda m, d: _week_end(d, 0)),
    _rule(r"next week", lambda m, d: _week_end(d, 1)),
    _rule(r"q ?(?P<q>[1-4]|one|two|three|four)|(?P<q2>first|second|third|fourth) quarter",
          _quarter),
    _rule(r"(?:this |next |the |in |by )(?P<season>spring|summer|fall|autumn)", _season),
    _rule(
        r"(?P<part>early |mid |late |(?:the )?(?:end|beginning|start|middle) (?:of|off|a|or) )?"
        r"(?P<month>" + "|".join(m for m in MONTHS if m not in ("march", "may")) + r")",
        _month),
    _rule(r"(?P<part>(?:the )?(?:end|beginning|start|middle) (?:of|off|a|or) |early |late )"
          r"(?P<month>march|may)",
          _month),
    _rule(r"(?:in|by|next|this|until|before) (?P<part>)(?P<month>march|may)", _month),
    _rule(r"(?P<which>next |this |on |by )?(?P<day>" + "|".join(DAYS) + r")", _weekday),
)  # fmt: skip


def times(text: str, day: date) -> list[When]:
    """Every time phrase in lower-case text, resolved on `day`; earlier rules win over later."""
    found: list[When] = []
    for pattern, resolve in RULES:
        for match in pattern.finditer(text):
            if any(w.start < match.end() and match.start() < w.end for w in found):
                continue
            by = resolve(match, day)
            if by is not None or pattern is RULES[0][0]:
                found.append(When(by, match.start(), match.end()))
    return sorted(found, key=lambda w: w.start)


def spoken_day(day: date, today: date) -> str:
    """A date as one says it on the phone: "today", "tomorrow", "on Monday", "on June 3"."""
    ahead = (day - today).days
    if ahead == 0:
        return "today"
    if ahead == 1:
        return "tomorrow"
    if 1 < ahead < 7:
        return f"on {DAYS[day.weekday()].capitalize()}"
    return f"on {MONTHS[day.month - 1].capitalize()} {day.day}"
