"""What a turn says about the time of a call being arranged: that one, another, or not then."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from core.commands import (
    Affirm,
    Busy,
    CancelCallback,
    CancelMeeting,
    ChooseSlot,
    Command,
    DeclineToSay,
    Deny,
    EndCall,
    MoveMeeting,
    OptOut,
    PassSlots,
    ProvideSignal,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    WantsNoCall,
)
from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import BARE_TIME, BARE_ZONE
from core.conversation.understanding.times.timing import far
from core.conversation.understanding.times.when import only_a_time, when_of
from core.conversation.understanding.times.wishes import COUNTED, busy_at, cannot, not_then, wish_of
from core.conversation.words.clock_times import HOURS, clock_times
from core.conversation.words.dates import spoken_day, times
from core.conversation.words.utterance import Utterance
from core.geography.zones import zone_told

_SUITS = re.compile(
    r"'s (?:good|fine|better|best|okay)\b"
    r"|\b(?:(?:would|will) (?:be|work|suit)|(?:is|are) (?:good|fine|better|best|okay)|works|suits"
    r"|better|best"
    r"|let's (?:do|say|make|talk|speak)|call|at|after|before|around|rather|prefer|how about"
    r"|maybe|make (?:that|it)|then|instead)\b"
)
PROJECT = re.compile(
    r"\b(?:(?:want|need|like) (?:it|this|to)|live|running|start|launch|need"
    r"|aim\w*|target\w*|shooting for|ready|project|in place|deadline)\b"
)
_FREE_FROM = re.compile(
    r"\b(?:busy|out|away|off|meetings?|calls|travell?ing|tied up|booked|unavailable|not free"
    r"|not (?:in"
    r"|back|around)|driving|can't \w+)(?: \w+)? (?:until|till|til)"
    r" (?:about |around |like )?(?:(?P<day>(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|tomorrow"
    r"|next week)|(?P<hour>\d{1,2}(?::\d\d)?(?: ?[ap]m)?"
    rf"|{HOURS}|noon))\b"
)
"""Busy until then, and so to be called from then on."""
_WITHDRAWN = re.compile(
    r"\b(?:no|don't|do not|never ?mind|forget|cancel|scrap|drop|skip|leave)"
    r"(?: (?:need|bother|have|want|worry|about|to|for|you|them|her|him|anyone|somebody|the|that|my"
    r"|a))*"
    r" (?:call(?:ing|s)?|phon(?:e|ing)|ring(?:ing)?|call ?back)\b(?! (?:me |us )?(?:before|after"
    r"|until"
    r"|till|on\b|at\b|today|tomorrow|this|in\b|between|during|my\b))"
    r"|\b(?:e-?mail|write|text|message)(?: to)?(?: me| us| it| that| him"
    r"| her)?(?: \w+){0,3} instead\b"
    r"|^(?:um |uh )?(?:no|nah|nope)[, ]+(?:just |please |better |rather )*(?:e-?mail|text|write)"
    r"(?: to)? (?:me|us)\b|\binstead of (?:an? |the )?call"
    r"|\brather (?:than|not) (?:an? |the |by )?call"
    r"|\bi'd (?:rather|prefer)(?: it)?(?: if)? (?:you )?(?:e-?mail|wrote|write|an e-?mail"
    r"|by e-?mail)"
)
"""Says that no call is wanted, or something in writing instead."""
_BARE_HOUR = 2
_CALLS = (RequestCallback, RequestMeeting, ChooseSlot, MoveMeeting, CancelMeeting)


def retimed(
    u: Utterance,
    asked: Sequence[tuple[int, int]],
    commands: Sequence[Command],
    state: ConversationState,
) -> Command | None:
    """When they want to be called, if a turn says so while a call is arranged."""
    if (when := _other_hour(u, commands, state)) and not asked:
        return RequestCallback(u.whole(), when)
    if _retimes(u, asked, commands, state):
        when = when_of(u)
        at = u.text.find(when)  # what belongs together may be apart
        span = u.span(at, at + len(when)) if at >= 0 else u.whole()
        when = _with_its_hour(u, when, state)
        return RequestCallback(span, _of_its_day(when, u.said.at.date(), state))
    if state.callback is None or asked or any(isinstance(c, _CALLS) for c in commands):
        return None
    if free := _FREE_FROM.search(u.text):
        span = u.span(*free.span())
        return RequestCallback(span, free["day"] or f"after {free['hour']}")
    today, call = u.said.at.date(), date.fromisoformat(state.callback.day)
    if busy_at(u.text, today, call) or not_then(u.text):
        return Busy(u.whole())
    if cannot(u.text, today):
        return RequestCallback(u.whole(), "")  # not then, but then nobody calls
    if state.wants.when and _tells_zone(u, commands, state):
        return RequestCallback(u.whole(), state.wants.when)
    return None


def _tells_zone(u: Utterance, commands: Sequence[Command], state: ConversationState) -> bool:
    """Whether a short turn says in which zone the hours of the call are: "eastern", "my time, in
    Phoenix"."""
    if len(u.tokens) <= BARE_ZONE and zone_told(u.text):
        return True
    placed = any(isinstance(c, ProvideSignal) and c.criterion == "location" for c in commands)
    placed = placed and not _ALSO_THERE.search(u.text)
    hours = wish_of(state.wants.when.lower(), u.said.at.date()).names_an_hour
    return placed and hours and len(u.tokens) <= _PLACE_ONLY


