"""Ways to word a question for lookups: as said, with what leads up to it, put plainly. Pure."""

import re
from collections.abc import Iterator

from core.conversation.understanding.asks.openers import ASKING, opens
from core.conversation.understanding.asks.per_time import of_its_time
from core.conversation.understanding.asks.pricing import (
    AS_MANY,
    PER_HEAD,
    of_figures,
    of_no_thing,
    prices_of,
)
from core.conversation.understanding.asks.questions import ELLIPSIS, tails
from core.conversation.words.came_by import without_came_by
from core.thinking.idioms import of_either, put_plainly, wanted_done
from core.thinking.looking import NOTHING, About
from core.thinking.resuming import POINTS_BACK
from knowledge.retrieval.follow_up import asks_alone, qualifies
from knowledge.retrieval.words import carries_topic

_BREAKS_IN = re.compile(
    r"\b(?:stop|sorry|wait|hold|hang|interrupt|question|okay|actually|thanks?|excuse)\b"
)
_SHORT = 5
_BREATH = 40
"""Words a caller says about one subject; a mail moves from one to the next."""
_CAN_YOU = re.compile(
    r"(?:so |and |okay |ok )*(?:(?:can|could|do|does|will|would) (?:you|it|that|this|your \w+)"
    r"(?: guys| folks| all)?(?: also| even| actually)? (?:do|handle|support|help(?: us)?(?: with)?"
    r"|automate|fix|solve|manage|work(?: with)?|deal with|cover|take care of|make|speed up"
    r"|get rid of|improve)"
    r"(?: that| this| it| those| these)?(?: for (?:me|us))?"
    r"|(?:is (?:that|this|it)|it(?:'s| is)) (?:possible|doable|feasible"
    r"|(?:something|a thing|(?:the|a) (?:kind|sort|type) of (?:thing|work|job))"
    r"(?: that)? you(?: guys| folks)? (?:can |could |would )?"
    r"(?:do|help with|offer|support|handle|take on)))"
    r"(?: (?:by|before|until|within) (?:\w+ ?){1,3}| for (?:me|us)| too| then)?[ ?.]*$"
)
"""Asks only whether we can do what was just described."""


def wordings(question: str, text: str, about: About = NOTHING) -> list[tuple[str, bool]]:
    """Ways to word a question of a turn, likeliest first, each with whether it stands alone."""
    text = without_came_by(text)
    led = _led(question, text)
    if not led and about.before and (only_asks_whether(question) or _OF_A_KIND.match(question)):
        led = _led(question, f"{about.before.rstrip(' .!')}. {question}")
    leans = bool(led) and _leans(question)
    first = [*led] if leans else [PER_HEAD] if AS_MANY.fullmatch(question.lower()) else []
    figures = of_figures(question.lower(), _before(question, text).lower())
    first = [*of_either(question), *figures, *first]
    if of_no_thing(question.lower()):
        back = POINTS_BACK.search(question.lower()) or of_its_time(question.lower())
        meant = (about.last if back else "", about.purpose)
        things = [f"how much is {thing}" for thing in meant if thing]
    else:
        things = []
    ways = dict.fromkeys(
        [*things, *first, question, *led, *_heard_as(question, text, about.purpose)]
    )
    return [
        (way, way == PER_HEAD or (leans and way in (*led, question)) or way in things)
        for way in ways
    ]


_OF_A_KIND = re.compile(
    r"(?:so |and |but )?(?:do|would|will|can|should) (?:we|i|you) \w+ (?:one|any)\W*$", re.I
)
"""Asks about something of the kind that was just spoken of: "do we need one"."""


def _leans(question: str) -> bool:
    """Whether a question has too little content of its own."""
    return not carries_topic(question) or bool(POINTS_BACK.search(question.lower()))


def _led(question: str, text: str) -> list[str]:
    """The question preceded by the start of its own sentence ("if we stop, …"), then by the
    previous sentence, where these have content."""
    *earlier, own = _SENTENCES.split(_before(question, text))
    if _HEADS_A_LIST.search(_before(question, text)):
        return []
    own = "" if _of_its_own(question, own) else _JOINED.sub("", own).strip()
    told = next((s.strip() for s in reversed(earlier) if carries_topic(s)), "")
    made = []
    if carries_topic(own) and not _BREAKS_IN.search(own.lower()):
        made.append(f"{own} {question}")
    if told and not told.endswith("?"):
        made.append(" ".join(filter(None, (told, own, question))))
    return made


def _before(question: str, text: str) -> str:
    """The part of a turn before its question."""
    return text[: max(text.find(question), 0)]


_HEADS_A_LIST = re.compile(r":[\s*•–-]*$")
"""Before a question: the introduction to a list is not part of the question."""
_SENTENCES = re.compile(r"(?<=[.?!;])\s+|\n+")
_JOINED = re.compile(r"^(?:(?:and|so|but|then|okay|ok|also|well|oh|now)\b[,\s]*)+", re.IGNORECASE)


def _heard_as(question: str, text: str, purpose: str | None) -> Iterator[str]:
    before = _before(question, text).lower()
    for lead, tail in tails(question.lower()):
        if _BREAKS_IN.search(before + lead) or ASKING.match(tail):
            yield question[len(lead) : len(lead) + len(tail)]
    leans = len(question.split()) <= _SHORT or POINTS_BACK.search(question.lower())
    if leans and len(question) < len(text) and _one_breath(question, text):
        yield text
    yield from prices_of(question.lower())
    if goes_on := ELLIPSIS.match(question.lower().strip(" ?.")):
        rest = goes_on["rest"]
        yield f"what happens {rest}" if rest.startswith("if ") else f"do you have {rest}"
    elif len(question.split()) <= 2 and not (asks_alone(question) or qualifies(question)):
        yield f"do you have {question}"
    yield from put_plainly(question)
    if only_asks_whether(question):
        yield from wanted_done(f"{before} {question.lower()}")
        if purpose:
            yield f"can you help with {purpose}"


def _one_breath(question: str, text: str) -> bool:
    """Whether the whole turn may be about one thing: it is short and asks nothing else."""
    rest = text.replace(question, "").strip(" ?\n")
    whole = question in text and len(text.split()) <= _BREATH
    return whole and "?" not in rest and not _of_its_own(question, rest)


def _of_its_own(question: str, beside: str) -> bool:
    """Whether the words beside a question ask something else: it names its own subject."""
    points = any(_POINTS.search(said.lower()) for said in (question, beside))
    both = opens(question.lower()) and opens(beside.lower())
    return both and not points and carries_topic(question)


_POINTS = re.compile(rf"{POINTS_BACK.pattern}|\bthey\b")


def only_asks_whether(question: str) -> bool:
    """Whether a question, or its last sentence, only asks whether we can do what was described."""
    whole = question.lower().strip()
    return any(_CAN_YOU.match(part) for part in (whole, re.split(r"[.,;!] ", whole)[-1]))
