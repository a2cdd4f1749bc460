"""Parses when a buyer wants to meet: "Thursday afternoon", "not Monday". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from rapidfuzz import fuzz

from core.conversation.words.clock_times import HOURS, ClockTime, clock_times
from core.conversation.words.dates import DAYS, MONTHS
from core.conversation.words.put_right import put_right
from core.scheduling.wishes import Wish

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "twenty first": 21, "twenty second": 22,
    "twenty third": 23, "twenty fourth": 24, "twenty fifth": 25, "twenty sixth": 26,
    "twenty seventh": 27, "twenty eighth": 28, "twenty ninth": 29, "thirtieth": 30,
    "thirty first": 31,
}  # fmt: skip
_NTH_WORDS = "|".join(sorted(_ORDINALS, key=len, reverse=True)) + r"|\d{1,2}(?:st|nd|rd|th)?"
_NTH = rf"(?P<nth>{_NTH_WORDS})"
_LATE_NTH = "|".join(sorted([*_ORDINALS][3:], key=len, reverse=True))
"""Those that number none of a few offered times."""
_AS_DATE = (
    r"(?=\W*$|[,.;?!]| (?:at|in|is|or|and|if|around|after|before|then|please|works?|would|sounds"
    r"|suits|instead|for (?:me|us))\b)"
)
"""After an ordinal that is a date by itself, unlike "the sixth plan"."""
_MONTH = "|".join(rf"{m[:3]}(?:{m[3:]}|t)?\.?" if m[3:] else m for m in MONTHS)
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})(?: the)? {_NTH}\b(?!:| ?(?:people|users))"
    rf"|\b(?:the )?{_NTH.replace('nth', 'nth2')} (?:of )?(?P<month2>{_MONTH})(?!\w)"
    r"(?!(?<=may) (?:be|have|not|need|want|also|we|i|you))"
    r"|\b(?P<iso>20\d\d-\d\d-\d\d)\b|\b(?P<slashed>\d{1,2}/\d{1,2})(?:/(?:20)?\d\d)?\b"
    rf"|\bthe (?P<alone>\d{{1,2}}(?:st|nd|rd|th)|(?:{_LATE_NTH}){_AS_DATE})\b"
    r"(?! (?:of|one|time|option|floor|grade|slot|quarter|week|month|year|person|question))"
)
"""A day by its date: "December 8th", "8 Dec", "2026-12-08", "12/8", "the 8th"."""
_WEEKDAY = re.compile(rf"\b(?:(?P<which>next|this|coming) )?(?P<day>{'|'.join(DAYS)})s?\b")
_RELATIVE = re.compile(
    r"\b(?P<after>(?:the )?day after tomorrow)|\b(?P<nextafter>(?:the )?week after(?: next)?)"
    r"|\b(?P<tomorrow>tomorrow)|\b(?P<today>today|tonight"
    r"|this (?:morning|afternoon|evening))|\b(?P<part>early|later?|end of|middle of|the end of)?"
    r" ?(?P<week>this|next|the following|the) week\b(?! after)"
    r"|\bin (?P<n>an?|one|two|three|\d) (?P<unit>day|week)s?\b"
)
COUNTED = re.compile(
    r"\b(?:in|within)(?: about| around| maybe| like| roughly| the next| another| say)*"
    r" (?P<n>half an|a quarter of an|an?|[a-z]+(?:[ -](?:five|couple of))?|\d{1,3})"
    r" (?P<unit>minute|min|hour)s?\b"
)
"""A time relative to now."""
AT_ONCE = re.compile(
    r"\b(?:right (?:now|away)|straight away|immediately|at once"
    r"|now(?= (?:is|works|would|please|if)\b|[ .?!]*$))"
)
_BUSY = (
    r"(?:sick|ill|unwell|out|busy|away|travell?ing|off|swamped|stuck|booked(?: up| solid)?|tied up"
    r"|flying|packed|slammed|jammed|full|unavailable|not (?:in|around|free|available|here)"
    r"|in (?:an? |back[ -]to[ -]back )?(?:\w+ )?(?:meetings?|workshops?|calls|court|surgery|classes"
    r"|class|training)|on (?:leave|vacation|holiday|site|the road|an? \w+))(?: of(?: the)? office)?"
)
_TAKEN = (
    r"(?:i|we)(?:'ve| have|'ve got| have got| got)(?: already)? (?:an? |another |some |my "
    r"|back[ -]to"
    r"[ -]back )?(?:\w+ )?(?:meetings?|appointments?|thing|things|something|calls|conflict|clash"
    r"|flight|workshop|stand-?up|interviews?|exam|dentist)(?: already| on)?"
)
"""What somebody says who is not free: "I'm tied up", "I've got a thing"."""
_STRETCH = (
    r"(?:,? (?:all|every|each|the|whole|entire|most|much|of|for|on|at|in|during|from|through|day"
    r"|this|that|\d{1,2}|ten|eleven|noon))*"
)
_ELSEWHEN = (
    r"(?![^.?!,]{0,16}\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|until|till"
    r"|this|next|now)\b)"
)
"""Not followed by another time, to which it belongs: "call me tomorrow, i'm out today"."""
_REFUSED = re.compile(
    r"(?:\b(?:not|no (?:time|room|availability))(?: on| in)?(?: the)?|\bexcept(?: for)?(?: on)?"
    r"|\b(?:any ?(?:day|time|thing)) but(?: on)?"
    r"|\bother than|\bbut not|\b(?:can't|cannot|can not|couldn't|won't)(?: \w+){0,3}|\bno"
    rf"|\b(?:i'm|i am|we're|we are|be|down|called|stuck|feeling)(?: \w+)? {_BUSY}{_STRETCH}"
    rf"|\b{_TAKEN}{_STRETCH})\s*$"
)
_REFUSES = re.compile(
    r"^(?: (?:mornings?|afternoons?|evenings?|one|slot|time|at \w+(?: [ap]m)?))?\s*,? ?(?:that "
    r"|it )?"
    r"(?:(?:doesn't|does not|don't|won't|isn't|is not|are not|aren't)\b|not\b"
    rf"(?! (?:on |at |in )?(?:the )?(?:\d|{HOURS}\b|noon|mornings?|afternoons?|today|tomorrow"
    r"|this|next|(?:mon|tues|wednes|thurs|fri|satur|sun)day))"
    r"|(?:is|are|'s|'re|looks?|was|will be|gets?)(?: (?:a bit|a little|kind of|sort of|pretty"
    r"|really"
    r"|very|quite|so|just|always|already|probably))* (?:no\b|not\b|bad|out|full|busy|too"
    r"|tight|tricky|hard|difficult|tough|rough|terrible|awful|packed|taken|gone|impossible|crazy"
    r"|hectic|a (?:no|mess|nightmare|problem|holiday|bank holiday|public holiday))"
    rf"|clash\w*|conflicts?|(?:i'm|i am|we're|we are|i'll be"
    rf"|we'll be)(?: \w+)? {_BUSY}\b{_ELSEWHEN}"
    rf"|{_TAKEN}\b{_ELSEWHEN}|i can't\b|i cannot\b|we can't\b|we're closed)"
)
_PARTS = (
    (re.compile(r"\b(?:late|later in the) morning\b"), time(10), time(12)),
    (re.compile(r"\b(?:early|first thing)(?: in the)? morning\b|\bfirst thing\b"), None, time(10)),
    (re.compile(r"\bmornings?\b"), None, time(12)),
    (re.compile(r"\bearly(?: in the)? afternoon\b"), time(12), time(14, 30)),
    (re.compile(r"\blate(?:r in the)? afternoon\b"), time(15), time(18)),
    (re.compile(r"\bafternoons?\b"), time(12), time(17, 30)),
    (re.compile(r"\b(?:evenings?|end of the day|after work|tonight)\b"), time(17), None),
    (re.compile(r"\blunch ?time\b|\bover lunch\b"), time(12), time(13, 30)),
    (re.compile(r"\bafter lunch\b"), time(13), time(17, 30)),
)
_SOONEST = re.compile(
    r"\b(?:as soon as (?:possible|you can|we can)|asap|right away|the (?:earliest|soonest|next"
    r" (?:available|free|open))|(?:earliest|soonest|first) (?:possible|available)|the sooner)\b"
)
_MISHEARD = 82
"""Similarity in per cent from which a word counts as a day's name while times are the subject."""


