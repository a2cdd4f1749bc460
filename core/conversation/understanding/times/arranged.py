"""Questions about the offered meeting or the promised call, rather than about us. Pure.

"How long would that take?" right after times were offered means the meeting; after an answer about
the set-up in between it means that.
"""

import re

from core.commands import AskArranged, ChooseSlot, Matter, RequestMeeting
from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.contact import WRITTEN
from core.conversation.words.utterance import Utterance
from knowledge.leading import lead_with

_WHICH = r"(?:the|that|this|our|my|your|an?)"
_NOUN = rf"(?:{_WHICH} (?:\w+ )?(?:meeting|call|demo|appointment|session|chat|visit|slot)s?)"
_IT = rf"(?:{_NOUN}|that|this|it|they|one(?: of those)?)"
_BY_WHAT = (
    r"(?:zoom|teams|google meet|webex|skype|video(?: call)?|phone(?: call)?|the phone|telephone"
    r"|in person|on ?line|virtual|remote|face to face)"
)
_OPENS = r"(?:^|[,.?!] |\b(?:so|and|be|it|that|call|meeting|demo|meet|talk|speak) )"
"""Before the ways of a meeting rather than those of a product: "so by phone or video"."""
_OF_IT = (
    rf"(?= ?(?:$|[?.,;!])| (?:please|too|also|as well|then|again|beforehand|closer|or|and|so|via"
    rf"|(?:for|of|about|before|with) (?:it|that|this|{_NOUN}|the (?:time|details))"
    rf"|to (?:join|dial|it|me|us|{_NOUN}|(?:my|our) (?:e-?mail|phone|cell|calendar|inbox))"
    r"|the (?:day|night|morning|evening|hour) before|on the day|in (?:advance|the morning)"
    r"|an? (?:hour|day|bit|few) |by (?:e-?mail|text|phone|sms))\b)"
)
"""After what they get for a meeting: "a reminder the day before", unlike one "for patients"."""
_WHO = r"(?:they|she|he|you|you guys|someone|somebody|anyone|\w+)"
_ENDS = r"(?= ?(?:$|[?.,;!]| (?:and|then|roughly|about|usually|normally|exactly|again)\b))"
_GUEST = (
    r"(?:(?:my|our|the|an?|another|some|one of (?:my|our)|two of (?:my|our)) (?:[\w-]+ ){0,2}?"
    r"(?:colleagues?|co-?workers?|boss|manager|partner|team(?: ?mates?)?|assistant|wife|husband"
    r"|friend"
    r"|director|engineers?|developers?|guys?|people|person|head|lead|analysts?|consultant|architect"
    r"|c[a-z]o|vp|accountant|admin|folks|lady)|others|more people|(?:someone|somebody|anyone) else"
    r"|we both"
    r"|both of us|(?:two|three) of us)"
)
_GUESTS = re.compile(
    rf"\b(?:can|could|may|should|shall|would|is it (?:ok|okay|fine|all right|possible))(?: if"
    rf"| that)?"
    rf" {_GUEST} (?:\w+ )?(?:joins?|be (?:there|on (?:it|the call))|sits? in|takes? part"
    rf"|comes?(?: along)?"
    r"|dials? in|attends?|listens? in)\b"
    rf"|\b(?:can|could|may|should) (?:i|we|you)(?: also| please)? (?:bring|invite|include|have|get"
    rf"|add"
    rf"|loop in|cc|copy)(?: along| in)? {_GUEST}\b"
)
"""Whether somebody else may attend as well."""
_ASKS: tuple[tuple[re.Pattern[str], Matter], ...] = (
    (
        re.compile(
            rf"\bhow (?:long|much time) (?:will|would|does|do|is|are|should|would you say)"
            rf"(?: it| i| we)*(?: {_IT})?(?: (?:going to|gonna|usually|normally|typically|likely))*"
            rf"(?: (?:take|last|be|run|need|have|go))?(?: for)?(?: {_IT})?{_ENDS}"
            r"|\bhow long(?: then| roughly| about)?[ ?.]*$|\bhow long (?:are|is) (?:we talking"
            r"|that)\b"
            rf"|\bhow many minutes\b|\b(?:is|are) {_IT} (?:long|half an hour|an hour"
            rf"|thirty minutes)\b"
        ),
        "length",
    ),
    (
        re.compile(
            rf"\bwhat (?:happens|do we (?:do|cover|discuss)|would we (?:do|cover|discuss"
            rf"|talk about)"
            rf"|will we (?:do|cover|discuss|talk about)|goes on|is covered"
            r"|(?:will|would|does) (?:the|that|this) (?:first )?(?:call|meeting|visit|demo)"
            r" (?:look like|be like|cover|involve))"
            rf"(?: (?:on|in|during|at|there))?(?: {_NOUN})?{_ENDS}"
            rf"|\bwhat(?:'s| is| will| would)(?: be)? {_IT}(?: be)?(?: all| going to be)?"
            rf" (?:about|for)"
            rf"{_ENDS}|\bwhat(?:'s| is) (?:on )?the agenda\b"
            r"|\b(?:what (?:should|do|must) (?:i|we) (?:need to )?"
            r"(?:prepare|bring|have (?:here )?ready)"
            r"|(?:do|should) (?:i|we) (?:need to )?(?:prepare|bring)(?: anything)?)\b"
        ),
        "content",
    ),
    (
        re.compile(
            r"\bwho(?:'s| is| will| would|'ll)(?: (?:be|it|that|this|gonna|going to|actually))*"
            rf" (?:on|with|in|calling|joining|there|i be \w+|i (?:talk|speak|meet)\w*)\b"
            r"|\bwho (?:will|would|do|am|is|should) (?:i|we)(?: be| going to)*"
            r" (?:talk|speak|meet|talking|speaking|meeting|seeing)\b"
            r"(?!(?: to| with)? (?:about|regarding|for|if|concerning)\b)"
            rf"|\bwho(?:'s| is) {_IT} with\b|\bwho (?:calls|will call|would call|is calling)\b"
        ),
        "who",
    ),
    (
        re.compile(
            rf"\b(?:is|will|would) {_IT}(?: be| going to be| done| held)*"
            rf" (?:(?:a|an|by|on|over|via|in|through|using) )*{_BY_WHAT}\b[^.?!]*"
            rf"|{_OPENS}(?:by|on|over|via|through) {_BY_WHAT} or\b[^.?!]*"
            rf"|{_OPENS}{_BY_WHAT} or (?:in person|zoom|teams|video|phone)\b[^.?!]*"
            rf"|\bwhere (?:is|will|would|does|do) (?:{_IT}|we)"
            r"(?: be| take place| happen| meet| held)*[ ?.!]*$"
            r"|\b(?:will|do|would) (?:i|we|you) (?:get|send|have|need)(?: me| us)?"
            r" (?:an? |the )?(?:zoom |teams |video |meeting |dial[ -]in )?(?:link|dial[ -]in)\b"
            rf"(?: number| code)?{_OF_IT}[^.?!]*"
        ),
        "how",
    ),
    (
        re.compile(
            r"\b(?:can|could|will|would|do|does) (?:you|someone|somebody|they|he|she|i|we)"
            r"(?: \w+)? (?:remind|send|get|have|receive)(?: (?:me|us))?(?: (?:an?|the|some))?"
            r"(?: (?:text|e-?mail|calendar))?(?: (?:remind\w*|invite|invitation|confirmation)\b"
            rf"|(?<=remind me)|(?<=remind us)){_OF_IT}[^.?!]*"
        ),
        "reminder",
    ),
)
_OF_A_CALL = re.compile(
    rf"\b(?:when|what time|how (?:long|soon)|which day)(?: (?:till|until|before|would|will|do|does"
    rf"|is|are|can|should|could))*(?: {_WHO}(?:'s| is| are)?)?(?: (?:going to|gonna|be|likely"
    r" to|i|can|will|could|would))*(?: (?:call|calls|calling|ring|rings|phone|get back|hear"
    r"|expect)\b[^.?!]{0,24})?[ ?.!]*$"
)
_HEARS_BACK = re.compile(
    r"\b(?:when|by when|how (?:soon|long|quickly|fast))(?: (?:till|until|before|would|will|do"
    r"|does|can"
    r"|should|could))* (?:i|we|you|they|she|he|someone|somebody|\w+)(?:'ll| will)?"
    r" (?:be )?(?:hear(?:ing)?"
    r"|get(?:ting)?|know|have|expect|answer|reply|respond|follow up|write|come back)\b"
    r"(?=[^.?!]{0,30}\b(?:back|answers?|reply|repl(?:ies|y)|respon\w+|that|it|from (?:you|them"
    r"|her|him)"
    r"|soon|follow up)\b|[ ?.!]*$)[^.?!]*"
)
_CALLING = re.compile(r"\b(?:call|ring|phone|hear from|hear\\W*$|get back|expect)")
_WHEN_ALONE = re.compile(
    lead_with("yeah", "great")
    + r"(?:when|what time|when(?:'s| is| would| will) (?:that|it)(?: be)?"
    r"|what time (?:is|would|will) (?:that|it)(?: be)?"
    r"|when(?: exactly| then| roughly| about)+)[ ?.!]*$"
)
_WHO_CALLS = re.compile(
    r"\bwho(?:'s| is| will be|'ll be)?(?: (?:going to|gonna|actually|it that))*"
    r" (?:calling|calls|call|will call|would call)(?: me| us)?[ ?.!]*$"
)
_CONTACT = re.compile(
    r"\bwho (?:would|will|do|does|am|are|should) (?:i|we|they|he|she)(?: be| going to)*"
    r" (?:work|working|deal|dealing|in touch)(?: (?:with|together))?(?= ?(?:$|[?.,;!]))"
    r"|\bwho do (?:they|he|she) (?:talk|speak) (?:to|with)(?= ?(?:$|[?.,;!]))"
    r"|\bwho(?:'s| is| would be|'d be| will be|'ll be) (?:our|my) (?:\w+ )?"
    r"(?:contact|rep|representative|person|account (?:manager|exec\w*|rep))\b"
)
"""Asks which of us looks after them."""
_WHAT_STANDS = re.compile(
    r"\bwhat (?:did|have|was it|is it) we (?:say|said|agree|agreed|arrange|arranged|settle|settled)"
    r"(?: on)?(?: (?:now|then|again|for \w+))*[ ?.!]*$"
    r"|\b(?:what|which) (?:day|date|week|\w+day) (?:is|was|would) (?:that|it)(?: (?:again|then|on"
    r"|be))*[ ?.!]*$"
    r"|\b(?:what|which) time ?zone(?: (?:is|was|are|were) (?:that|it|this|they|those|these|the"
    r" (?:times?|slots?|meeting|call|demo))\b[^.?!]*| (?:then|again|do you mean|did you mean))?"
    r"[ ?.!]*$"
    r"|\b(?:is|was) (?:that|it|this) (?:in |on )?(?:my|your|our|their|local|eastern|central"
    r"|mountain|pacific) time\b[^.?!]*[ ?.!]*$|\b(?:my time or yours|your time or mine)[ ?.!]*$"
    r"|\bwhat(?:'s| is) (?:arranged|agreed|booked|the plan)(?: (?:now|then|again))*[ ?.!]*$"
    r"|\bso what do we have(?: (?:now|then))?[ ?.!]*$"
    rf"|\b(?:when|(?:what|which) (?:time|day|date))(?:'s| is| was) (?:it|that|{_NOUN})"
    r"(?: (?:again|then|now|at|on|for))*[ ?.!]*$"
    rf"|\bwhat(?:'s| is| was) (?:{_NOUN}(?:'s)?|my) (?:time|date|day|slot)"
    r"(?: (?:again|then|now))*[ ?.!]*$|\bremind me (?:what|when) (?:we|it|that)\b[^.?!]*$"
)
"""Asks what is currently agreed."""
_COMES = re.compile(
    r"\bwhen (?:will|do|can|should) (?:i|we) (?:get|have|see|receive|expect) (?:it|that|this|them"
    r"|(?:the|my|our|that|an?) \w+)[ ?.!]*$"
)
"""Asks when they get what they are waiting for."""
_THEIR_NAME = re.compile(
    r"\b(?:what(?:'?s| is| was)|what did you say) (?:his|her|their|that"
    r"|(?:the|that) (?:guy|lady|person|rep)(?:'s)?) (?:first |last )?name"
    r"(?: (?:was|is))?(?: again)?[ ?.!]*$"
    r"|\bwho (?:was|is|did you say)(?: (?:it|that|he|she|this|they))*(?: (?:with|was|is|again|calls"
    r"|would call|will call))* ?again\b"
    r"|\bwho(?:'s| is| will)(?: (?:that|it|he|she|this|be))+(?: (?:with|again))*[ ?.!]*$"
)
_WHO_I_SEE = re.compile(
    r"\bwho (?:will|would|do|am|should) (?:i|we)(?: be| going to)*"
    r" (?:talk|speak|meet|talking|speaking|meeting|seeing)(?: (?:to|with|then|again))*[ ?.!]*$"
)
"""Asks whom they will talk to, and nothing about what."""
_COMES_ALONG = re.compile(r"\b(?:else|others|joins?|along|(?:sits?|listens?|dials?) in)\b")
_WHO_SENDS = re.compile(
    r"\bwho(?:'s| is| will| would|'ll)? ?(?:be |going to |gonna |actually )*"
    r"(?:sends?|sending|mails?|mailing|e-?mails?|e-?mailing|writes?|writing|answers?|answering"
    r"|gets? back|getting back)\b(?: (?:it|that|this|me|us|to|the|back|with|on|over|about|answer"
    r"|quote|mail|e-?mail))*(?: and when)?[ ?.!]*$"
)
_OUR_NUMBER = re.compile(
    r"\b(?:what|which) (?:phone )?number (?:do|did|have|will|would|are|is) (?:you|he|she|they)"
    r"(?: (?:have|got|call|calling|use|using|put down|write down|on|for|me|going to|gonna|down))*"
    r"[ ?.!]*$|\bmy number\b[^.?!]{0,12}[?.,]? ?(?:it's|it is|isn't it|don't you|you have|that's)"
    r"\b[^.?!]*\b(?:screen|display|caller id|there|see it|have it)\b"
    r"|\b(?:don't|do|can't|can|didn't) you (?:have|see|get) (?:my|the) number\b[^.?!]*"
)
"""Asks on which number they will be called."""
_REACH = re.compile(
    r"\bhow (?:do|can|could|would|should) (?:i|we) (?:reach|contact|call|get (?:a )?hold of"
    r"|get back to|get in touch with) (?:you|you guys|him|her|them|somebody|someone)(?: back)?"
    r" (?:if|when|in case|after|later|before|again|should)\b[^.?!]*"
    r"|\bwhat (?:number|address) (?:do|can|should) (?:i|we) (?:call|use|ask for|write to|dial)"
    r"(?: (?:you|him|her|if|to|on|at|back)\b[^.?!]*)?[ ?.!]*$"
    r"|\bwho(?:m)? do (?:i|we) ask for(?: when| if)?\b[^.?!]*"
    r"|\bwhat do (?:i|we) ask for when\b[^.?!]*"
)
"""Asks how to reach us again."""
_LET_KNOW = re.compile(
    lead_with("sure", "great", "cool", "good", "fine", "yeah", "just", "please")
    + r"(?:you(?:'ll)? )?(?:please )?let (?:me|us) know(?: (?:then|please|when you can|thanks"
    r"|soon))*[ .!]*$"
)
"""Wants to hear from us, and says no more."""
_NAMED = re.compile(
    rf"\b{_NOUN}|\b(?:prepare|bring|agenda|have ready)\b|\b(?:talk|speak|meet|talking|speaking"
    rf"|meeting)(?: (?:to|with))?$"
)
"""Words that make a question about the meeting, however long ago it was mentioned."""


