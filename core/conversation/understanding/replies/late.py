"""A bare figure that answers our question before last: "about twenty-two". Pure."""

import re

from core.conversation.state import ConversationState, replace
from core.conversation.words.numbers import numbers
from core.conversation.words.utterance import Utterance
from core.facts.standing import CONTACT

_HEDGED = re.compile(
    r"(?:about|around|roughly|maybe|probably|like|say|i'd|i|think|guess|it's|there's|um|uh|oh|so|and"
    r"|well|yeah|of|us|or so|sorry|just|only|over|under|almost|nearly|[\s,.!-])*"
)
"""All that may accompany a figure given alone."""


def answering_late(u: Utterance, state: ConversationState) -> ConversationState:
    """The state in which our last question is open again, if they asked something in between,
    nothing else was proposed, and now they give only a figure."""
    awaited, asks = state.awaited, state.asks
    wanted = awaited.wanted or (asks.made[-1] if asks.made else "")
    if not wanted or wanted in (*CONTACT, *asks.declined) or state.signals.value(wanted):
        return state
    if awaited.read_back or state.times.slots or awaited.offer not in (None, "more"):
        return state
    found = numbers(u.text)
    if len(found) != 1:
        return state
    rest = u.text[: found[0].start] + u.text[found[0].end :]
    if not _HEDGED.fullmatch(rest):
        return state
    return replace(state, awaited=replace(awaited, ask=wanted, turn=u.said.turn - 1, offer=None))
