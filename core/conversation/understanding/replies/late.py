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
    wanted = state.expecting or (state.asked[-1] if state.asked else "")
    waits = wanted and not (state.value(wanted) or wanted in (*CONTACT, *state.declined))
    if not waits or state.pending or state.slots or state.offered not in (None, "more"):
        return state
    found = numbers(u.text)
    if len(found) != 1:
        return state
    rest = u.text[: found[0].start] + u.text[found[0].end :]
    if not _HEDGED.fullmatch(rest):
        return state
    return replace(state, expecting=wanted, expecting_turn=u.said.turn - 1, offered=None)