def about_arranged(u: Utterance, state: ConversationState, placed: list[Placed]) -> list[Placed]:
    """Questions about a meeting on offer or booked, or a promised call.

    `placed`: what else the turn says about meetings and calls.
    """
    if found := _of_what_stands(u, state):
        return found
    if state.callback is not None and state.meeting.booking is None:
        match = _WHEN_ALONE.match(u.text) or _OF_A_CALL.search(u.text) or _WHO_CALLS.search(u.text)
        alone = match is not None and match.re is not _OF_A_CALL
        if match and (alone or _CALLING.search(match.group())):
            return [(AskArranged(u.span(*match.span()), "when"), *match.span())]
    if _arranged(state) and (match := _GUESTS.search(u.text)) and not WRITTEN.search(u.text):
        return [(AskArranged(u.span(*match.span()), "guests"), *match.span())]
    owed = bool(state.given.promises) or any(q.status == "deferred" for q in state.questions)
    if owed and state.callback is None and (match := _HEARS_BACK.search(u.text)):
        return [(AskArranged(u.span(*match.span()), "answer"), *match.span())]
    if match := _CONTACT.search(u.text):
        return [(AskArranged(u.span(*match.span()), "contact"), *match.span())]
    offered = any(isinstance(c, RequestMeeting) for c, _, _ in placed)
    fresh = state.times.turn == u.said.turn - 1 and bool(state.times.slots)
    fresh = fresh or (state.meeting.booking is not None and state.times.fresh(u.said.turn))
    known = bool(state.times.slots or state.meeting.held or state.meeting.booking) or offered
    if not known or any(isinstance(c, ChooseSlot) for c, _, _ in placed):
        return []
    for pattern, matter in _ASKS:
        match = pattern.search(u.text)
        booked = matter == "who" and state.meeting.booking is not None
        if match and (fresh or offered or booked or _NAMED.search(match.group())):
            return [(AskArranged(u.span(*match.span()), matter), *match.span())]
    return []


