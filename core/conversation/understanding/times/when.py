"""When and where somebody wants to be called or to meet, in their own words. Pure."""

import re
from datetime import date, timedelta

from core.conversation.understanding.times.timing import SOON_DAYS, standing
from core.conversation.understanding.times.wishes import AT_ONCE, COUNTED, UNTIL, refused
from core.conversation.words.clock_times import DICTATED, HOURS, OF_24, clock_times
from core.conversation.words.dates import times
from core.conversation.words.utterance import Utterance


def when_of(u: Utterance) -> str:
    """The time of a request as said: the day and its part or hour, taken together."""
    ahead = u.said.at.date() + timedelta(days=SOON_DAYS)
    named = [w for w in standing(u, times(u.text, u.said.at.date())) if w.by is not None]
    close = [w for w in named if w.by is not None and w.by <= ahead]  # "by january" is a project's
    days = [(w.start, w.end) for w in close or named]
    days = [(a, b) for a, b in days if u.text[a:b] != "yesterday"]  # only says what is urgent
    later = [(a, b) for a, b in days if u.text[a:b] != "right now"]
    days = later or days  # "I'm driving right now"
    days = [(a, b) for a, b in days if not _declined(u.text, a, b)]
    days = [(a, b) for a, b in days if not UNTIL.search(u.text[:a])] or days
    after = days[0][0] if days else 0
    hours = [(c.start, c.end) for c in clock_times(u.text) if days]
    number = [m.span() for m in DICTATED.finditer(u.text)]  # "call me at three oh three five …"
    parts = [m.span() for m in _PART.finditer(u.text)] + hours
    parts = [(a, b) for a, b in parts if all(b <= start or end <= a for start, end in number)]
    near = [  # "at ten tomorrow" and "noon works tomorrow" as well
        (a, b)
        for a, b in parts
        if b + _BY_THE_DAY >= after or _SUITS_THEN.fullmatch(u.text[b:after])
    ]
    parts = [(a, b) for a, b in near if not refused(u.text, a, b)]
    start, end, apart = -1, -1, ""
    for a, b in sorted([*days[:1], *parts]):
        if start >= 0 and a - end > _BY_THE_DAY:
            apart = u.text[a:b].strip() if _SUITS_THEN.fullmatch(u.text[end:a]) else ""
            break
        start, end = (a if start < 0 else start), max(end, b)
    if start < 0 and (soon := COUNTED.search(u.text) or AT_ONCE.search(u.text)):
        return "" if _declined(u.text, *soon.span()) else soon.group()
    told = " ".join(re.split(r"\s*[?!]\s*", u.text[max(start, 0) : end]))  # "tomorrow? after ten"
    return f"{told.strip()} {apart}".strip() if start >= 0 else ""


def when_beside(u: Utterance, quote: str) -> str:
    """The time of a request with these words; in a long turn that of its own sentence, if it names
    one: elsewhere days may be those of anything."""
    if len(u.tokens) <= LONG:
        return when_of(u)
    others = [(a, b) for a, b in sentences(u.text) if quote.lower() not in u.text[a:b]]
    return when_of(u.without(others)) or when_of(u)


def sentences(text: str) -> list[tuple[int, int]]:
    """The range of each sentence or line."""
    return [m.span() for m in _SENTENCE.finditer(text)]


LONG = 30
"""Words from which a turn speaks of more days than that of a meeting."""
_SENTENCE = re.compile(r"(?:[^.?!\n]|[.?!](?=\S))+[.?!\n]*")


def _declined(text: str, start: int, end: int) -> bool:
    """Whether a time is one at which they cannot."""
    now = text[start:end].endswith("now")
    return refused(text, start, end) or (now and _BUSY_NOW.search(text[:start]) is not None)


