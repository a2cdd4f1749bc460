"""Which offered times some words pick: "the first one", "the earlier", "either". Pure.

A recogniser may hear "the furst won".
"""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.conversation.words.dates import MONTHS
from core.scheduling.slots import Slot
from core.scheduling.wishes import Wish, fitting
from knowledge.leading import lead_with

SHORT = 8
"""Most words of a turn with a time that is about the time, when times were just offered."""


def brief(text: str) -> bool:
    """Whether a turn says little more than a time: "as soon as possible" may be a project's."""
    return len(text.split()) <= SHORT


_NO_DATE = "".join(rf"(?<!\b{month} )(?<!\b{month} the )" for month in MONTHS)


def _nth(words: str, number: str) -> re.Pattern[str]:
    """An ordinal that picks one of a few times, rather than "a second" or "first of all"."""
    named = rf"{_NO_DATE}\b(?:the |your )?(?:{words})"
    return re.compile(
        rf"{named} (?:one|won|option|slot|time|choice|thing you (?:said|had))\b"
        rf"|\bthe (?:{words})[ .!]*$"
        rf"|{named}(?= (?:works|is|would|please|sounds|suits))|^(?:{words})[ .!]*$"
        rf"|(?:\b(?:option|number) |#)(?:{number})\b"
    )


NTH = (
    (_nth("first|furst|1st|former", "one|won|1|a"), 0),
    (_nth("second|2nd|middle", r"two|to(?! \w)|too|2|b"), 1),
    (_nth("third|3rd", "three|3|c"), 2),
    (re.compile(r"\b(?:the )?(?:last|latter|latest)(?: (?:one|won|option|slot|time)\b|$)"), -1),
)
NUMBERED = re.compile(
    r"\b(?:first|furst|second|third|last|former|latter|other|earlier|sooner|later|that|this|which)"
    r" (?:one|won|option|slot|time|choice|thing you (?:said|had))\b"
    r"|\bone of (?:the|these|those|them|your)\b"
)
"""Where "one" is not an hour."""
DAY_ONE = re.compile(
    r"(\b(?:the|that|your) (?:(?:next|this|early|late|same) )?(?:(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day|tomorrow|today)(?:'s)?(?: morning| afternoon)?|\bthe (?:morning|afternoon))"
    r" one\b(?! (?:thirty|fifteen|o'?clock|pm|p m))"
)
"""Where "one" is the offered time of that day, not an hour: "the tuesday one"."""
_EARLIER = re.compile(
    r"\b(?:the )?(?:earlier|earliest|sooner|soonest)(?: (?:one|time|slot))?\b"
    r"|\bthe early (?:one|time|slot)\b|\bas early as (?:you can|possible)\b"
    r"|\b(?:whatever|whichever)(?:'s| is| you have| you've got| comes) (?:up )?first\b"
)
_LATER = re.compile(
    r"(?<!hour )(?<!hours )\b(?:the )?later(?: (?:one|won|time|slot))?\b(?! (?:this|next|in|on"
    r"|date|day|stage|point))|\bthe late (?:one|time|slot)\b|\bas late as (?:you can|possible)\b"
)
LATER_THEN = re.compile(
    r"(?:\b(?:cool|aight|a'ight|alright|all right|right|great|awesome|sweet|perfect|thanks"
    r"|thank you|cheers|peace|bet|talk|(?:catch|see) (?:you|ya|u))[,. ]+)"
    r"(?:(?:man|dude|buddy|then)[,. ]+)?laters?(?:[, ]+(?:man|dude|buddy|mate))?[.! ]*$"
)
"""A goodbye, rather than one of two times: "cool, later"."""
_EITHER = re.compile(
    r"\b(?:any(?: one)? of (?:them|those|these)|either(?: one)?(?: (?:of them|works|is))?"
    r"|whichever|what(?:ever|ever time) (?:works|suits|is)"
    r"|whenever(?:(?:'s| is| works| suits)(?: \w+)*| you (?:can|like|want|have time|are free))?"
    r"(?= *[.!]*$)|(?:doesn't|does not) matter|both (?:work|are)"
    r"|you (?:pick|choose|decide)|your (?:pick|choice|call)|dealer's choice|up to you"
    r"|all of (?:them|those) work|(?:they|those|these)(?:'re| are)? all (?:work|fine|good|okay)"
    r"|any(?:thing| ?time| ?day| of (?:them|those|these))?"
    r"(?: (?:works?|is (?:fine|good|okay)))?(?= for (?:me|us)| *[.!]*$)"
    r"|(?:don't|do not) (?:care|mind)(?= which| *[.!]*$)|i'm (?:flexible|easy)|surprise me"
    r"|no preference)\b"
)
_PASSED = re.compile(r"\b(?:not|but|except)(?: for)? $")


