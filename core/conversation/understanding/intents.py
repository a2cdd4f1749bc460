"""Requests in a turn other than product questions: a person, a callback, an end, the truth."""

import re
from collections.abc import Sequence

from core.commands import (
    Abuse,
    AllowRecording,
    AskIfAI,
    AskIfRecorded,
    AskNext,
    AskRepeat,
    AskWhy,
    Busy,
    Chase,
    Command,
    DeclineRecording,
    DeclineToSay,
    Emergency,
    EndCall,
    Invite,
    OffTopic,
    OptOut,
    ReadyToBuy,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    ReturnsCall,
    Smalltalk,
    WantsNoCall,
)
from core.conversation.understanding.asks.told_back import ASKS_TOLD, asks_told
from core.conversation.understanding.manners import MANNERS, Make
from core.conversation.understanding.meant import barred, request
from core.conversation.understanding.times.when import come_themselves, wants_a_visit, when_of
from core.conversation.words.plain import Plain
from core.conversation.words.utterance import Utterance
from core.talk import Span

_CAME = (
    r"(?:got|get|gotten|called|call|rang|phoned|came|come|show(?:ed|n)?(?: up)?|replied"
    r"|reply|repl(?:ies)|answers?"
    r"|answered|responded|responds?|picks? up"
    r"|contacted|contact|reached out|followed up|wrote|written)"
)
_WHERE = ("address", "link", "site", "page")
RULES: tuple[tuple[str, Make], ...] = (
    (
        rf"(?:nobody|no one|none of you|they (?:never|(?:still )?(?:didn't|haven't|don't))"
        r"|you (?:never|(?:still )?(?:didn't|haven't))"
        r"|your (?:\w+ )?(?:guys?|man|person|people|rep|salesman|estimator|surveyor) (?:never"
        r"|(?:still )?(?:didn't|haven't|hasn't)))"
        rf"(?: (?:has|have|had|ever|even|actually|still|yet))* {_CAME}(?: back)?(?: (?:to|with))?"
        r"(?: (?:me|us|my (?:e-?mails?|mails?|messages?|requests?)))?(?: back)?(?: yet)?"
        r"|(?:you|he|she|they|someone|somebody|one of you|your \w+(?: \w+)?) (?:was|were)"
        r" (?:supposed|meant|going|due) to (?:call|ring|phone|contact|get back to|follow up with"
        r"|write to|e-?mail) (?:me|us)"
        r"|(?:i|we|and) (?:was|were) promised (?:an? )?(?:call(?: ?back)?|answer|reply|quote)"
        r"|still waiting (?:for|on) (?:an?|the|your|my|that) (?:\w+ )?(?:answer|reply|response"
        r"|call(?: ?back)?|quote)"
        r"|(?:i|we) (?:still )?haven't (?:yet )?(?:got|gotten|received|had|seen) (?:an?|any"
        r"|your|the)"
        r" (?:answer|reply|response|quote|call)|haven't heard (?:back|(?:anything )?from (?:you"
        r"|anyone|anybody))",
        lambda s, u: Chase(s, missed=True),
    ),
    (
        r"is (?:anyone|anybody|somebody|someone) (?:actually |even |really )?(?:reading|looking at"
        r"|monitoring|checking) (?:this|these|that|my \w+|your \w+)",
        lambda s, u: Chase(s, missed=True),
    ),
    (
        r"(?:second|third|fourth) time (?:i'm |i am |i |we're |we )?(?:asking|ask|writing|write"
        r"|calling|call)"
        r"|(?:i|we) (?:already )?(?:asked|wrote|emailed)"
        r"(?: (?:to )?you| this| that| about \w+)* (?:yesterday|twice|already"
        r"|last \w+|\w+ (?:days|weeks) ago)(?: too| already)?"
        r"|(?:i|we) (?:already called|(?:have |had )?called(?: you)?(?: \w+){0,2} (?:twice|already"
        r"|\w+ times))"
        r"|(?:i|we)(?:'ve| have)? already (?:wrote|written|emailed|contacted|called)"
        r" (?:to )?(?:your )?(?:support|you|them|service|somebody|someone|the \w+)",
        lambda s, u: Chase(s, missed=True),
    ),
    (
        r"(?:(?:is|are) there |do you have |have you |got )?any (?:news|updates?|progress|word)"
        r"(?: yet)?(?: (?:on|about|regarding) (?:this|that|it|(?:my|our|the|your)(?: \w+){1,2}))?$"
        r"|(?:have you|did you|has anyone|did anyone) (?:had |get |got |have )?a chance to \w+"
        r"|(?:just |i'm |i am |^)(?:following up|checking in|circling back|bumping|touching base)"
        r"(?: (?:on|about|with you on) (?:this|that|it|my \w+|the (?:above|below)))?",
        lambda s, u: Chase(s, missed=False),
    ),
    (
        r"why (?:do|are|would|did|should) (?:you|i)(?! (?:need|want|have) (?:you|your|yours)\b"
        r"(?! to (?:know|have|ask)))(?: (?:need|want|have|care|asking|ask|tell"
        r"|say)(?:ing)?)(?: (?:to know|to"
        r" ask|that|this|me|you|about|it|all|my|for))*(?: \w+){0,2}|why do you ask"
        r"|what do you need (?:that|it|this|my \w+) for"
        r"|(?:what|how|why)? ?does (?:that|it|this) (?:even |really )?matter(?=$|[,.?!])"
        r"|why is that (?:important|relevant)",
        lambda s, u: AskWhy(s),
    ),
    (ASKS_TOLD, asks_told),
    (
        r"what (?:would|will|should) (?:the |our |my )?next steps? be|what(?:'s| is| are| happens"
        r"|(?: would|'d| will|'ll) be)? (?:the |our "
        r"|my )?next(?: steps?)?"
        r"(?: then| now| from here)?(?: (?:if|once|when|after) (?:we|i|that|this|they)\b.*)?$"
        r"|what happens (?:now|then|after this)"
        r"|(?<!, )what (?:do|should|must|can|shall) (?:i|we) do(?: now| then| next| here)?$"
        r"|how (?:do|can|does|should) (?:we|i|you|it|this) (?:proceed|go (?:on )?from here"
        r"|go on|go ahead"
        r"|move forward|continue)(?: from here| now| then)?"
        r"|where do we go from here|how (?:do|can) (?:i|we) (?:get started|get going|start$|begin$)"
        r"|how (?:do|can) (?:i|we) (?:sign up|subscribe|buy(?: it)?|order(?: it)?"
        r"|become a customer)(?: now| then| with you| from here)?$",
        lambda s, u: AskNext(s),
    ),
    (
        r"(?:can|could|may|should|shall) (?:i|we) (?:just )?(?:give|tell|share|send) (?:with )?you"
        r" (?:my|our|his|her|their|the|some|a) (?:[\w']+ ){0,3}(?:details|number|name|e-?mail"
        r"|address|contact|info(?:rmation)?|background|context)\b"
        r"|(?:i've|i have|i'm) (?:also )?(?:got |here with |on with )?(?:my|our) (?:[\w-]+ ){1,3}"
        r"(?:here|with me|(?:on|in) (?:the|this) (?:line|call|room)|listening in)"
        r"|(?:i|we)(?:'ve)?(?: just)?(?: have| got| had)?[^.?!,]{0,40}?\b(?:have|got|with)"
        r" (?:some |a few |a couple of |several |two |three |more )?questions?"
        r"(?: (?:about|on|regarding) (?:it|that|this|the \w+|your \w+))?$"
        r"|(?:you're|you are|i've got you|i have you) on speaker(?: ?phone)?",
        lambda s, u: Smalltalk(s, "offers"),
    ),
    (
        r"(?:tried|used|had|were with|worked with|been with|left|dropped|bought from|signed with)"
        r" (?:you(?:rs)?|your \w+)\b[^?]*\b(?:terrible|awful|horrible|nightmare|disaster"
        r"|disappoint\w*|unhappy|useless|painful|mess|frustrat\w+|(?:did not|didn't|never) work\w*"
        r"|went (?:badly|wrong)|fail\w*|bad)\b",
        lambda s, u: Smalltalk(s, "let_down_before"),
    ),
    (
        r"(?:been|was|were|am|kept|had me|had us)(?: \w+){0,2} (?:on hold|waiting|holding)"
        r"(?: (?:on the (?:line|phone)|forever|(?:for|like|about)(?: \w+){1,4}|\w+ minutes"
        r"|so long))+"
        r"|(?:been|was|kept|put me) (?:\w+ )?on hold"
        r"|(?:took|takes|taken) (?:you )?(?:forever|ages|so long|long enough)(?: to \w+(?: \w+)?)?"
        r"|finally(?:,)? (?:someone|somebody|a (?:voice|person))(?: \w+)?",
        lambda s, u: Smalltalk(s, "kept_waiting"),
    ),
    (
        r"(?:you|you people|you guys|you all|this thing|nobody here) (?:just |really |still )?"
        r"(?:never|don't|didn't|won't|can't|aren't|haven't|keep (?:dodging|avoiding))(?: even)?"
        r" (?:give|gave|giving|given|get|answer\w*)(?: me| us)?(?: an?)?"
        r"(?: (?:straight|clear|real|proper|direct|actual|simple))? (?:answers?|my question"
        r"|the question|anything(?= i ask))|that(?:'s| is| was)(?: really)? (?:not"
        r"|no) (?:really )?an?"
        r" answer|that (?:didn't|doesn't) answer (?:it|that|my question)",
        lambda s, u: Smalltalk(s, "miss"),
    ),
    (
        r"what (?:do|would) you need (?:from me|to know)|ask (?:me )?away|go ahead and ask"
        r"|ask me (?:anything|whatever)"
        r"|^(?:(?:so|and|ok|okay|well|um|uh)[, ]+)*(?:can|could|would) you (?:guys )?(?:help|do"
        r" anything)(?: (?:us|me))?(?: (?:out|with (?:that|this|it)|here|at all))*$"
        r"|what else do you need|(?:what|anything) (?:else )?(?:would you like"
        r"|do you want) to know|happy to answer"
        r"|fire away|what information do you need",
        lambda s, u: Invite(s),
    ),
    (
        r"(?:sorry |pardon |excuse me )?(?:what (?:was|is) that(?: again)?$"
        r"|can you (?:please )?repeat(?: that| it)?|say (?:that|it)"
        r" again|(?:could|can) you say (?:that|it) again|come again|i (?:didn't|did not"
        r"|couldn't) (?:hear|catch|get) (?:you|that"
        r"|what you said)|one more time|repeat that|what did you say(?=$|[,.?!]| (?:again"
        r"|before|please|there|just))|i missed that|(?:can|could|would) you (?:please )?(?:speak"
        r"|talk) (?:up|louder|slower"
        r"|more (?:slowly|loudly|clearly)|a (?:bit|little) (?:louder|slower|more \w+))(?: a (?:bit"
        r"|little))?(?: please)?"
        r"|you(?:'re| are|'ve| have)?(?: just| kind of| all)? (?:br(?:oke|eaking|oken) up"
        r"|cut(?:ting)? out"
        r"|faded? out)|(?:please )?say again(?=$|[,.?!])"
        r"|what(?:'s| is| was)(?: the| that| your)? (?:\w+ )?(?:address|number|name|link|site"
        r"|website|page|time|date|day|code) again(?=$|[,.?!]))"
        r"|^(?:pardon(?: me)?|(?:sorry|oh|wait|an?|say) what|huh|eh)$"
        r"|(?:(?<![^.!?])|(?<=[.!?] ))what$"
        r"|you(?:'ve| have)? (?:just |completely )?lost me|(?:went|goes|is|was) over my head",
        lambda s, u: AskRepeat(s, any(word in s.quote.lower() for word in _WHERE)),
    ),
    *MANNERS,
)  # fmt: skip


