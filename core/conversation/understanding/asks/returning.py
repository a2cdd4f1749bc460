"""Callers who return our call: whom they name, and what they ask about it. Pure."""

import re
from collections.abc import Sequence

from core.commands import RequestCallback, ReturnsCall, Smalltalk
from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance

_OF_THE_CALL = re.compile(
    r"\b(?:what (?:was|is) (?:it|that|this|the call)(?: all)? (?:about|for|regarding)"
    r"|what(?:'s| was|'d)? (?:it|that|this) about|what did (?:you|they|she|he) (?:want|need|call)"
    r"|(?:do|did|can) you (?:know|tell|see)[^.?!]{0,24}\b(?:who|why|what)\b|why (?:was|did)"
    r"|(?:was|is) (?:it|that) (?:you|about)|who (?:was|is) (?:it|that|this))"
)
_NO_MORE = re.compile(
    r"(?:(?:it|that) (?:was|is) |(?:someone|somebody|an?(?: \w+)?) (?:named|called|by the name of) "
    r"|maybe |i think |from |by |with |with |a |some |probably "
    r"|[ ,.!?]|i (?:think|guess|believe)|maybe|perhaps|please|or so|actually|yes|yeah|um|uh)*"
)


def without_their_call(
    u: Utterance, asked: list[tuple[int, int]], requests: Sequence[Placed]
) -> list[tuple[int, int]]:
    """The questions of a turn without those about the missed call."""
    if not any(isinstance(c, ReturnsCall) for c, _, _ in requests):
        return asked
    return [(a, b) for a, b in asked if not _OF_THE_CALL.search(u.text[a:b])]


def named_after(
    u: Utterance, named: Sequence[Mention], state: ConversationState, requests: Sequence[Placed]
) -> list[Placed]:
    """Only a colleague's name, in reply to an offered call: that colleague should call."""
    others = [c for c, _, _ in requests if not isinstance(c, Smalltalk)]
    if state.awaited.offer != "callback" or not state.awaited.fresh(u.said.turn) or others:
        return []
    if len(named) != 1 or not _NO_MORE.fullmatch(u.without([(named[0].start, named[0].end)]).text):
        return []
    return [(RequestCallback(u.whole(), ""), 0, len(u.text))]