def of_whom_they_meet(command: AskArranged) -> bool:
    """Whether a question about what is arranged sounds like a request for a person: "who do I talk
    to", "can someone else join"."""
    quote = command.span.quote.lower()
    if command.about == "guests":  # "can I get a real person to …" is a request
        return _COMES_ALONG.search(quote) is not None
    return command.about in ("who", "contact") and _WHO_I_SEE.search(quote) is not None


def _arranged(state: ConversationState) -> bool:
    """Whether times are on offer, one is held, or something is agreed."""
    return bool(state.times.slots or state.meeting.held) or state.arranged


def _of_what_stands(u: Utterance, state: ConversationState) -> list[Placed]:
    """Questions about what was agreed: with whom, when, on which number, by which channel."""
    arranged = _arranged(state)
    owed = bool(state.given.promises) or any(q.status == "deferred" for q in state.questions)
    asks: list[tuple[re.Pattern[str], Matter, bool]] = [
        (_REACH, "reach", arranged or owed),
        (_OUR_NUMBER, "number", state.arranged or bool(state.opened.caller)),
        (_WHO_SENDS, "answer", owed or bool(state.signals.value("email"))),
        (_WHAT_STANDS, "when", arranged),
        (_COMES, "when" if state.callback else "answer", owed or state.callback is not None),
        (_WHEN_ALONE, "answer", owed and not arranged),
        (_THEIR_NAME, "contact", arranged or owed),
        (_WHO_I_SEE, "contact", state.arranged and state.meeting.booking is None),
        (_LET_KNOW, "when" if state.arranged else "answer", arranged or owed),
    ]
    for pattern, matter, known in asks:
        if known and (match := pattern.search(u.text)):
            return [(AskArranged(u.span(*match.span()), matter), *match.span())]
    return []
