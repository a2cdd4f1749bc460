"""What a turn asks of us apart from product questions: a person, a callback, an end, the truth."""

import re
from collections.abc import Callable, Sequence

from core.commands import (
    Abuse,
    AskIfAI,
    AskIfRecorded,
    AskNext,
    AskRepeat,
    AskWhy,
    Command,
    DeclineRecording,
    EndCall,
    Invite,
    OptOut,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    Smalltalk,
    Span,
)
from core.conversation.dates import times
from core.conversation.lexicon import Mention
from core.conversation.meant import barred, request
from core.conversation.plain import Plain, plain
from core.conversation.timing import standing
from core.conversation.utterance import Utterance

_PERSON = (
    r"(?:human(?: being)?|(?:someone|somebody|anyone|anybody) (?:alive|human|real)|employees?"
    r"|salespeople"
    r"|staff(?: member)?|team member|expert|specialist|living (?:person|being)|real (?:person"
    r"|human|people)|person|people|someone|somebody|agent"
    r"|representative|rep|operator"
    r"|salesperson|sales ?(?:person|rep|team)?|live (?:person|agent)|actual (?:person|human)"
    r"|colleague|manager"
    r"|account executive|one of your (?:team|people|colleagues|reps))"
)
_WANT = (
    r"(?:can|could|may|i'd like to|i want to|i would like to|i need to|let me|just|please"
    r"|i(?:'d| would) rather|i(?:'d| would)? prefer to)"
)
_TALK = (
    r"(?:talk|speak|chat|be connected|get connected|connect me|transfer me|get transferred"
    r"|put me through|get me)"
)

Make = Callable[[Span, Utterance], Command]


def when_of(u: Utterance) -> str:
    """The time of a request as said: the day and the part of it or hour that stand together."""
    days = [(w.start, w.end) for w in standing(u, times(u.text, u.said.at.date())) if not w.open]
    after = days[0][0] if days else 0
    parts = [m.span() for m in _PART.finditer(u.text) if m.end() > after]
    start, end = -1, -1
    for a, b in sorted([*days[:1], *parts]):
        if start >= 0 and a - end > 4:
            break
        start, end = (a if start < 0 else start), max(end, b)
    return u.text[start:end].strip() if start >= 0 else ""


_PART = re.compile(
    r"\b(?<!good )(?:this |in the |tomorrow )?(?:morning|afternoon|evening|noon|lunch ?time)\b"
    r"|\b(?:at|around|after|before|about) (?:\d{1,2}(?::\d\d)?|one|two|three|four|five|six|seven"
    r"|eight|nine|ten"
    r"|eleven|twelve|noon)(?: thirty| fifteen| forty five| o'?clock)?(?: ?(?:am|pm|a m|p m))?\b"
    r"(?! (?:people|employees|hundred|thousand|dollars|users|percent|weeks|months|days|tables"
    r"|seats))"
)

