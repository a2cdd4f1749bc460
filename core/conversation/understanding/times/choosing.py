"""What a turn says about meetings: which offered time is meant, or that it should be another. Pure.

A recogniser may hear "the furst won"; while times are the subject, similar-sounding words count as
one of them.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.commands import (
    CancelMeeting,
    ChooseSlot,
    Command,
    KeepMeeting,
    MoveMeeting,
    PassSlots,
    RequestMeeting,
    WantsNoCall,
)
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.times.beyond import much_later
from core.conversation.understanding.times.by_day import CANCELS, MISSES, by_day
from core.conversation.understanding.times.carried import SAME, of_the_offered
from core.conversation.understanding.times.instead import asks_of_them, instead
from core.conversation.understanding.times.picking import (
    DAY_ONE,
    LATER_THEN,
    NEITHER,
    NTH,
    NUMBERED,
    SHORT,
    SUITS,
    TAKES_IT,
    brief,
    picked_of,
    speaks_of_one,
)
from core.conversation.understanding.times.proposing import asks_to_meet, asks_what_is_free
from core.conversation.understanding.times.when import LONG, only_a_time, sentences
from core.conversation.understanding.times.wishes import not_then, wish_of
from core.conversation.words.clock_times import clock_times
from core.conversation.words.dates import DAYS
from core.conversation.words.utterance import Utterance
from core.geography.zones import zone_told
from core.scheduling.board import Booking
from core.scheduling.slots import Slot
from core.scheduling.wishes import Wish
from knowledge.leading import LEAD
from knowledge.profile import Company

Placed = tuple[Command, int, int]

AHEAD = timedelta(days=21)
"""A day further ahead, some turns after times were offered, is that of a project."""
BARE_ZONE = 3
"""Most words in which a time zone only says which time was meant."""
A_ZONE = 6
"""Most words that only say in which zone they are: "oh I'm on Pacific time here"."""
_MEETING = (
    r"(?:meeting|appointment|call|demo|slot|booking|visit|time|it|that"
    r"|this(?= (?:to|until|till|by|for|back|out|forward|again|please)\b|\W*$))"
)
_MOVE = re.compile(
    rf"\b(?:re-?schedule|move|change|push|shift|postpone)(?: \w+){{0,3}}? {_MEETING}\b"
    r"|\b(?:re-?schedule|postpone)\b"
    r"|\b(?:move|push|shift)(?: (?:back|out|on|forward|things|us|everything))? (?:by|to|until|till)"
    r" (?=(?:an?|one|two|the|next|this)? ?(?:few )?(?:\w+day|tomorrow|weeks?|days?|hours?|morning"
    r"|afternoon|half|\d))|\bfind (?:another|a different|a new) time\b"
    r"|\b(?:another|a different|some other) (?:time|day)\b"
)
_CANCEL = re.compile(
    rf"\bcancel(?: \w+){{0,3}}? {_MEETING}\b|\bcancel$"
    r"|\bcall off (?:the|my|our)\b"
    r"|\bcall it off\b|\b(?:scrap|scratch|forget|drop) (?:that|it|the (?:\w+ )?(?:meeting|call|demo"
    r"|booking|appointment))\b(?! one)"
)
_MAY = re.compile(r"\b(?:can|could|may|do|if|when|how) (?:i|we)\b|\bany ?time\b")
"""Next to "cancel it", asks whether one may, and says nothing about the offered times."""
_OWN = re.compile(
    r"\b(?:(?:my|our|the)|(?:booked|scheduled|arranged|signed up for|i have|i've got|we have|i had)"
    r" an?) (?:\w+ )?(?:meeting|appointment|demo|visit|booking|call)\b"
)
_BETTER = re.compile(
    r"\b(?:better|instead|rather|prefer|make (?:it|that)|easier|after all|i (?:meant|mean))\b"
)
"""Next to a time, says that the meeting just booked should be then; so does "works" next to a time
other than its own."""
_POSSIBLE = re.compile(
    r"\b(?:possible|an option|available|free|open|do you have|is there|how about|what about"
    r"|could we|can we"
    r"|could you do|can you do|anything|(?:go|going|switch|change) back to)\b"
)
"""Next to a time, right after a meeting was booked, the wish for that time."""
_KEPT = re.compile(
    r"\b(?:(?:go|went|going|get) back to|keep (?:it|the|that|my)|stick (?:with|to)|stay (?:with|at"
    r"|on)"
    r"|leave (?:it|that|things)\b(?! (?:a|to))|never ?mind|forget it|the original|as (?:it"
    r"|is) (?:is|was)"
    r"|(?:the )?first one was (?:fine|better|good))\b"
)
"""Says, about a meeting to be moved, that it may stay."""
_CANNOT = re.compile(
    r"\b(?:can't|cannot|won't be able to|am not able to) make"
    r" (?:it|that|(?:the|our|my) (?:\w+ )?(?:meeting|call|demo|appointment)"
    r"(?! (?:notes|minutes|rooms?|recordings?)\b)"
    r")\b"
)


_SOONER = re.compile(
    r"\b(?:(?:anything|something|any|some|bit|little|no|not|have|time|slot) (?:any )?"
    r"(?:earlier|sooner)"
    r"|(?:earlier|sooner) (?:than (?:that|those|this)|in the day|on (?:that|the) day|that day"
    r"|if (?:possible|you can))|(?:too|that|so) late\b)"
)
_AFTER = re.compile(
    r"\b(?:(?:anything|something|any|bit|little|have) (?:any )?later"
    r"|later (?:than (?:that|those|this)|in the day|on (?:that|the) day|that day"
    r"|if (?:possible|you can))|(?:too|that|so) early\b)"
)
"""None of the offered times, but before or after them."""
_ASKS_TIMES = re.compile(
    r"\b(?:do you have|is there|have you got|got|anything|something|how about|what about|could we"
    r"|can we|could you do|can you do|let's do|i'd prefer|i would prefer|rather|i need|i can do"
    r"|i could do|works?|suits?|better|would be|maybe|please|prefer|free|available|book"
    r"|same (?:time|hour))\b"
)
_TIMES = r"(?:times|slots|options|days|dates|choices|appointments)"
_REMIND = re.compile(
    rf"\b(?:what|which) (?:were|are) (?:the|those|these|your|my) (?:\w+ )?{_TIMES}\b"
    rf"|\b(?:what|which) {_TIMES} (?:were|are|was|did|do|have|you|works?|suits?|could|can)\b"
    rf"|\b{_TIMES} again\b"
    rf"|\b(?:repeat|say|give me|tell me) (?:the|those|these) {_TIMES}\b"
    r"|\b(?:what|when)(?:'s| is| would be| time would be) (?:a |the )?(?:good|best"
    r"|convenient) (?:time"
    r"|day)\b"
    r"|\bwhat are my options\b|\bwhen (?:was|were) (?:that|those|it|they) again\b"
)
"""Asks to repeat the offered times."""
_ASKED = re.compile(
    r"^(?:\w+ )?(?:which|what|when)(?: one| of (?:them|those|these))?(?:'s| is| are)\b"
)
_OTHER_MATTER = re.compile(
    r"\b(?:live|launch|renew\w*|expires?|expiring|deadline|running by|rollout|contract|budget"
    r"|deploy|project|since|ago|start(?:s|ing) (?!at\b|around\b|time)|begins|beginning|needed|event"
    r"|(?:we|i|we're|i'm|already|currently|are) pay(?:ing)?"
    r"|(?:earliest|soonest) (?:that |date |day |time )*(?:we|i|you|it)(?:'d| can| could| would)"
    r" (?!(?:meet|talk|speak|chat|call|do|make|come|see|fit|ring|visit|be|get)\b)[a-z]+"
    r"|implement\w*|migrat\w*|people|employees|customers|cancel\w*|upgrade|downgrade|trial)\b"
)
_OF_THEIRS = re.compile(
    r"\b(?:our|my|the) (?!(?:calendar|schedule|diary|day|week|morning|afternoon|boss|partner|team"
    r"|manager|colleague|husband|wife|call|meeting|first|second|third|last|other|later|earlier)\b)"
    r"(?:[\w-]+ ){1,3}?(?:lands?|arrives?|is due|are due|starts?|opens?|ends?|expires?|ships?"
    r"|closes?|comes? (?:in|up|due)|runs? out|goes? live|moves? in)\b"
)
"""An event of theirs on a day: "our next container lands December tenth"."""
_OF_THE_PRODUCT = re.compile(
    rf"{LEAD}(?:what if (?!we|i\b|you)|what happens"
    r"|how (?:long|much|many|often|do|does)|does (?:it|the|your)|do your"
    r"|(?:can|could|would|will|do) you (?:guys |folks )?(?!(?:do|make|meet|call|ring|phone|talk"
    r"|speak|come|say|have|offer|see|fit|squeeze|get|give|book|put|set|schedule|manage|take|move"
    r"|push|switch|swap|change|try|start|arrange|reach|find|hold|be|show|please|just|still|also"
    r"|maybe|actually|then|send|work|go|stop|swing|drop|mind|suggest|recommend|keep|pencil|visit"
    r"|look|repeat|confirm|tell|check|accommodate|bump|slot|shift|reserve|block|pop|delay|postpone"
    r"|rebook|reschedule|chat|catch|touch|connect|zoom|demo|walk|sit|join|accept"
    r"|bring (?:it|that|this|us|me|the \w+) (?:forward|up|in|back))\b)[a-z]{2,})\b"
)
"""Opens a question in which a day or an hour is not for the meeting."""
_ASKS_ON = re.compile(
    r"(?:[,.;?!]\s*|\s+)(?:and|but|also|oh|by the way|one more thing)[ ,]+(?:also )?"
    r"(?P<asks>(?:do|does|can|could|what|how|is|are|will|would) (?:you|it|the|we|your|there)\b)"
)
"""Where a choice ends and another kind of question begins."""
_ASKS = re.compile(
    r"[.;?!]\s+(?=(?:(?:and|but|also|oh|then)\b,? )*(?:do|does|can|could|what|how|is|are|will|would"
    r"|which|who|where|why) (?!(?:that|those|these|it|you) (?:work|suit|free|available|okay|ok)))"
)
"""A sentence that asks; one about another time still belongs to the choice."""
BARE_TIME = 5
"""Most words of just a day with its hour."""


def about_meetings(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    """The commands of a turn that choose, decline, move or cancel, with their places."""
    if state.board is None:
        return []
    if not state.times.slots and (others := _instead(u, state, company)):
        return others
    fresh = state.times.fresh(u.said.turn)
    live = bool(state.times.slots) and (fresh or (brief(u.text) and speaks_of_one(u.text)))
    if live and state.meeting.moving and (chosen := _moved_to(u, state, company)):
        return chosen
    if (stands(state) or not live) and (found := _change(u, state, company)):
        return found
    if live and (stays := _stays(u, state, company)):
        return stays
    if live and (off := _CANCEL.search(u.text)) and brief(u.text) and not _MAY.search(u.text):
        return [(WantsNoCall(u.span(*off.span())), 0, len(u.text))]
    if live:
        if zone_told(u.text) and len(u.tokens) <= A_ZONE and not clock_times(u.text, bare=True):
            when = state.wants.when
            again = RequestMeeting(u.whole(), when) if when else ChooseSlot(u.whole(), ())
            return [(again, 0, len(u.text))]
        return _choice(u, state, company)
    if state.meeting.held is None:
        return _proposed_before(u, state, company)
    times = replace(state.times, slots=(state.meeting.held,), turn=u.said.turn - 1)
    kept = replace(state, times=times)
    return [c for c in _choice(u, kept, company) if isinstance(c[0], RequestMeeting | PassSlots)]


def _proposed_before(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    """A time that suits, for the meeting or call proposed some turns ago."""
    proposed = {"slots", "callback"} & {*state.proposals.made}
    if not proposed or state.arranged or not brief(u.text):
        return []
    zone = own_zone(state, company, state.judged.rep or "")
    wish = wish_of(u.text, u.said.at.astimezone(zone).date())
    meant = SUITS.search(u.text) or (wish.at and len(u.tokens) <= BARE_TIME)
    if not meant or not wish.days or _OTHER_MATTER.search(u.text):
        return []
    return [(RequestMeeting(u.whole(), u.text), 0, len(u.text))]


def _instead(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    """Another of the offered times, for the meeting booked at one of them."""
    if not state.times.choices:
        return []
    zone = own_zone(state, company, state.times.choices[0].rep)
    picked = instead(u, state, zone, _rep_zone(state.times.choices, company))
    ids, meeting = tuple(s.id for s in picked), state.meeting.booking
    if not ids:
        return []
    if meeting and [s.start for s in picked] == [meeting.start]:
        return [(KeepMeeting(u.whole()), 0, len(u.text))]
    return [(ChooseSlot(u.whole(), ids, asks_of_them(u.text)), 0, len(u.text))]


def _stays(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    """Whether a meeting for which other times are on offer should stay as it is."""
    found, moving = _KEPT.search(u.text), state.meeting.moving
    if found is None or moving is None:
        return []
    zone = own_zone(state, company, moving.rep)
    wish = wish_of(u.text, u.said.at.astimezone(zone).date())
    if wish.names_a_time and not wish.fits(moving.start.astimezone(zone)):
        return []
    return [(KeepMeeting(u.span(*found.span())), 0, len(u.text))]


def beside(text: str, offered: Sequence[Slot | Booking], zone: ZoneInfo) -> Wish:
    """A time before or after the offered ones, on their days; empty if none is wished for."""
    local = sorted(slot.start.astimezone(zone) for slot in offered)
    if not local or not (_SOONER.search(text) or _AFTER.search(text)):
        return Wish()
    days = frozenset(t.date() for t in local)
    if _SOONER.search(text):
        return Wish(days, latest=min(t.time() for t in local))
    last = max(local, key=lambda t: t.time())
    return Wish(days, earliest=(last + timedelta(minutes=1)).time())


def said_of_time(wanted: RequestMeeting, said: str) -> str:
    """The words that say when: the whole turn, or what follows the request if that says more; of a
    long one, the sentences of the request."""
    text, when, quote = said.lower(), wanted.when.lower(), wanted.span.quote.lower()
    if not when or when not in text:
        return wanted.when  # of an earlier turn: this one gives its zone
    begins = text.find(quote) if _OTHER_MATTER.search(text) else 0
    text = text[max(begins, 0) :]
    if len(text.split()) <= LONG:
        return text
    told = (text[a:b].strip() for a, b in sentences(text))
    return " ".join(part for part in told if when in part or quote in part) or when


def stands(state: ConversationState) -> bool:
    """Whether this caller has a meeting that could be changed."""
    return state.meeting.booking is not None or bool(state.board and state.board.booked)


def own_zone(state: ConversationState, company: Company, rep: str) -> ZoneInfo:
    """The zone of a buyer's words about time: theirs, else the rep's."""
    known = state.zone
    if known is not None:
        return known.zone
    person = company.rep(rep)
    return ZoneInfo(person.timezone if person else company.timezone)


def _change(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    """A meeting to be moved or cancelled; a buyer without one must mention one."""
    whole = 0, len(u.text)
    known = stands(state) or _OWN.search(u.text)
    meeting = state.meeting.booking or next(iter(state.board.booked if state.board else ()), None)
    there = own_zone(state, company, meeting.rep if meeting else "")
    at = u.text, meeting, u.said.at.astimezone(there).date(), there
    if known and (match := _CANCEL.search(u.text) or by_day(CANCELS, *at)):
        return [(CancelMeeting(u.span(match.start(), match.end())), *whole)]
    match = _MOVE.search(u.text) or _CANNOT.search(u.text) or by_day(MISSES, *at)
    choosing = state.times.slots and state.meeting.booking is None and state.meeting.moving is None
    if known and match and not choosing:
        return [(MoveMeeting(u.span(match.start(), match.end()), u.text), *whole)]
    if state.meeting.booking and not choosing and len(u.tokens) <= SHORT:
        zone = own_zone(state, company, state.meeting.booking.rep)
        wish = wish_of(u.text, u.said.at.astimezone(zone).date(), bare=True)
        asks = SUITS.search(u.text) or _POSSIBLE.search(u.text)
        just = state.awaited.ask in (None, "name", "email") and only_a_time(
            u.text, u.said.at.date()
        )
        other = (asks or just) and not wish.fits(state.meeting.booking.start.astimezone(zone))
        near = beside(u.text, (state.meeting.booking,), zone) or not_then(u.text)
        at_once = state.times.fresh(u.said.turn) and near
        if at_once or (wish.names_a_time and (other or _BETTER.search(u.text))):
            return [(MoveMeeting(u.span(*whole), u.text), *whole)]
    return []


def _moved_to(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    """Where a meeting is to be moved: to one of the offered times, or on their day to its own."""
    chosen = _choice(u, state, company)
    if picked := [c for c in chosen if isinstance(c[0], ChooseSlot) and c[0].slots]:
        return picked
    zone = own_zone(state, company, state.times.slots[0].rep)
    days = {slot.start.astimezone(zone).date() for slot in state.times.slots}
    if len(days) > 1 or not SAME.search(u.text) or not brief(u.text):
        return []
    own = state.meeting.moving.start.astimezone(zone).time() if state.meeting.moving else None
    same = [s.id for s in state.times.slots if s.start.astimezone(zone).time() == own]
    if len(same) == 1:
        return [(ChooseSlot(u.whole(), tuple(same)), 0, len(u.text))]
    when = f"{DAYS[days.pop().weekday()]}, {u.text}"
    return [(MoveMeeting(u.whole(), when), 0, len(u.text))]


def _choice(u: Utterance, state: ConversationState, company: Company) -> list[Placed]:
    zone = own_zone(state, company, state.times.slots[0].rep)
    today = u.said.at.astimezone(zone).date()
    just_asked = state.times.turn == u.said.turn - 1
    ends = [
        m.start()
        for m in _ASKS_ON.finditer(u.text)
        if not asks_to_meet(u.text[m.start("asks") :], today)
    ]
    ends += [m.start() for m in _ASKS.finditer(u.text) if not wish_of(u.text[m.end() :], today)]
    end = min(ends, default=len(u.text))
    text, span = LATER_THEN.sub("", u.text[:end]), u.span(0, end)
    if any(p.search(text) for p in (_OTHER_MATTER, _OF_THEIRS)) or _OF_THE_PRODUCT.match(text):
        return []
    wish = wish_of(NUMBERED.sub(" ", DAY_ONE.sub(r"\1", text)), today, bare=just_asked)
    wish = of_the_offered(wish, {s.start.astimezone(zone).date() for s in state.times.slots})
    if not just_asked and wish.days and min(wish.days) > today + AHEAD:
        return []
    free_then = asks_what_is_free(text.strip()) if wish.days else False
    if free_then or (not wish and beside(text, state.times.slots, zone)):
        return [(RequestMeeting(span, text.strip()), 0, end)]
    picked = picked_of(text, state.times.slots, wish, zone, _rep_zone(state.times.slots, company))
    if picked:
        asked = _ASKED.search(text) is not None
        return [(ChooseSlot(span, tuple(s.id for s in picked), asked), 0, end)]
    if wish.names_a_time or wish.soonest or (just_asked and much_later(text, today)):
        near = just_asked and brief(text)
        near = near or (state.awaited.asks(u.said.turn) is None and only_a_time(text, today))
        if near or _ASKS_TIMES.search(text) or NEITHER.search(text):
            return [(RequestMeeting(span, text.strip()), 0, end)]
        return []
    if _REMIND.search(text) or any(pattern.search(text) for pattern, _ in NTH):
        return [(ChooseSlot(span, ()), 0, end)]
    free = state.awaited.offer in (None, "more", "slots") or not state.awaited.fresh(u.said.turn)
    if not just_asked and free and TAKES_IT.match(text):
        return [(ChooseSlot(span, tuple(s.id for s in state.times.slots)), 0, end)]
    if match := NEITHER.search(text):
        return [(PassSlots(u.span(match.start(), match.end())), match.start(), match.end())]
    return []


def _rep_zone(offered: Sequence[Slot], company: Company) -> ZoneInfo:
    rep = company.rep(offered[0].rep)
    return ZoneInfo(rep.timezone if rep else company.timezone)
