"""Times of day as said or misheard: "two thirty", "half past four", "3 pm". Pure."""

import re
from dataclasses import dataclass
from datetime import time

from core.conversation.words.phone import DIGITS

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_LATE = {
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "twenty one": 21,
}  # fmt: skip
"""Hours of a clock of 24, as they are said."""
_MISHEARD = {"won": 1, "to": 2, "too": 2, "for": 4, "fore": 4, "ate": 8, "tent": 10}
"""What a recogniser makes of an hour; used only where nothing but an hour can stand."""
_MINUTES = {
    "thirty": 30, "fifteen": 15, "forty five": 45, "forty-five": 45, "o'clock": 0, "oclock": 0,
    "o clock": 0, "30": 30, "15": 15, "45": 45, "00": 0,
}  # fmt: skip
HOURS = "|".join(_WORDS)
_HOURS_LATE = "|".join(reversed(_LATE))
_WHOLE = "hundred hours|hundred|hours|thirty|fifteen|forty five|o'clock"
_NO_COUNT = r"\b(?! (?:people|employees|users|dollars|euros|rows|hundred|thousand))"
OF_24 = rf"(?:{_HOURS_LATE}) (?:{_WHOLE}){_NO_COUNT}"
"""An hour of a clock of 24 in words: "fourteen hours", "fifteen thirty"."""
_SURE = HOURS + r"|\d{1,2}"
_ANY = _SURE + "|" + "|".join(_MISHEARD)
_HALF = (
    r"(?:\s*(?P<half>[ap]\.?\s?m\b\.?|in the (?:morning|afternoon|evening)|at night|this afternoon"
    r"|this morning|this evening))"
)
_MIN = "|".join(re.escape(m) for m in _MINUTES)
_FORMS = (
    rf"(?P<past>half past|quarter past|quarter after|quarter to) (?P<h>{_ANY})\b{_HALF}?",
    rf"\b(?P<h>\d{{1,2}})[:.](?P<m>\d\d)(?:\b|(?=[ap]\.?m\b)){_HALF}?",
    rf"\b(?P<h>{_ANY})[ -](?P<w>{_MIN})(?!\d)(?: (?:people|percent|dollars|users))?\b{_HALF}?",
    rf"\b(?P<h>{_ANY}){_HALF}",
    r"\b(?:at|after|before|around|by|from|until|till|about|between)"
    rf" (?P<h>{_HOURS_LATE}) (?P<w>{_WHOLE}){_NO_COUNT}",
    r"\b(?P<noon>noon|midday|mid day)\b",
    rf"\b(?P<h>{_SURE}) ?-?ish\b",
    r"(?<!within )(?<!every )(?<!in )(?<!per )\b(?P<h>\d{1,2}) ?h(?P<m>[0-5]\d)?\b",
    r"\bbetween [\w:.]+(?: ?[ap]\.?m\b\.?)? and (?P<h>" + _SURE + r")\b(?!:|\.\d| (?:people"
    r"|employees|hundred|thousand|million|dollars|users|percent|weeks?|months?|days?|seats|minutes|hours))",
    r"\b(?:at|after|before|around|by|from|until|till|about|past|than|between) (?P<h>" + _SURE
    + r")\b(?! (?:people|employees|hundred|thousand|million|dollars|users|percent|weeks?|months?"
    r"|days?|seats|of us|minutes|hours|years))",
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|morning|afternoon)s?,? (?P<h>"
    + _SURE
    + r")(?=\s*(?:$|[,;!?]|\.(?!\d)|then\b|works\b|please\b|is\b|would\b|sounds\b|suits\b"
    r"|if\b|or so\b|for (?:me|us)\b|(?:my|your|our) time\b|eastern\b|central\b|mountain\b"
    r"|pacific\b))",
)  # fmt: skip
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow)"
_BARE = (
    rf"\b(?:the )?(?P<h>{_SURE})(?: (?:one|slot))?(?: |(?='s ))(?:works|(?:is|'s) (?:good|fine"
    rf"|great|ok|okay|perfect"
    r"|better|easier|best)|would (?:work|suit|be (?:better|good|fine|great|best|easier|perfect"
    r"|ideal))"
    r"|sounds|suits|please|instead)",
    r"^(?:uh |um |oh |okay |ok |yes |yeah |let's (?:do|say) |the |make (?:it|that) |maybe "
    r"|(?:can|could|would) (?:you|we|he|she|they) (?:do |say )?"
    rf"|actually )*(?P<h>{_ANY})"
    r"(?: (?:please|then|it is|one|thanks|thank you|and|or"
    r"|(?:(?:my|your|our|local)|(?:eastern|central|mountain|pacific)(?: standard| daylight)?) time"
    r"|eastern|central|mountain|pacific|[ecmp][sd]?t))*$",
    rf"\b(?:and|or) (?P<h>{_SURE})(?= |$)",
    rf"\b(?P<h>{_SURE})(?: then| please)?(?: on| this| next| for)? {_DAY}\b",
    rf"\bback to (?P<h>{_SURE})(?= |$)",
)
"""Forms of a bare hour once times are the subject."""
_COUNT = re.compile(
    rf"\b(?:an?|another) (?!(?:{_SURE}) )[a-z]+(?: [a-z]+)? or (?:two|three|2|3)\b"
    r"(?! ?[ap]\.?m\b| o'?clock)"
    rf"|\b(?:(?:{_SURE})(?: to | or |-))?(?:{_SURE}) (?:or so )?"
    r"(?:more |other |of (?:us|them|my|our)|others?\b|people|persons|colleagues|guys"
    r"|(?:day|week|month|quarter|year|hour|minute)s?\b"
    r"|things|questions|times\b)"
)
"""A number that counts: "a year or two", "one or two days", "two of us"."""
_DIGIT = rf"(?:{'|'.join(DIGITS)}|\d)"
DICTATED = re.compile(rf"\b{_DIGIT}(?:[ ,-]+(?:(?:uh|um|er|double|triple) )?{_DIGIT}){{5,}}\b")
"""Digits of a telephone number: "call me at three oh three, five five five …" names no hour."""
_FULL = tuple(re.compile(form) for form in _FORMS)
_SHORT = tuple(re.compile(form) for form in _BARE)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day and its position in the text."""

    at: time
    start: int
    end: int


def clock_times(text: str, *, bare: bool = False) -> list[ClockTime]:
    """Every time of day in lower-case text. `bare`: a bare hour counts too."""
    found: list[ClockTime] = []
    counts = [m.span() for form in (_COUNT, DICTATED) for m in form.finditer(text)]
    for pattern in (*_FULL, *(_SHORT if bare else ())):
        for match in pattern.finditer(text):
            whole = "h" not in pattern.groupindex or "past" in pattern.groupindex
            place = match.start() if whole else match.start("h")
            if any(c.start < match.end() and place < c.end for c in found):
                continue
            if any(a <= place < b for a, b in counts):
                continue
            at = _time(match)
            if at is not None:
                found.append(ClockTime(at, place, match.end()))
    return sorted(found, key=lambda c: c.start)


def _time(match: re.Match[str]) -> time | None:
    parts = match.groupdict()
    if parts.get("noon"):
        return time(12)
    said = parts["h"]
    word_of = _WORDS | _LATE | _MISHEARD
    hour = word_of[said] if said in word_of else int(said) if said.isdigit() else 99
    minute = int(parts.get("m") or 0)
    if word := parts.get("w"):
        minute = _MINUTES.get(word, 0)
    match parts.get("past"):
        case "half past":
            minute = 30
        case "quarter past" | "quarter after":
            minute = 15
        case "quarter to":
            hour, minute = hour - 1 or 12, 45
    hour = _of_day(hour, parts.get("half") or "")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _of_day(hour: int, half: str) -> int:
    """The hour of the day; without am or pm, the one within meeting hours."""
    morning = half.startswith("a") and not half.startswith("at") or "morning" in half
    later = half.startswith("p") or any(w in half for w in ("afternoon", "evening", "night"))
    if morning:
        return hour % 12 if hour == 12 else hour
    if later:
        return hour + 12 if hour < 12 else hour
    return hour + 12 if 1 <= hour <= 6 else hour