RULES: tuple[tuple[str, Make], ...] = (
    (
        r"(?:stop calling(?: me| us)?|(?:don't|do not|never) (?:call|contact|email) (?:me"
        r"|us)(?: again| anymore)?"
        r"|take me off (?:your|the|this) (?:list|call list)|remove (?:me"
        r"|my number)(?: from (?:your|the) \w+(?: list)?)?"
        r"|unsubscribe(?: me)?|put me on your do not call list|opt(?: me)? out|no more calls)",
        lambda s, u: OptOut(s),
    ),
    (
        r"(?:(?:don't|do not|stop) record(?:ing)?(?: (?:me|this|us|the call|this call))*"
        r"|(?:i )?(?:don't|do not) (?:want|consent|agree)(?: (?:to|for))?(?: be(?:ing)?"
        r"| me)? (?:recorded|taped)"
        r"|i(?:'d| would) (?:rather|prefer) (?:you )?(?:not|didn't|it wasn't|you didn't)(?: (?:be"
        r"|being))? record\w*"
        r"|(?:i'd|i would) rather (?:it wasn't|not be recorded|you didn't record)|(?:turn"
        r"|switch) off the recording"
        r"|without (?:the )?recording|not okay with (?:the )?record\w*|no recording)(?: please)?",
        lambda s, u: DeclineRecording(s),
    ),
    (
        r"(?:am i|are we) (?:talking|speaking) (?:to|two|too"
        r"|with) (?:an? )?(?:\w+ ){0,2}(?:robot|bot|ai"
        r"|machine|computer|human|person"
        r"|recording|a i)|are you (?:an? )?(?:\w+ )?(?:robot|bot|ai|a i|human|machine|computer"
        r"|real(?: person)?|person"
        r"|chatbot|automated|recording(?! (?:this|me|us|the|our)))\b"
        r"|is this (?:an? )?(?:\w+ )?(?:robot|bot|ai|a i|machine"
        r"|computer|automated|real person"
        r"|human)(?: system| service| call)?\b|you(?:'re| are) (?:a )?(?:robot|bot|machine|an ai"
        r"|not human)",
        lambda s, u: AskIfAI(s),
    ),
    (
        r"(?:is (?:this|the|it|our|my)(?: call| conversation| line)? (?:being )?recorded"
        r"|are you recording(?: (?:this|me))?"
        r"|are we being recorded|am i being recorded|do you record (?:this|these|the"
        r"|calls)(?: calls?)?|is this being taped"
        r"|is anyone (?:listening|recording))(?: this call| this| call)?",
        lambda s, u: AskIfRecorded(s),
    ),
    (
        r"why (?:do|are|would|did|should) (?:you|i)(?: (?:need|want|have|care|asking|ask|tell"
        r"|say)(?:ing)?)(?: (?:to know|to"
        r" ask|that|this|me|you|about|it|all|my|for))*(?: \w+){0,2}|why do you ask"
        r"|what do you need (?:that|it|this|my \w+) for"
        r"|(?:what|how) does that matter|why does (?:that|it|this) matter"
        r"|why is that (?:important|relevant)",
        lambda s, u: AskWhy(s),
    ),
    (
        r"(?:can|could|would) (?:you|someone|somebody|anyone|they|one of \w+ \w+)(?: please"
        r"| maybe| just)* (?:call|phone|ring)"
        r" (?:me|us)(?: back)?|(?:please )?(?:call|phone|ring) (?:me|us) back|(?:i'd like|i want"
        r"|i need|schedule|arrange"
        r"|set up|book|request) (?:a )?(?:call ?back|return call)|(?:i'd like|i want|i need|we'd"
        r" like"
        r"|we want|we need|i would like) (?:someone|somebody|them|you|anyone|one of \w+ \w+|a"
        r" person"
        r"|an? \w+) to (?:call|phone|ring)(?: (?:me|us))?(?: back)?|have (?:someone|somebody|them"
        r"|her|him|\w+)"
        r" (?:call|phone|ring) (?:me|us)(?: back)?|(?:you can |please |just )?(?:call"
        r"|ring) me (?=tomorrow|on|next|later|at"
        r"|this|in the|after|back)|(?:try|catch|reach|ring|get) me (?:again |back )?(?:tomorrow"
        r"|later|next week|on (?:mon|tues"
        r"|wednes|thurs|fri)day|in the (?:morning|afternoon)|this afternoon)|give (?:me|us) (?:a"
        r"|another)"
        r" (?:bell|ring|buzz|shout|call)(?: back| later)?|(?:get|have|ask|tell) (?:someone"
        r"|somebody|one of"
        r" \w+ \w+|an? \w+) to (?:call|ring|phone|give me)|get back to me (?:by phone|tomorrow"
        r"|later|on"
        r" \w+day)|continue (?:this|it) (?:by|over the) phone|call ?back (?:would be|is|sounds)"
        r" (?:better|good|fine|great)"
        r"|can i get a call ?back",
        lambda s, u: RequestCallback(s, when_of(u)),
    ),
    (
        rf"{_WANT} (?:i )?(?:please |just |rather )?{_TALK}(?: directly)?(?: to| two| too| with"
        rf"| me)?(?: to"
        rf"| with)? (?:an? |the |your |some )?(?!my\b|our\b|his\b|her\b|their\b)"
        rf"(?:\w+ )?{_PERSON}\b|^{_TALK} (?:to|two|too|with) (?:an? )?{_PERSON}|(?:transfer"
        rf"|connect) me(?: to \w+| over| please)*"
        rf"|(?:discuss|go over|continue|sort out|deal with|talk over|chat about|speak about|talk"
        rf" about)"
        rf" (?:\w+ ){{1,4}}?(?:with|to) (?:an? |the |your |one of your |some )?(?:\w+ )?{_PERSON}\b"
        rf"|(?:connected|connect|in touch|through) (?:with|to) (?:an? |the |your |one of your"
        rf" )?(?:\w+ )?"
        rf"{_PERSON}\b|is there (?:an? )?(?:\w+ )?{_PERSON} i (?:can|could|might)"
        rf"|(?:not|rather than|instead of) (?:to |with )?(?:an? |this )?(?:machine|robot|bot"
        rf"|software"
        rf"|computer|ai|recording)\b(?! learning)"
        rf"|put me through|(?:give|get) me (?:an? |your )?{_PERSON}\b"
        rf"|^(?:please )?(?:an? )?(?:agent|human|operator"
        rf"|representative|real person|live agent|person)(?: please)?$|is there (?:an? "
        rf"|any )?(?:real |actual |live )?(?:person"
        rf"|human|someone)(?: \w+){{0,2}} (?:i can|to) (?:talk|speak)(?: to| with)?"
        rf"|{_TALK} to (?:an? )?(?:real |actual |live )"
        rf"?(?:person|human)|who (?:do|can|could|should|would|might) i (?:talk|speak) (?:to|two"
        rf"|too|with)"
        rf"|is (?:anybody|anyone|someone|somebody|there (?:anybody|anyone|someone)) (?:still "
        rf"|already )?"
        rf"(?:in the office|at (?:work|your desk)|in today|on shift)"
        rf"|is (?:anybody|anyone|someone|somebody) (?:there|available|around|in|free)(?: now"
        rf"| today)?"
        rf" (?:to|who (?:can|could)|that (?:can|could)|i (?:can|could)) (?:talk|speak|help"
        rf"|discuss)\b",
        lambda s, u: RequestHuman(s),
    ),
    (
        r"(?:book|schedule|set up|arrange|get|see|have|request|do|give me|show me|want|like"
        r"|need)(?: us| me)?(?: up)?"
        r"(?: for)? (?:an? |the |some )?(?:\w+ )?(?:demo|meeting|appointment|demonstration"
        r"|intro call|walkthrough"
        r"|discovery call)s?|(?:can|could|would) (?:we|i|you) (?:meet|set up a time|find a time"
        r"|show me)"
        r"|meet with (?:someone|your \w+)|schedule (?:a|some) (?:time|call)|set up a (?:time|call)",
        lambda s, u: RequestMeeting(s, when_of(u)),
    ),
    (
        r"what(?:'s| is| are| happens)? (?:the )?next(?: steps?)?(?: then| now| from here)?$"
        r"|what happens (?:now|then|after this)"
        r"|how (?:do|can|does|should) (?:we|i|you|it|this) (?:proceed|go (?:on )?from here"
        r"|go on|go ahead"
        r"|move forward|continue)(?: from here| now| then)?"
        r"|where do we go from here|how do (?:i|we) get started",
        lambda s, u: AskNext(s),
    ),
    (
        r"what (?:do|would) you need (?:from me|to know)|ask (?:me )?away|go ahead and ask"
        r"|ask me (?:anything|whatever)"
        r"|what else do you need|(?:what|anything) (?:else )?(?:would you like"
        r"|do you want) to know|happy to answer"
        r"|fire away|what information do you need",
        lambda s, u: Invite(s),
    ),
    (
        r"(?:fuck|shit|bitch|asshole|idiot|moron|stupid (?:bot|robot|machine|thing)"
        r"|piece of (?:crap|garbage)|go to hell"
        r"|shut up|dumb (?:bot|robot|machine))\w*",
        lambda s, u: Abuse(s),
    ),
    (
        r"(?:good ?bye|good night|bye(?: bye| now)?$|^bye\b|that(?:'s| is) (?:all|it"
        r"|everything)(?: (?:i|we) (?:need"
        r"|needed|wanted))?(?: for now"
        r"| for today| thank you| thanks)*(?=$|[.,!]| thank| bye| good)|(?:have a (?:good|great"
        r"|nice) (?:day|one|evening"
        r"|afternoon|weekend|rest))|i(?:'ve| have| gotta|'ve got| got|'m going) (?:got )?to (?:go"
        r"|run|hang up)\b"
        r"|talk (?:to you )?(?:later|soon)|i'll let you go|nothing else|no that(?:'s"
        r"| is) (?:all|it|everything)"
        r"|i'm all set|we're all set"
        r"|that'll be all|that will be all|see you|hang up|end the call|no thank you that's)",
        lambda s, u: EndCall(s),
    ),
    (
        r"(?:sorry |pardon |excuse me )?(?:what (?:was|is) that(?: again)?$"
        r"|can you (?:please )?repeat(?: that| it)?|say (?:that|it)"
        r" again|(?:could|can) you say (?:that|it) again|come again|i (?:didn't|did not"
        r"|couldn't) (?:hear|catch|get) (?:you|that"
        r"|what you said)|one more time|repeat that|what did you say(?=$|[,.?!]| (?:again"
        r"|before|please|there|just))|i missed that)"
        r"|^(?:pardon(?: me)?|sorry what|what)$",
        lambda s, u: AskRepeat(s),
    ),
    (
        r"(?:hello |hi )?(?:are you (?:still )?there|can you hear me)"
        r"|^(?:hello |hi |um )*(?:is )?(?:anybody|anyone) there(?=$|[,.?!])"
        r"|^(?:hello )?hello$",
        lambda s, u: Smalltalk(s, "presence"),
    ),
    (
        r"how are you(?: doing)?(?: today| this morning)?(?=$|\s*[,.?!]| (?:i|we|this|my|good"
        r"|and)\b)|how's it going|how do you do|what's up$",
        lambda s, u: Smalltalk(s, "how_are_you"),
    ),
    (
        r"(?:who|what) (?:am i (?:speaking|talking) (?:to|two|too|with)|is this$|are you$"
        r"|do i have the pleasure)|who's (?:this|speaking)"
        r"|what's your name|what is your name|is this (?:the )?right number$",
        lambda s, u: Smalltalk(s, "who"),
    ),
    (
        r"(?:hold on(?! to)|hang on(?! to)|one (?:sec|second|moment|minute)|give me a (?:sec"
        r"|second|moment"
        r"|minute)|just a (?:sec|second"
        r"|moment|minute)|wait(?: a)?(?: (?:second|minute|moment))?$|let me (?:think|check|look"
        r"|see)(?: about that)?)",
        lambda s, u: Smalltalk(s, "wait"),
    ),
    (
        r"(?:thanks?|cheers|thx|ty$|ta$)(?: you)?(?: (?:so|very) much| a lot| for (?:your|the)"
        r" help)?|appreciate (?:it"
        r"|that|your help)",
        lambda s, u: Smalltalk(s, "thanks"),
    ),
    (
        r"^(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there)?",
        lambda s, u: Smalltalk(s, "greeting"),
    ),
)  # fmt: skip


