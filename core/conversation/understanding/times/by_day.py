"""A meeting called off or missed by the name of its day: "please cancel Wednesday". Pure."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from core.conversation.understanding.times.wishes import wish_of
from core.scheduling.board import Booking

_DAY = (
    r"(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today)"
    r"(?='s (?:meeting|call|demo|appointment|session|chat)\b|\W*$|[.,;!?]| (?:after all|any ?more"
    r"|because|so|but|and|as|please|sorry|now|i|we|something|at|unfortunately|with \w+\W*$|then"
    r"|for now)\b)"
)
"""Unlike that of "cancel friday deliveries"."""
CANCELS = re.compile(
    r"(?<!do you )(?<!do they )(?<!do i )(?<!do we )(?<!they )(?<!may )(?<!might )(?<!has to )"
    rf"(?<!wants to )(?<!needs to )\bcancel (?:on )?{_DAY}"
)
MISSES = re.compile(rf"\b(?:can't|cannot|won't be able to|am not able to) make {_DAY}")


def by_day(
    pattern: re.Pattern[str], text: str, meeting: Booking | None, today: date, zone: ZoneInfo
) -> re.Match[str] | None:
    """Where words call off or miss the day of a meeting; another day is somebody else's matter."""
    match = pattern.search(text)
    if match is None or meeting is None:
        return match
    days = wish_of(match["day"], today).days
    own = meeting.start.astimezone(zone).date()
    named = own in days or (match["day"] not in ("today", "tomorrow") and own.weekday() in
                            {d.weekday() for d in days})  # fmt: skip
    return match if named else None
