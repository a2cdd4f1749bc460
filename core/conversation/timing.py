"""When the buyer wants to have it, told apart from how long a thing takes."""

import re

from core.commands import ProvideSignal
from core.conversation.dates import When, times
from core.conversation.figures import certainty
from core.conversation.utterance import Utterance

PLANNED = re.compile(
    r"\b(?:start|live|run(?:ning)?|ready|need|want|launch|begin|place|going|go|plan|project|decide"
    r"|decision|buy|deadline|by|like|hope|hoping|due|goal|target)\b"
)
LASTS = re.compile(r"\b(?:could|build|takes?|took|ago)\b")
TAKEN_BACK = re.compile(r"\b(?:sorry|i mean|actually|no wait|make that|or rather|no)\b")


def timeline(
    u: Utterance, expecting: str | None, asked: list[tuple[int, int]]
) -> list[ProvideSignal]:
    """The day by which it is wanted; `asked` are the stretches in which something is asked."""
    for when in standing(u, times(u.text, u.said.at.date())):
        inside = any(a <= when.start and when.end <= b for a, b in asked)
        phrase = u.text[when.start : when.end]
        if phrase in ("today", "right now", "just looking") and expecting != "timeline":
            continue
        if inside and not re.search(r"\b(?:we|us|live|start|running|ready)\b", u.text):
            continue
        lasting = re.match(r"(?:in|within|over|for)\b", phrase)
        if lasting and expecting != "timeline" and not _planned(u, when.start):
            continue
        span, base = u.span(when.start, when.end), 0.9 if expecting == "timeline" else 0.8
        sure = certainty(u, when.start, when.end, 0.6 if inside else base)
        if when.by is None:
            return [ProvideSignal(span, "timeline", "none", "negative", sure)]
        return [ProvideSignal(span, "timeline", when.by.isoformat(), "positive", sure, inside)]
    return []


def standing(u: Utterance, found: list[When]) -> list[When]:
    """Leave out what is taken back: "this month, actually no, next quarter"."""
    for i in range(len(found) - 1, 0, -1):
        if TAKEN_BACK.search(u.text[found[i - 1].end : found[i].start]):
            return found[i:]
    return found


def _planned(u: Utterance, start: int) -> bool:
    """Whether "in a week" is when the caller wants it, and not how long something takes."""
    before = u.text[max(0, start - 60) : start]
    return len(u.tokens) <= 6 or bool(PLANNED.search(before) and not LASTS.search(before))