def _spoken(rule: str) -> str:
    """A rule whose `^` and `$` also match at a recogniser's full stop."""
    ends = re.sub(r"(?<!\\)\$", r"(?=\\s*(?:$|[.,;!?]))", rule)
    return re.sub(r"(?<![\[\\])\^", r"(?:(?<![^.,;!?])|(?<=[.,;!?] ))", ends)


COMPILED = tuple(
    (re.compile(rf"(?:(?<=\s)|(?<=^)|(?<=[,.;?!]))(?:{_spoken(p)})(?![\w'])"), make)
    for p, make in RULES
)


def intents(
    u: Utterance, text: Plain, kept: Sequence[tuple[int, int]] = ()
) -> list[tuple[Command, int, int]]:
    """Every request in the turn with its offsets: what `RULES` find, the earlier on overlap, and
    the meanings of `_MEANT` that no better fit excludes.

    `text`: the turn in plain words.

    `kept`: ranges that say who the caller is; a request in them is part of that.
    """
    found: list[tuple[Command, int, int]] = []
    for pattern, make in COMPILED:
        for match in pattern.finditer(u.text):
            if any(a < match.end() and match.start() < b for _, a, b in found):
                continue
            command = make(u.span(match.start(), match.end()), u)
            name = _NAMES.get(type(command))
            if name and barred(name, text, *text.back(match.start(), match.end())):
                continue
            if isinstance(command, AskWhy) and _OF_WHAT_IS_TOLD.search(u.text[: match.start()]):
                continue
            found.append((command, match.start(), match.end()))
            break
    made = sorted([*found, *_meant(u, text, found, kept)], key=lambda f: f[1])
    if _OTHER_NUMBER.search(u.text):  # "don't call this number, use 312 …"
        made = [m for m in made if not isinstance(m[0], OptOut)]
    return [(_in_writing(c) if _WRITE.search(u.text) else c, a, b) for c, a, b in made]