_ALSO_THERE = re.compile(
    r"\b(?:also|another|other|second|too|as well|customers?|clients?|ship\w*|deliver\w*)\b"
)
"""Makes a place one of several, or somebody else's."""
_PLACE_ONLY = 8
"""Most words of a turn that only says where they are."""


def arranging(state: ConversationState) -> bool:
    """Whether a call is being arranged, or agreed."""
    wanted = state.wants.meeting or state.wants.human or state.callback is not None
    return wanted or state.awaited.offer in ("callback", "transfer")


def _with_its_hour(u: Utterance, when: str, state: ConversationState) -> str:
    """A day with the hour next to it ("tuesday then, ten"), or with the hour of the previous wish
    if nothing else is said ("after three", then "tomorrow")."""
    today = u.said.at.date()
    if not times(when, today) or wish_of(when, today).names_an_hour:
        return when
    if not only_a_time(u.text, today):
        return when
    rest = _ASIDE.sub(" ", u.text.replace(when, " ")).strip()
    if hours := clock_times(rest, bare=True):
        return f"{when} at {rest[hours[0].start : hours[0].end].removeprefix('at ')}"
    before = state.wants.when.lower()
    for named in reversed(times(before, today)):
        before = before[: named.start] + before[named.end :]
    kept = before.strip(" ,.") if wish_of(before, today).names_an_hour else ""
    return f"{when} {kept}".strip()


_ASIDE = re.compile(
    r"\b(?:ok|okay|oh|then|and|so|um|uh|well|yeah|no|maybe|say|let's|do|make|it|that|at|on)\b|[,.?!]"
)


def _of_its_day(when: str, today: date, state: ConversationState) -> str:
    """A bare hour or part of a day belongs to the day of the promised or wished-for call; a bare
    weekday, for a call promised for next week, to next week."""
    if not times(when, today) and not COUNTED.search(when):
        return f"{_day_spoken_of(today, state)} {when}".strip()
    if state.callback is None or not _WEEKDAY.match(when):
        return when
    monday = today - timedelta(days=today.weekday())
    ahead = (date.fromisoformat(state.callback.day) - monday).days
    return f"next {when}" if 7 <= ahead < 14 else when


def _day_spoken_of(today: date, state: ConversationState) -> str:
    """The day of the agreed call, else of the wished-for one."""
    if state.callback is not None:
        return spoken_day(date.fromisoformat(state.callback.day), today).lower()
    named = times(state.wants.when.lower(), today)
    return state.wants.when[named[0].start : named[0].end] if named else ""