@dataclass(frozen=True, slots=True)
class _Days:
    days: frozenset[date]
    start: int
    end: int
    weekday: int | None = None


def wish_of(text: str, today: date, *, bare: bool = False) -> Wish:
    """When they want it, relative to their day. `bare`: times are already the subject."""
    text = put_right(text)
    text = _straightened(text) if bare else text
    whole = _wish(text, today, bare)
    parts = [] if "between" in text else [_wish(part, today, bare) for part in _OR.split(text)]
    parts = [w for w in parts if w.days]
    apart = any(w.names_an_hour for w in parts[:-1]) and len({w.without_day() for w in parts}) > 1
    if not apart:
        return whole  # an hour said last applies to all days: "Tuesday or Wednesday at three"
    return Wish(whole.days, whole.not_days, whole.not_weekdays, either=tuple(parts))


_OR = re.compile(r",? (?:or(?: else)?|and)(?: on)? |, ")


def _wish(text: str, today: date, bare: bool) -> Wish:
    wish, declined = Wish(soonest=bool(_SOONEST.search(text))), 0
    every = sorted(_days(text, today), key=lambda d: d.start)
    meant = [d for d in every if not UNTIL.search(text[: d.start])]
    for named in meant or every:
        also = declined and _NOR.fullmatch(text[declined : named.start])
        declined = named.end if also or refused(text, named.start, named.end) else 0
        if declined:
            if named.weekday is not None:
                wish = replace(wish, not_weekdays=wish.not_weekdays | {named.weekday})
            else:
                wish = replace(wish, not_days=wish.not_days | named.days)
        else:
            wish = replace(wish, days=wish.days | named.days)
    return _hours(text, wish, bare)


