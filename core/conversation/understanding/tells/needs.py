"""What a buyer wants to get done: a known purpose, or else their own words for it."""

import re
from collections.abc import Sequence

from core.commands import ProvideSignal
from core.conversation.understanding.asks.pricing import asked_plainly
from core.conversation.understanding.asks.questions import clauses
from core.conversation.understanding.replies.yes_no import consults
from core.conversation.understanding.tells.purposes import ENOUGH, WHEN_ASKED, WHEN_NEEDED, Purposes
from core.conversation.words.dates import times
from core.conversation.words.figures import certainty
from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance, fluent

NEED = re.compile(
    r"\b(?:looking (?:for|to)|want(?:ing)? to|need(?:ing)? to|trying to|hoping to|would like to"
    r"|we'd like to|i'd like to"
    r"|(?:want|need|like|love)(?:ed|ing)? (?:you|you guys|someone|somebody|people|folks) (?:to|who"
    r" can|that can)"
    r"|planning to|have to|need a way to|for a way to|interested in|our goal is to|the goal is to"
    r"|use it (?:to|for)"
    r"|so (?:that )?we can)\s+(?P<need>[a-z][^.?!;]{8,90})"
)
REQUIREMENT = re.compile(
    r"\b(?:it|this|that|you|they|the (?:tool|product|platform)) (?:has|have|needs?|must|should"
    r"|ought)(?: to)? (?:be|have|support|work|run|do|handle|include)\b|\b(?:must have"
    r"|deal ?breaker)\b"
)
"""What we have to be or do for the caller: a requirement, not a purpose."""
_NOT_A_NEED = re.compile(
    r"^(?:place an order|order\b|subscribe|proceed|commit"
    r"|have (?:something|anything|it|this|that|everything)|be\b|use (?:it|this)$|know|talk|speak"
    r"|ask|hear|learn|understand|book|schedule|see (?:a|the|how|what|if|your) |find out|figure out"
    r"|get (?:a|the) (?:demo|price|quote|idea|sense|better)|a demo|pricing|call|your|you|buy"
    r"|purchase"
    r"|go live|start|launch|make sure|check|have (?:it|this)|get (?:started|going|this|it|back)"
    r"|go\b"
    r"|run\b|hang|decide|think|offer|sell|introduce|pitch|apply|work (?:for|with)|compare|choose"
    r"|sign"
    r"|set (?:this|it|that|something) up|roll (?:it|this) out|move (?:fast|quickly|forward)|stay"
    r"|keep"
    r" it|spend|pay|wait|leave|cancel|switch (?:in|by|over)|replace|evaluate|look|try|test|send"
    r"|give"
    r"|tell|run it|a (?:tool|solution|platform|vendor|product|way)\b|something|data tools?|one\b"
    r"|it\b)"
)
_UNWANTED = re.compile(
    r"\b(?:don't|do not|doesn't|not|no longer|isn't|aren't|never) (?:really |even )?(?:need|want"
    r"|looking|care|interested|do|doing|for|about)\b"
    r"|\b(?:nervous|worried|concerned|afraid|scared|wary) (?:about|of)\b"
)
_LIES = re.compile(
    r"\b(?:(?:our|my|the|all|all our|all the) data(?:'s| is| are| lives?| sits?| lies| stays)?"
    r"|(?:we|i)(?:'ve)? (?:have|keep|store|hold|got)(?: got)? (?:all )?(?:(?:our|the|my) data"
    r"|everything|it all)|everything(?:'s| is| lives| sits| comes| goes| lands)?)"
    r"(?: (?:already|all|mostly|just|today|now|currently))* (?:in|on|to|into) $"
)
"""Just before a system that ends a clause: their data is there, without a stated purpose."""
_LEAST = 2
"""Words of the company's own scenarios that make a need worth storing in the buyer's words."""


def needs(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    expecting: str | None,
    purposes: Purposes,
    known: bool = False,
) -> list[ProvideSignal]:
    """At most one purpose: stated, or implied by a question; else a need in their own words.

    `known`: they stated one before, which general words for a kind of work do not change.
    """
    if asked_plainly(u.text):
        return []
    for begins in _beginnings(u.text):
        if found := _purpose(u, mentions, asked, expecting, purposes, known, begins):
            return found
    return _own_words(u, asked, purposes)