_BUSY_NOW = re.compile(
    r"\b(?:i'm|i am|we're|we are|i've|we've|he's|she's)"
    r" (?!(?:free|available|here|around|ready|good|back|at my desk|looking|losing|interested"
    r"|getting|needing)\b)(?:(?!(?:please|call|need|want)\b)[\w']+ ){1,4}$"
)
"""Just before "right now": "I'm driving"."""
_BY_THE_DAY = 4
"""Most characters between a day and its hour."""
_SUITS_THEN = re.compile(
    r"(?:'s|'d| is| are| would be| would| will be)?(?: (?:probably|much|a bit|a lot|just))*"
    r"(?: (?:good|fine|better|best|great|ok|okay|perfect|easier|works?|suits?|work|suit))?"
    r"(?: (?:best|better|fine|well|for (?:me|us|him|her)))*[, ]*"
    r"(?:(?:ideally|preferably|maybe|if possible|but|say|like|any ?time|some ?time|and|please|only"
    r"|rather|make (?:it|that))[, ]*)*"
)
"""Between a day and the part of it that is meant: "thursday is better, in the morning"."""
_HOUR = (
    rf"(?:{HOURS}|noon|\d{{1,2}}(?::\d\d)?)(?: thirty| fifteen| forty five| o'?clock)?"
    r"(?: ?(?:am|pm|a m|p m))?"
)
_PART = re.compile(
    r"\b(?<!good )(?:this |in the |tomorrow )?"
    r"(?:mornings?|afternoons?|evenings?|noon|lunch ?time|after lunch"
    r"|tonight)\b"
    r"|\b\d{1,2}(?::\d\d)?(?: ?-?ish| ?h(?:\d\d)?| ?(?:am|pm))\b"
    rf"|\b(?:at|around|after|not before|before|about) {_HOUR}\b"
    r"(?! (?:people|employees|hundred|thousand|dollars|users|percent|weeks|months|days|tables"
    r"|seats))"
    rf"|\b(?:between|from) {_HOUR} (?:and|to|till|until) {_HOUR}(?=$|[ ?.,!])"
    r"(?! (?:people|employees|hundred|thousand|million|dollars|users|percent|weeks?|months?|days?"
    r"|hours?|minutes|seats))"
    rf"|\b(?:at|around|after|before|about) {OF_24}"
)
_URGENT = re.compile(
    r"\b(?:urgent(?:ly)?|asap|a s a p|as soon as (?:possible|you can)|emergency|immediately"
    r"|right (?:away|now)|straight away|critical|(?:in|within) (?:the next )?[\w ]{1,14} minutes)\b"
)
_VISIT = re.compile(
    r"\b(?:visit|(?:come|stop|drop|swing|pop|send \w+) (?:\w+ )?(?:by|over|round|out|in|to (?:us"
    r"|our|the))"
    r"|come and (?:see|look|have)|on[- ]?site|in person)\b"
)


_WOULD_COME = re.compile(
    r"\b(?:i|we|like to|love to|want to|wanna|hoping to|prefer to|happy to|me|us)"
    r" (?:\w+ )?(?:come|visit|tour|stop|drop|swing|pop|walk|drive|see|look at)\b"
    r"|\b(?:come|visit|stop|drop|swing|pop)\b[^.?!]{0,20}\byour\b"
)


def is_urgent(words: str) -> bool:
    """Whether a call is wanted within minutes, or as soon as possible."""
    return _URGENT.search(words.lower()) is not None


def wants_a_visit(words: str) -> bool:
    """Whether they want a visit: "can someone stop by our office"."""
    return _VISIT.search(words.lower()) is not None and not come_themselves(words)


def come_themselves(words: str) -> bool:
    """Whether they would visit us: "can we stop by and see one"."""
    return _WOULD_COME.search(words.lower()) is not None


def only_a_time(text: str, today: date) -> bool:
    """Whether words only name a time, as a question or a statement: "and after lunch?", "friday,
    eleven"."""
    said = _LEADS.sub("", text.lower().strip(" ?.!,"))
    named = [(w.start, w.end) for w in times(said, today)]
    named += [(c.start, c.end) for c in clock_times(said, bare=True)]
    named += [m.span() for m in _PART.finditer(said)]
    for a, b in named:
        said = said[:a] + " " * (b - a) + said[b:]
    alone = clock_times(" ".join(w for w in _WORD.findall(said) if w not in _BETWEEN), bare=True)
    rest = "" if named and len(alone) == 1 else said  # "friday, eleven"
    left = [w for w in _WORD.findall(rest) if w not in _BETWEEN]
    return bool(named) and not left


_LEADS = re.compile(
    r"^(?:(?:and|or|so|ok|okay|oh|well|um|uh|yeah|no|then|but|maybe|perhaps|say|make it|make that"
    r"|let's say|let's do|(?:can|could|would) (?:you|we) (?:do|make it|make that|say)"
    r"|(?:how|what) about)[, ]+)+"
)
_WORD = re.compile(r"[a-z']+|\d+")
_BETWEEN = frozenset(
    "on at in the of around about or and then any anytime time some sometime maybe say like after"
    " before next this by for until till between to from please instead".split()
)