def _spoken(rule: str) -> str:
    """A rule whose `^` and `$` also hold where a recogniser puts a stop."""
    ends = re.sub(r"(?<!\\)\$", r"(?=\\s*(?:$|[.,;!?]))", rule)
    return re.sub(r"(?<![\[\\])\^", r"(?:(?<![^.,;!?])|(?<=[.,;!?] ))", ends)


COMPILED = tuple(
    (re.compile(rf"(?:(?<=\s)|(?<=^)|(?<=[,.;?!]))(?:{_spoken(p)})(?![\w'])"), make)
    for p, make in RULES
)


def intents(
    u: Utterance, mentions: Sequence[Mention] = (), kept: Sequence[tuple[int, int]] = ()
) -> list[tuple[Command, int, int]]:
    """Every request in the turn with its offsets; the earlier rule wins where two overlap.

    `kept` are stretches that say who the caller is: what they ask there is part of that.
    """
    found: list[tuple[Command, int, int]] = []
    text = plain(u, mentions)
    for pattern, make in COMPILED:
        for match in pattern.finditer(u.text):
            if any(a < match.end() and match.start() < b for _, a, b in found):
                continue
            command = make(u.span(match.start(), match.end()), u)
            name = _NAMES.get(type(command))
            if name and barred(name, text, *text.back(match.start(), match.end())):
                continue
            found.append((command, match.start(), match.end()))
            break
    return sorted([*found, *_meant(u, text, found, kept)], key=lambda f: f[1])


