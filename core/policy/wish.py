"""When a caller would like to be called, and the call back the team can promise for it. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.conversation.dates import DAYS, spoken_day, times
from core.policy.hours import local_day, open_day
from knowledge.profile import Company

_LATEST = {"morning": 11, "noon": 12, "afternoon": 16, "evening": 18}
"""Hour from which that part of a day is no longer promised for the same day."""
_RANGE = re.compile(r"\b(?P<which>this|next) (?P<unit>week|month)\b")
_WITHIN = 14


@dataclass(frozen=True, slots=True)
class Promised:
    """A day, and how it is said with the wished part of it."""

    day: date
    spoken: str


def promised(company: Company, at: datetime, wish: str) -> Promised:
    """The first working day that fits the wish ("tomorrow morning", "this week", or nothing)."""
    today = local_day(company, at)
    named = [w for w in times(wish, today) if w.by is not None]
    span = _RANGE.search(wish)
    wanted = _first(span, today) if span else named[0].by if named else None
    rest = (wish[: named[0].start] + wish[named[0].end :]).strip() if named else wish
    part = next((p for p in _LATEST if re.search(rf"\b{p}\b", rest)), None)
    hour = at.astimezone(ZoneInfo(company.timezone)).hour
    chosen = open_day(company, at, wanted)
    if part and chosen == today and hour >= _LATEST[part]:
        chosen = open_day(company, at, today + timedelta(days=1))
    asked = wanted is None or span is not None or chosen == wanted
    return Promised(chosen, _spoken(chosen, today, rest if asked else ""))


def _first(span: re.Match[str], today: date) -> date:
    """The first day of the week or month that was named, or today within it."""
    if span["which"] == "this":
        return today
    if span["unit"] == "week":
        return today + timedelta(days=7 - today.weekday())
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _spoken(day: date, today: date, rest: str) -> str:
    said = spoken_day(day, today)
    if 6 < (day - today).days < _WITHIN:
        said = said.replace("on ", f"on {DAYS[day.weekday()].capitalize()}, ", 1)
    rest = re.sub(r"^(?:this|in the|tomorrow)\s+(?=morning|afternoon|evening)", "", rest)
    if said == "today" and re.match(r"morning|afternoon|evening", rest):
        said = "this"
    return " ".join(f"{said} {rest}".split())