def _purpose(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    expecting: str | None,
    purposes: Purposes,
    known: bool,
    begins: int,
) -> list[ProvideSignal]:
    """A known purpose, told from an offset on, or implied by what is asked."""
    lying = [m.end for m in mentions if m.kind == "tool" and _LIES.search(u.text[: m.start])]
    told = [
        (a, b)
        for a, b in _stretches(u, asked, begins)
        if not (
            _UNWANTED.search(u.text[a:b])
            or consults(u.text[a:b])
            or any(not u.text[at:b].strip(" .!") for at in lying if a < at <= b)
        )
    ]
    for least in (ENOUGH, WHEN_ASKED) if expecting == "use_case" else (ENOUGH,):
        for start, end in told:
            needed = NEED.search(u.text[start:end])
            real = needed is not None and not _NOT_A_NEED.match(needed["need"])
            enough = min(least, WHEN_NEEDED) if real else least
            if value := purposes.find(u, mentions, start, end, enough):
                sure = certainty(u, start, end, 0.85)
                return [ProvideSignal(u.span(start, end), "use_case", value, "positive", sure)]
    general = not known or expecting == "use_case"
    for start, end in told if general else ():
        thing = purposes.of_thing(u, mentions, start, end, asked=False)
        if value := thing or purposes.of_work(u, start, end):
            sure = certainty(u, start, end, 0.75)
            return [ProvideSignal(u.span(start, end), "use_case", value, "positive", sure)]
    for start, end in asked:
        if _OF_SERVICE.match(u.text, start):
            continue
        value = purposes.find(u, mentions, start, end)
        if general and not value:
            thing = purposes.of_thing(u, mentions, start, end, asked=True)
            value = thing or purposes.of_work(u, start, end)
        if value:
            span, sure = u.span(start, end), certainty(u, start, end, 0.6)
            return [ProvideSignal(span, "use_case", value, "positive", sure, True)]
    return []


_OF_SERVICE = re.compile(r"(?:and |so |also )*how (?:often|long|fast|quickly|soon|frequently)\b")
"""Opens a question about service quality, not about their own purpose."""


def _beginnings(text: str) -> list[int]:
    """Where to read from: after the last of what is taken back, or else, where nothing after that
    tells a purpose, after what is taken back outright. "No wait" may put a mere figure right."""
    ends = [(m.end(), m["outright"] is not None) for m in _SCRATCHED.finditer(text)]
    last = max((end for end, _ in ends), default=0)
    return list(dict.fromkeys((last, max((end for end, gone in ends if gone), default=0))))


def _stretches(u: Utterance, asked: list[tuple[int, int]], start: int) -> list[tuple[int, int]]:
    """The statements: clause by clause, then everything up to the first question."""
    told = [(a, b) for a, b in clauses(u) if not any(x < b and a < y for x, y in asked)]
    told = [(max(a, start), b) for a, b in told if b > start]
    end = min([len(u.text), *(a for a, _ in asked if a >= start)])
    return [*told, (start, end)] if end > start else told


_SCRATCHED = re.compile(
    r"\b(?:(?P<outright>scratch that|strike that|forget (?:that|what i said))|actually,? no"
    r"|no,? wait|wait,? no)\b[ ,.]*(?=\w+ \w+)"
)
"""Retracts what was said before it."""


_ANOTHER_CLAUSE = re.compile(r", (?:and |but |so )?(?:we|i|we're|i'm|we've|i've|it's|our)\b")
"""Says something else after a need: "somebody to clean our office, we're in quincy"."""


def _own_words(
    u: Utterance, asked: list[tuple[int, int]], purposes: Purposes
) -> list[ProvideSignal]:
    """A need in the vocabulary of this business, but for no known purpose."""
    for match in NEED.finditer(u.text):
        start, end = match.span("need")
        end = min([end, *(a for a, _ in asked if a > start + 8)])
        if another := _ANOTHER_CLAUSE.search(u.text, start, end):
            end = another.start()
        need = u.text[start:end].strip()
        inside = any(a <= start and end <= b for a, b in asked)
        if (
            inside
            or _NOT_A_NEED.match(need)
            or _UNWANTED.search(u.text[max(0, start - 24) : start])
            or consults(u.text[max(0, start - 24) : end])
        ):
            continue
        timed = times(need, u.said.at.date())
        if purposes.touches(need) < _LEAST + bool(timed):
            continue
        span, sure = u.span(start, end), certainty(u, start, end, 0.6)
        return [ProvideSignal(span, "use_case", fluent(span.quote), "neutral", sure)]
    return []