_OF_WHAT_IS_TOLD = re.compile(
    r"\b(?:is|are|was|were|it's|that's|they're|has|have|had|got|we've|i've|we're|i'm)\b"
    r"(?: [\w'-]+)+[,.]?\s*(?:(?:so|and|but|well|how)[, ]+)*$"
)
"""The subject of "does that matter", which is no question to us."""


def _in_writing(command: Command) -> Command:
    """A buyer who wants mail instead of calls has not opted out."""
    return DeclineToSay(command.span, "phone") if isinstance(command, OptOut) else command


_OTHER_NUMBER = re.compile(
    r"\b(?:use|try|call|ring|dial|take|reach (?:me|us) (?:at|on)|better (?:at|on)|but|instead"
    r"|rather)"
    r"(?: (?:me|us))?(?: (?:at|on))? (?:my (?:cell|mobile|office|work|home|direct|other|own)\b"
    r"|(?:the|our) (?:office|main|other)\b|\+?\d|(?:zero|oh|one|two|three|four|five|six|seven|eight"
    r"|nine)(?: \w+){3,})"
)
"""Gives a better number than the one not to call."""
_WRITE = re.compile(
    r"\b(?:just|only|rather|better|prefer\w*)(?: \w+){0,2} (?:e-?mails?|mail|write|text|message)\b"
    r"(?! (?:list|address))|\b(?:e-?mail|write|text|message)(?: me| us| to me)?(?: \w+)? instead\b"
)
"""How they want to be contacted, after how they do not."""