def _passed(before: str) -> bool:
    """Whether an offered time is declined: "not the first"."""
    return _PASSED.search(before) is not None


NEITHER = re.compile(
    r"\b(?:neither|none of (?:them|those|these)|not (?:any|one) of|no(?:ne)? (?:work|fit|suit)s?"
    r"|(?:they|those|that|these|it) (?:don't|doesn't|do not|won't|wouldn't) (?:work|fit|suit)"
    r"|(?:can't|cannot|couldn't) (?:really )?(?:do|make|manage|take) (?:those|them|any|either|that"
    r"|these)"
    r"|first two (?:don't|do not|won't) (?:work|fit|suit)"
    r"|what else (?:you|ya|have you) got"
    r"|(?:something|anything) else|other (?:times|options|slots)"
    r"|what else(?: (?:do you have|is there|have you)|(?= *[?.]*$)))\b"
)
SUITS = re.compile(
    r"\b(?:works?|suits|is (?:good|fine|great|perfect|best|okay|ok)|would (?:work|suit|be"
    r" (?:good|fine|great|best))|let's (?:do|take|say|go (?:with|for))|i'll take|we'll take)\b"
)
"""Next to a day, a choice of times offered some turns ago."""


def speaks_of_one(text: str) -> bool:
    """Whether words return to offered times, however much was said since."""
    nth = any(pattern.search(text) for pattern, _ in NTH)
    return bool(nth or SUITS.search(text) or DAY_ONE.search(text) or _ONE_OF.search(text))


_ONE_OF = re.compile(r"\b(?:earlier|later|other) (?:one|time|slot)\b")
TAKES_IT = re.compile(
    lead_with("yes", "yeah", "yep", "yup", "sure", "great", "fine", "perfect")
    + r"(?:(?:that|it|this|one of (?:those|them)|those)"
    r"(?:'s| is| would be| will be|'d be|'ll be)? ?"
    r"(?:works?|suits|(?:fine|good|great|okay|perfect)(?= (?:for|by|with) (?:me|us)))"
    r"|works for (?:me|us)|(?:let's|i'll|we'll|you can) (?:do|take|book|go (?:with|for))"
    r" (?:it|that|this|one|one of (?:those|them)|the (?:meeting|call|visit|demo))"
    r"|(?:that|it)? ?sounds (?:good|great|fine|perfect))(?: (?:for|with|by) (?:me|us))?"
    r"(?: (?:then|thanks|yeah))?[ .!]*$"
)
"""A yes to times that were offered before another subject came up."""


def picked_of(
    text: str, offered: Sequence[Slot], wish: Wish, zone: ZoneInfo, rep_zone: ZoneInfo
) -> tuple[Slot, ...]:
    """The offered times that the words fit: one is chosen, several are to be told apart."""
    found = {n: m.start() for pattern, n in NTH if (m := pattern.search(text))}
    passed = {offered[n].id for n, at in found.items() if n < len(offered) and _passed(text[:at])}
    left = tuple(slot for slot in offered if slot.id not in passed)
    if _EITHER.search(text) and not NEITHER.search(text):
        return (*(fitting(left, wish, zone) if wish.names_a_time else ()), *left)[:1]
    if passed:
        return left
    if len(found) == 1 and (n := next(iter(found))) < len(offered):
        return (offered[n],)
    if wish.names_a_time:
        zones = (zone, rep_zone) if _THEIR_TIME.search(text) or not wish.at else (zone,)
        for own in zones:
            if fits := fitting(offered, wish, own):
                chosen = len(fits) > 1 or len(offered) == 1 or not _loose(text, wish)
                return tuple(_narrowed(text, fits)) if chosen else ()
        return ()
    if NEITHER.search(text):
        return ()
    if (wish.soonest and brief(text)) or _EARLIER.search(text):
        return (offered[0],)
    return (offered[-1],) if _LATER.search(text) and len(offered) > 1 else ()


_THEIR_TIME = re.compile(r"\b(?:your|his|her|their|\w+'s) time\b")
"""Next to an hour: the rep's."""


def _loose(text: str, wish: Wish) -> bool:
    """Whether words only describe a time: "later this week", "after ten"."""
    bounds = not wish.days and wish.at is None and _BOUND.search(text) is not None
    return bounds or (wish.at is None and len(wish.days) > _A_DAY)


_BOUND = re.compile(r"\b(?:after|before|past|earlier than|later than|until|till|from)\b")
_A_DAY = 2
"""Most days that name a time rather than a stretch: "Tuesday or Wednesday"."""


def _narrowed(text: str, fits: list[Slot]) -> list[Slot]:
    """One of several that fit, as in `the later one on Thursday`."""
    if len(fits) > 1 and _LATER.search(text):
        return fits[-1:]
    if len(fits) > 1 and _EARLIER.search(text):
        return fits[:1]
    return fits
