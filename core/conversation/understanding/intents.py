"""Requests in a turn other than product questions: a person, a callback, an end, the truth."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

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
from core.conversation.understanding.asks.told_back import asks_told
from core.conversation.understanding.meant import request, requests
from core.conversation.understanding.times.when import come_themselves, wants_a_visit, when_beside
from core.conversation.words.plain import Plain
from core.conversation.words.utterance import Utterance
from core.talk import Span
from knowledge.leading import lead_with

Make = Callable[[Span, Utterance], Command]

_WHERE = ("address", "link", "site", "page")
_MISSED = ("chase_missed", "chase_unread", "chase_again")
_FIRST: tuple[tuple[str, Make], ...] = (
    *((kind, lambda s, u: Chase(s, missed=True)) for kind in _MISSED),
    ("chase", lambda s, u: Chase(s, missed=False)),
    ("ask_why", lambda s, u: AskWhy(s)),
    ("why_not", lambda s, u: AskWhy(s, refused=True)),
    ("told", asks_told),
    ("ask_next", lambda s, u: AskNext(s)),
    ("offers", lambda s, u: Smalltalk(s, "offers")),
    ("let_down_before", lambda s, u: Smalltalk(s, "let_down_before")),
    ("kept_waiting", lambda s, u: Smalltalk(s, "kept_waiting")),
    ("miss", lambda s, u: Smalltalk(s, "miss")),
    ("others_talk", lambda s, u: Smalltalk(s, "others_talk")),
    ("invite", lambda s, u: Invite(s)),
    ("repeat", lambda s, u: AskRepeat(s, any(word in s.quote.lower() for word in _WHERE))),
    ("presence", lambda s, u: Smalltalk(s, "presence")),
    ("how_human", lambda s, u: AskIfAI(s)),
    ("found", lambda s, u: Smalltalk(s, "found")),
    ("filler", lambda s, u: Smalltalk(s, "filler")),
    ("back", lambda s, u: Smalltalk(s, "back")),
    ("how_are_you", lambda s, u: Smalltalk(s, "how_are_you")),
    ("who", lambda s, u: Smalltalk(s, "who")),
    ("thanks", lambda s, u: Smalltalk(s, "thanks")),
    ("hard_of_hearing", lambda s, u: Smalltalk(s, "hard_of_hearing")),
    ("hands_over", lambda s, u: Smalltalk(s, "wait")),
    ("greeting", lambda s, u: Smalltalk(s, "greeting")),
)
"""What is read first, in this order: of what overlaps, only the first."""
_HUMS = re.compile(r"(?:(?<![^.,;!?])|(?<=[.,;!?] ))h+m+(?=\s*(?:$|[.,;!?]))")
"""Plain words have none."""


def intents(
    u: Utterance, text: Plain, kept: Sequence[tuple[int, int]] = ()
) -> list[tuple[Command, int, int]]:
    """Every request in the turn with its offsets: those of `_FIRST`, and those of `_MEANT` that no
    better fit excludes.

    `text`: the turn in plain words.

    `kept`: ranges that say who the caller is; a request in them is part of that.
    """
    found: list[tuple[Command, int, int]] = []
    for name, make in _FIRST:
        free = (p for p in requests(name, text) if not any(_shared(p, f[1:]) for f in found))
        if name == "ask_why":
            free = (p for p in free if not _OF_WHAT_IS_TOLD.search(u.text[: p[0]]))
        if name == "ask_next" and _HOW_SOON.search(u.text):
            continue
        if place := min(free, key=lambda p: p[0], default=None):
            found.append((make(u.span(*place), u), *place))
    if hum := _HUMS.search(u.text):
        found.append((Smalltalk(u.span(*hum.span()), "wait"), *hum.span()))
    made = sorted([*found, *_meant(u, text, found, kept)], key=lambda f: f[1])
    due = [(a, b) for c, a, b in made if isinstance(c, Chase) and c.missed]
    made = [(_not_then(c) if any(_shared((a, b), d) for d in due) else c, a, b) for c, a, b in made]
    if _OTHER_NUMBER.search(u.text):  # "don't call this number, use 312 …"
        made = [m for m in made if not isinstance(m[0], OptOut)]
    return [(_in_writing(c) if _WRITE.search(u.text) else c, a, b) for c, a, b in made]


def _not_then(command: Command) -> Command:
    """A call that was to come on a day that has passed is not wanted on that day."""
    return replace(command, when="") if isinstance(command, RequestCallback) else command


def _shared(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


_HOW_SOON = re.compile(r"\bhow (?:quick(?:ly)?|fast|soon|long)\b")
"""Asks for a duration, not for the next step."""
_OF_WHAT_IS_TOLD = re.compile(
    r"\b(?:is|are|was|were|it's|that's|they're|has|have|had|got|we've|i've|we're|i'm)\b"
    rf"(?: [\w'-]+)+[,.]?\s*{lead_with('how')}$"
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
    r"|\b(?:by |via |per |through )?(?:e-?mail|mail|text|writing) (?:only|please|is (?:fine|best"
    r"|better|easier))\b"
    r"|\b(?:e-?mails?|mails?|texts?) (?:are|is|works?) (?:fine|ok|okay|best|better)\b"
)
"""How they want to be contacted, after how they do not."""


_MEANT: tuple[tuple[str, Make, tuple[type[Command], ...]], ...] = (
    ("abuse", lambda s, u: Abuse(s), ()),
    ("opt_out", lambda s, u: OptOut(s), ()),
    ("recording", lambda s, u: DeclineRecording(s), ()),
    ("allow_recording", lambda s, u: AllowRecording(s), (DeclineRecording,)),
    ("returned", lambda s, u: ReturnsCall(s), (Chase, OptOut)),
    ("callback", lambda s, u: RequestCallback(s, when_beside(u, s.quote)), (OptOut, ReturnsCall)),
    ("postpone", lambda s, u: Busy(s), (OptOut, RequestCallback)),
    ("machine", lambda s, u: AskIfAI(s), ()),
    ("ask_recorded", lambda s, u: AskIfRecorded(s), (DeclineRecording, AllowRecording, AskIfAI)),
    ("person", lambda s, u: _person(s, u), (AskIfAI, OptOut, RequestCallback)),
    ("buy", lambda s, u: ReadyToBuy(s, when_beside(u, s.quote)), (RequestMeeting, RequestCallback)),
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
    return RequestMeeting(span, when_beside(u, span.quote), visit=wants_a_visit(span.quote))


def _visit(span: Span, u: Utterance) -> Command:
    """A visit to the buyer, or the buyer's to us; "swing by tuesday" is on that day."""
    when = when_beside(u, span.quote)
    said = u.text[: u.text.find(span.quote.lower()) + len(span.quote)]
    own = come_themselves(re.split(r"[.?!;]", said)[-1]) and "in person" not in said
    by = re.search(r"\b(?:come|stop|drop|pop|swing) by$", span.quote.lower())
    return RequestMeeting(span, when.removeprefix("by ") if by else when, visit=not own)


def _person(span: Span, u: Utterance) -> Command:
    """A person: now, or at the time named right after or before it, which is a meeting."""
    when = when_beside(u, span.quote)
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
