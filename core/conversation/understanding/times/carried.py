"""A wish for another time, relative to the meeting it moves. Pure."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.conversation.state import replace
from core.conversation.understanding.times.wishes import how_many
from core.scheduling.board import Booking
from core.scheduling.wishes import Wish


def carried(text: str, wish: Wish, moving: Booking, zone: ZoneInfo) -> Wish:
    """A wish relative to the meeting it moves: "push it by a week", "next Friday, same time"."""
    own = moving.start.astimezone(zone)
    wish = _of_its_week(text, wish, own.date())
    if match := _BY.search(text):
        days = how_many(match["n"] or match["n2"]) * (7 if "week" in match.group() else 1)
        wish = replace(wish, days=frozenset({own.date() + timedelta(days=days)}))
    elif not (wish.days and SAME.search(text)):
        return wish
    return wish if wish.names_an_hour else replace(wish, at=own.time())


def _of_its_week(text: str, wish: Wish, own: date) -> Wish:
    """A bare weekday is in the meeting's week: "tuesday instead" of Monday week."""
    if not _BARE_DAY.search(text) or len(wish.days) != 1:
        return wish
    (day,) = wish.days
    weeks = (own - timedelta(days=own.weekday()) - (day - timedelta(days=day.weekday()))).days // 7
    return replace(wish, days=frozenset({day + timedelta(weeks=weeks)})) if weeks > 0 else wish


_BARE_DAY = re.compile(
    r"(?<!this )(?<!next )(?<!coming )(?<!week )\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"(?! (?:this|next) week|,? \d| the \d)"
)
_BY = re.compile(
    r"\b(?:by|back|out|on|forward) (?P<n>an?|one|two|three|\d) (?:day|week)s?\b"
    r"|\b(?P<n2>an?|one|two|three|\d) (?:day|week)s? (?:later|further|back|on)\b"
)
SAME = re.compile(r"\bsame (?:time|hour|slot)\b")


def of_the_offered(wish: Wish, offered: set[date]) -> Wish:
    """A bare weekday on which later times are on offer means that day: "Thursday at ten" of next
    week's offer."""
    named = {d for d in offered if any(d > w and d.weekday() == w.weekday() for w in wish.days)}
    alone = len(wish.days) == 1 and len(named) == 1 and not wish.days & offered
    return replace(wish, days=frozenset(named)) if alone else wish