_NAMES: dict[type[Command], str] = {
    OptOut: "opt_out", DeclineRecording: "recording", RequestMeeting: "meeting",
    RequestCallback: "callback",
}  # fmt: skip
"""Requests that the surrounding clause may negate, whichever rule found them."""


_MEANT: tuple[tuple[str, Make, tuple[type[Command], ...]], ...] = (
    ("abuse", lambda s, u: Abuse(s), ()),
    ("opt_out", lambda s, u: OptOut(s), ()),
    ("recording", lambda s, u: DeclineRecording(s), ()),
    ("allow_recording", lambda s, u: AllowRecording(s), (DeclineRecording,)),
    ("returned", lambda s, u: ReturnsCall(s), (Chase, OptOut)),
    ("callback", lambda s, u: RequestCallback(s, when_of(u)), (OptOut, ReturnsCall)),
    ("postpone", lambda s, u: Busy(s), (OptOut, RequestCallback)),
    ("machine", lambda s, u: AskIfAI(s), ()),
    ("ask_recorded", lambda s, u: AskIfRecorded(s), (DeclineRecording, AllowRecording, AskIfAI)),
    ("person", lambda s, u: _person(s, u), (AskIfAI, OptOut, RequestCallback)),
    ("buy", lambda s, u: ReadyToBuy(s, when_of(u)), (RequestMeeting, RequestCallback)),
    ("visit", lambda s, u: _visit(s, u), (RequestCallback, RequestHuman)),
    ("meeting", lambda s, u: _meeting(s, u), (RequestCallback, RequestHuman)),
    (
        "no_call",
        lambda s, u: WantsNoCall(s),
        (OptOut, RequestCallback, RequestHuman, RequestMeeting),
    ),
    ("emergency", lambda s, u: Emergency(s), ()),
    ("off_topic", lambda s, u: OffTopic(s), (AskIfAI,)),
    ("goodbye", lambda s, u: EndCall(s), ()),
    ("wait", lambda s, u: Smalltalk(s, "wait"), (Smalltalk, AskIfAI)),
)
"""Patterns in the order they are tried, the command they make, and commands that fit better."""


