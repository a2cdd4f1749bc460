"""Times that lie beyond those on offer, or beyond the calendar: "after the holidays". Pure."""

import re
from datetime import date, timedelta

from core.conversation.understanding.times.picking import brief
from core.conversation.understanding.times.wishes import refused
from core.conversation.words.dates import times
from core.scheduling.wishes import Wish


def much_later(text: str, today: date) -> bool:
    """Whether a short turn only names a time that no offered day is near to."""
    named = [w for w in times(text, today) if w.by is not None]
    if not named or not brief(text):
        return False
    rest = text[: named[0].start] + " " + text[named[0].end :]
    only = _OF_A_TIME.issuperset(re.findall(r"[a-z']+|\d+", rest))
    return only and not any(refused(text, w.start, w.end) for w in named)


_OF_A_TIME = frozenset(
    "how what about sometime some time in the after before of week first second third last early"
    " late mid more like rather not until till probably would be great good better best works work"
    " is for me us ok okay then let's say do please i'd prefer around um uh".split()
)
"""Words beside a month that say nothing else than when."""


def later_than(when: str, wish: Wish, today: date, last: date) -> bool:
    """Whether the words say a time after a day; `wish`: what was read from them."""
    if wish.days:
        return min(wish.days) > last
    named = [w for w in times(when.lower(), today) if _ALONE.match(when, w.end)]
    ends = [w.by for w in named if w.by is not None]
    return bool(ends) and min(ends) - _A_MONTH > last


_A_MONTH = timedelta(days=30)
"""The longest stretch that words name by its last day: "in January"."""
_ALONE = re.compile(r"\s*(?:$|[,.;!?]|(?:at|if|in the|instead|is|or|please|then|works?|would)\b)")
"""After a time that is part of no name: unlike the season in "Fall River"."""