_NAMES: dict[type[Command], str] = {
    OptOut: "opt_out", DeclineRecording: "recording", RequestMeeting: "meeting",
    RequestCallback: "callback",
}  # fmt: skip
"""Requests that the clause around them may unsay, whichever rule found them."""


_MEANT: tuple[tuple[str, Make, tuple[type[Command], ...]], ...] = (
    ("opt_out", lambda s, u: OptOut(s), ()),
    ("recording", lambda s, u: DeclineRecording(s), ()),
    ("machine", lambda s, u: AskIfAI(s), (RequestHuman,)),
    ("ask_recorded", lambda s, u: AskIfRecorded(s), (DeclineRecording, AskIfAI)),
    ("callback", lambda s, u: RequestCallback(s, when_of(u)), (OptOut,)),
    ("person", lambda s, u: RequestHuman(s), (AskIfAI, OptOut, RequestCallback)),
    ("meeting", lambda s, u: RequestMeeting(s, when_of(u)), (RequestCallback, RequestHuman)),
    ("goodbye", lambda s, u: EndCall(s), ()),
    ("wait", lambda s, u: Smalltalk(s, "wait"), (Smalltalk, AskIfAI)),
)
"""Frames in the order they are tried, what they make, and what already says it better."""


def _meant(
    u: Utterance,
    text: Plain,
    found: Sequence[tuple[Command, int, int]],
    kept: Sequence[tuple[int, int]],
) -> list[tuple[Command, int, int]]:
    """Requests put in words that no rule lists, read by who wants what of whom."""
    made: list[tuple[Command, int, int]] = []
    for name, make, better in _MEANT:
        place = request(name, text)
        if place is None or any(a < place[1] and place[0] < b for a, b in kept):
            continue
        command = make(u.span(*place), u)
        if not any(isinstance(c, (type(command), *better)) for c, _, _ in (*found, *made)):
            made.append((command, *place))
    return made