def _meeting(span: Span, u: Utterance) -> Command:
    return RequestMeeting(span, when_of(u), visit=wants_a_visit(span.quote))


def _visit(span: Span, u: Utterance) -> Command:
    """A visit to the buyer, or the buyer's to us; "swing by tuesday" is on that day."""
    when = when_of(u)
    said = u.text[: u.text.find(span.quote.lower()) + len(span.quote)]
    own = come_themselves(re.split(r"[.?!;]", said)[-1]) and "in person" not in said
    by = re.search(r"\b(?:come|stop|drop|pop|swing) by$", span.quote.lower())
    return RequestMeeting(span, when.removeprefix("by ") if by else when, visit=not own)


def _person(span: Span, u: Utterance) -> Command:
    """A person: now, or at the time named right after or before it, which is a meeting."""
    when = when_of(u)
    whom = _WHOM.match(span.quote.lower()) is not None
    if not when or _NOW.match(when):
        return RequestHuman(span, whom=whom)
    at, asked = u.text.find(when), u.text.find(span.quote.lower())
    if at < 0:
        return RequestHuman(span, whom=whom)
    between = u.text[asked + len(span.quote) : at] if asked < at else u.text[at + len(when) : asked]
    near = _NEAR.fullmatch(between) is not None and not _TO_SEND.search(span.quote.lower())
    return RequestMeeting(span, when) if near else RequestHuman(span, whom=whom)


_WHOM = re.compile(r"(?:who|whom|how) ")
_TO_SEND = re.compile(r"\b(?:send|mail|email|give|address|forward|submit)\b")
"""Asks who receives something; the time next to it is when that is due."""
_NOW = re.compile(r"(?:right )?(?:now|away|today)\b(?! (?:at|after|around|before))")
_NEAR = re.compile(r"(?:[\s,]*\b(?!if|because|since|about|before|by)[a-z']+){0,4}[\s,:–-]*")
"""A few words of one clause, none of which begins another subject."""


def _meant(
    u: Utterance,
    text: Plain,
    found: Sequence[tuple[Command, int, int]],
    kept: Sequence[tuple[int, int]],
) -> list[tuple[Command, int, int]]:
    """Requests in words that no rule lists, read by who wants what from whom."""
    made: list[tuple[Command, int, int]] = []
    for name, make, better in _MEANT:
        place = request(name, text)
        if place is None:
            continue
        taken = any(a < place[1] and place[0] < b for a, b in kept)
        if taken and name != "emergency":  # the company may escalate one
            continue
        command = make(u.span(*place), u)
        others = [*found, *made]
        if any(isinstance(c, type(command)) for c, _, _ in others):
            continue
        fit = [(c, (a, b)) for c, a, b in others if isinstance(c, better)]
        if not any(_bars(command, place, c, of, u) for c, of in fit):
            made.append((command, *place))
    return made


def _overlaps(place: tuple[int, int], better: tuple[int, int]) -> bool:
    """Whether two ranges share words, and the first does not say more by the words before the
    other: "not talking to a machine"."""
    (start, end), (a, b) = place, better
    return start < b and a < end and not (start < a and b <= end)


def _bars(
    command: Command, place: tuple[int, int], better: Command, of: tuple[int, int], u: Utterance
) -> bool:
    """Whether a better fit in the turn excludes a request. What only asks or tells something does
    so by its words alone: "are you a machine", "you called me"; and a person or the truth about
    the recording is denied only within a clause."""
    if _overlaps(place, of):
        return True
    if isinstance(better, AskIfAI | ReturnsCall):
        return False
    denies = isinstance(better, OptOut | DeclineRecording | AllowRecording)
    between = u.text[min(place[1], of[1]) : max(place[0], of[0])]
    held = denies and isinstance(command, RequestHuman | AskIfRecorded)
    return not held or not _PARTED.search(between)


_PARTED = re.compile(r"[.,;!?]")