UNTIL = re.compile(r"\b(?:until|till|til) (?:next )?$")
"""Before a day from which they are free, unless they name another."""
_NOR = re.compile(r",? (?:or|nor)(?: on)? ")
"""Between two days of which the first is declined: "not wednesday or thursday"."""
_DAY_OF_MONTH = re.compile(rf"(?:by|after|around|on|from|before) the (?:{_NTH_WORDS})")
"""A day of a month that was named before."""


def at_the_same_hour(when: str, before: str, said: str) -> str:
    """The words of a new wish, or of the one before; "Friday, same time" keeps that one's hour."""
    if when and before and _DAY_OF_MONTH.fullmatch(when.lower()):
        month = next((m for m in MONTHS if m in before.lower()), "")
        day = when.split()[-1]
        return f"{month} {day}" if month else when
    if not when or not before or "same time" not in said.lower():
        return when or before
    hours = [before[c.start : c.end] for c in clock_times(before.lower())]
    return f"{when} at {hours[0]}" if hours else when


def _straightened(text: str) -> str:
    """Replaces words that sound like a day's name: "thirsty" while times are the subject."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        near = [d for d in DAYS if word[0] == d[0] and fuzz.ratio(word, d) >= _MISHEARD]
        return near[0] if near and len(word) > 5 else {"thirsty": "thursday"}.get(word, word)

    return re.sub(r"[a-z]+", one, text)


def _days(text: str, today: date) -> Iterator[_Days]:
    """Every day or range of days that is named."""
    dates = [m for m in _DATE.finditer(text) if _date(m, text, today) is not None]
    for match in dates:
        if (day := _date(match, text, today)) is not None:
            yield _Days(frozenset({day}), match.start(), match.end())
    weekdays = list(_WEEKDAY.finditer(text))
    for match in _RELATIVE.finditer(text):
        if match["week"] and any(not refused(text, d.start(), d.end()) for d in weekdays):
            continue  # "Wednesday next week" is that Wednesday
        if days := _relative(match, today):
            yield _Days(frozenset(days), match.start(), match.end())
    for match in weekdays:
        weekday = DAYS.index(match["day"])
        if any(
            -3 <= d.start() - match.end() <= 6 or 0 <= match.start() - d.end() <= 3 for d in dates
        ):
            continue  # "Tuesday, December 8" is that day
        ahead = (weekday - today.weekday()) % 7 or (0 if match["which"] == "this" else 7)
        within = _RELATIVE.search(text)
        week = within and within["week"] in ("next", "the following") and not match["which"]
        if match["which"] == "next" or week or _NEXT_TOO.search(text[: match.start()]):
            ahead = 7 - today.weekday() + weekday
        meant = frozenset({today + timedelta(days=ahead)})  # who means today says "today"
        yield _Days(meant, match.start(), match.end(), weekday)


_NEXT_TOO = re.compile(rf"\bnext (?:{'|'.join(DAYS)})(?: morning| afternoon)?(?:,|,? or|,? and) $")
"""Just before a day of the same week: "next Tuesday or Wednesday"."""


def _date(match: re.Match[str], text: str, today: date) -> date | None:
    """The next day with that date; None if it is invalid or far ahead."""
    month = match["month"] or match["month2"]
    if match["iso"]:
        days = [_made(*(int(part) for part in match["iso"].split("-")))]
    elif match["slashed"]:
        days = _slashed(match, text, today)
    else:
        said = match["nth"] or match["nth2"] or match["alone"]
        number = _ORDINALS.get(said) or int(re.sub(r"\D", "", said) or 0)
        named = [n for n, m in enumerate(MONTHS, start=1) if month and m[:3] == month[:3]]
        ahead = [today.month, today.month % 12 + 1]
        days = [_made(y, m, number) for y in (today.year, today.year + 1) for m in named or ahead]
    return min((day for day in days if day is not None and day >= today), default=None)


def _slashed(match: re.Match[str], text: str, today: date) -> list[date | None]:
    """The days that "12/8" may be: on the weekday named before it, else month first."""
    one, two = (int(part) for part in match["slashed"].split("/"))
    named = re.search(rf"\b({'|'.join(DAYS)}),? \(?$", text[: match.start()])
    if named is None and not re.search(
        r"\b(?:on|until|by|before|after|or) $", text[: match.start()]
    ):
        return []
    years = (today.year, today.year + 1)
    days = [_made(y, a, b) for a, b in ((one, two), (two, one)) for y in years]
    days = [d for d in days if d is not None and today <= d <= today + _SLASHED_AHEAD]
    if named:
        days = [d for d in days if d is not None and d.weekday() == DAYS.index(named[1])]
    return days[:1]


_SLASHED_AHEAD = timedelta(days=90)
"""Most days ahead for two figures with a slash to be a date."""


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _relative(match: re.Match[str], today: date) -> list[date]:
    if match["after"]:
        return [today + timedelta(days=2)]
    if match["tomorrow"]:
        return [today + timedelta(days=1)]
    if match["today"]:
        return [today]
    return _weeks(match, today)


def how_many(said: str) -> int:
    """A small number of days or weeks, as said: "a", "two", "4"."""
    return {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}.get(said) or int(said)


def _weeks(match: re.Match[str], today: date) -> list[date]:
    """Days named by their week, or relative to today."""
    monday = today - timedelta(days=today.weekday())
    if match["n"]:
        count = how_many(match["n"])
        if match["unit"] == "day":
            return [today + timedelta(days=count)]
        return [monday + timedelta(days=7 * count + n) for n in range(7)]
    if match["nextafter"]:
        return [monday + timedelta(days=14 + n) for n in range(7)]
    if match["week"] == "the" and not match["part"]:
        return []
    ahead = 7 if match["week"] in ("next", "the following") else 0
    week = [monday + timedelta(days=ahead + n) for n in range(7)]
    part = match["part"] or ""
    if part == "early":
        week = week[:2]
    elif part.startswith("late") or "end" in part:
        week = week[3:] if ahead else [d for d in week[2:] if d > today]
    elif "middle" in part:
        week = week[1:4]
    return [day for day in week if day >= today]


def refused(text: str, start: int, end: int) -> bool:
    """Whether the time at a position is one at which they cannot: "I'm in meetings all"."""
    return bool(_REFUSED.search(text[:start]) or _REFUSES.match(text[end:]))


def busy_at(text: str, today: date, call: date) -> bool:
    """Whether words say that the day or the hours of an agreed call do not suit.

    `call`: its day. Bare hours are those of today.
    """
    wish = wish_of(text, today)
    if wish.not_days or wish.not_weekdays:
        return call in wish.not_days or call.weekday() in wish.not_weekdays
    if wish.days:
        return False
    hours = [(c.start, c.end) for c in clock_times(text)]
    hours += [m.span() for pattern, *_ in _PARTS for m in pattern.finditer(text)]
    taken = [refused(text, a, b) for a, b in hours]
    return bool(taken) and all(taken) and call == today


def cannot(text: str, today: date) -> bool:
    """Whether words only say at what times they cannot."""
    wish = wish_of(text, today)
    return bool(wish.not_days or wish.not_weekdays) and not wish.days


def not_then(text: str) -> bool:
    """Whether a short turn says that the agreed time does not suit, or is too early or late."""
    return len(text.split()) <= _BRIEF and _NOT_THEN.search(text) is not None


_BRIEF = 8
_NOT_THEN = re.compile(
    r"\b(?:(?:i'm|i am|we're|we are) (?:\w+ )?(?:busy|booked|tied|away|out|off|gone|closed|engaged"
    r"|occupied|unavailable|(?:in|on|at|with) (?!(?:it|that|this|you|business|luck|then)\b)\w+"
    r"|driving|flying|working|travell?ing|teaching|sleeping"
    r"|cooking|moving|meeting) (?:\w+ ){0,3}then(?= ?(?:$|[.,]))"
    r"|(?:i've|i have|we've|we have) (?!(?:got )?(?:it|that|you|no|time|done|been)\b)"
    r"(?:\w+ ){1,3}then(?= ?(?:$|[.,]))"
    r"|(?:can't|cannot|won't|not) (?:\w+ ){0,3}then(?= ?(?:$|[.,]))"
    r"|(?:that|it)(?:'s| is)? (?:not (?:a )?good(?: time)?|no good|a bad time|doesn't (?:really )?"
    r"(?:work|suit)|won't (?:work|do))"
    r"|(?:not (?:so|that|quite so)|too|a (?:bit|little)) (?:early|late|soon|later)(?= ?(?:$|[.,])))"
)


def _hours(text: str, wish: Wish, bare: bool) -> Wish:
    """The hours wished for: a part of the day, or an hour with the words before it."""
    wished = [c for c in clock_times(text, bare=bare) if not refused(text, c.start, c.end)]
    for clock in wished:
        before = text[max(0, clock.start - 24) : clock.start]
        wish = _bounded(wish, clock, before, between="between" in text[: clock.start])
    if wished:
        return wish
    for pattern, earliest, latest in _PARTS:
        if match := pattern.search(text):
            if not refused(text, match.start(), match.end()):
                return replace(wish, earliest=earliest, latest=latest)
            if latest == time(12):
                return replace(wish, earliest=time(12))
            return replace(wish, latest=earliest)
    return wish


def _bounded(wish: Wish, clock: ClockTime, before: str, *, between: bool) -> Wish:
    at = clock.at
    if re.search(
        r"\b(?:after|past|later than|from|any ?time after|not before)(?: about)? $", before
    ):
        return replace(wish, earliest=at)
    if re.search(r"\b(?:before|by|until|till|earlier than)(?: about)? $", before):
        return replace(wish, latest=at)
    if between:
        return replace(wish, latest=at) if wish.earliest else replace(wish, earliest=at)
    if re.search(r"\b(?:around|(?<!how )(?<!what )about)(?: maybe)? $", before):
        minutes = at.hour * 60 + at.minute
        low, high = max(minutes - 30, 0), min(minutes + 31, 24 * 60 - 1)
        return replace(wish, earliest=time(*divmod(low, 60)), latest=time(*divmod(high, 60)))
    return wish if wish.at else replace(wish, at=at)