_WEEKDAY = re.compile(r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")


def _other_hour(u: Utterance, commands: Sequence[Command], state: ConversationState) -> str:
    """A bare hour for the agreed call, on its day: "oh make it nine thirty"."""
    if any(isinstance(c, _CALLS) for c in commands) or when_of(u):
        return ""
    if state.callback is None and not (state.wants.human and state.wants.when):
        return ""
    hours = clock_times(u.text, bare=True)
    brief = len(u.tokens) <= BARE_TIME and bool(_SUITS.search(u.text))
    beside = u.text[: hours[0].start] + u.text[hours[0].end :] if hours else ""
    only = len(beside.split()) < _BARE_HOUR
    if len(hours) != 1 or not (brief or only) or PROJECT.search(u.text):
        return ""
    today = u.said.at.date()
    day = _day_spoken_of(today, state)
    hour = u.text[hours[0].start : hours[0].end].removeprefix("at ")
    return f"{day} at {re.sub(_WORKS, '', hour)}".strip()


_WORKS = re.compile(r"(?: |'s ).*\b(?:works|good|fine|better|best|please|instead|sounds|suits)$")


def withdrawn(u: Utterance, commands: Sequence[Command], state: ConversationState) -> list[Command]:
    """The commands, with the cancellation of a promised call if a turn says so."""
    found = _WITHDRAWN.search(u.text) if state.callback is not None else None
    if found is None or any(isinstance(c, OptOut | RequestCallback) for c in commands):
        return [*commands]
    gone = (CancelMeeting, DeclineToSay, Deny, RequestMeeting, WantsNoCall)
    kept = [c for c in commands if not isinstance(c, gone)]
    return [*kept, CancelCallback(u.span(*found.span()))]


def not_wanted(
    u: Utterance, commands: Sequence[Command], state: ConversationState
) -> list[Command]:
    """The commands, with the refusal of any call or meeting if a turn says so to an offer."""
    times = bool(state.times.slots) and state.times.fresh(u.said.turn)
    times = times and state.meeting.moving is None
    asked = state.awaited.offer in _OFFERED and state.awaited.fresh(u.said.turn)
    if not (times or asked) or any(isinstance(c, (*_CALLS, *_SETTLED)) for c in commands):
        return [*commands]
    found = _NO_TROUBLE.search(u.text) or _ONLY_WRITE.search(u.text)
    if found is None and (someday := _SOMEDAY.match(u.text)) and far(u):
        found = None if PROJECT.search(someday.group()) else someday
    if found is None:
        return [*commands]
    kept = [c for c in commands if not isinstance(c, Deny | Affirm | PassSlots)]
    return [*kept, WantsNoCall(u.span(*found.span()))]


_OFFERED = ("callback", "transfer")
_SETTLED = (CancelCallback, EndCall, OptOut, RequestHuman, WantsNoCall)
_ONLY_WRITE = re.compile(
    r"\b(?:just|only|rather|better|prefer(?: if)?(?: you)?) (?:e-?mail|mail|write|text|message)"
    r"(?:ed|ing)?(?: to)? (?:me|us)\b(?! (?:(?:the|an?|your|his|her) (?:\w+ )?(?:invit|calendar"
    r"|link|time|confirm|remind|address)|when\b|if\b|once\b|before\b|after\b))"
    r"|\b(?:e-?mail|mail|write|text|message)(?: to)? (?:me|us) instead\b"
)
"""Declines it for something in writing."""
_NO_TROUBLE = re.compile(
    r"\b(?:(?:don't|do not) (?:(?:bother|trouble|worry)(?: (?:yourself|yourselves|(?:with|about)"
    r" (?:it|that|this|an? \w+)))?|go to any trouble|put yourselves? out)"
    r"|no need(?: (?:for|to do) (?:it|that|this|an? (?:call|meeting|demo)))?)\s*(?:$|[.,;!])"
)
"""Declines the meeting itself, and not only its times."""
_SOMEDAY = re.compile(
    r"(?:(?:um|uh|oh|well|no|nah|hm|okay|ok|thanks|thank you|so|but|we'll see)[,. ]+)*"
    r"(?:maybe|perhaps|possibly|not|some ?day|(?:ask|try)(?: (?:me|us))?(?: again)?)\b[^.?!;]{0,60}"
)
"""Defers it to a time too far away to arrange: "maybe in a year or two then"."""


_ANEW = re.compile(r"\b(?:call|ring|phone|make (?:it|that)|move|instead|rather)\b")
"""Next to a day far ahead: it is that of a call."""


def _retimes(
    u: Utterance,
    asked: Sequence[tuple[int, int]],
    commands: Sequence[Command],
    state: ConversationState,
) -> bool:
    """Whether a time named while a call is arranged is for that call."""
    if not arranging(state) or asked or any(isinstance(c, _CALLS) for c in commands):
        return False
    if PROJECT.search(u.text) or (far(u) and not _ANEW.search(u.text)):
        return False
    return bool((_SUITS.search(u.text) or len(u.tokens) <= BARE_TIME) and when_of(u))
