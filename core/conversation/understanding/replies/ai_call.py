"""The buyer's answer on whether the AI may place the promised call. Pure.

Only a clear yes counts; asking for a person is a no, and anything else leaves the call to a person.
"""

import re
from collections.abc import Sequence

from core.commands import (
    Affirm,
    AskIfAI,
    Command,
    Deny,
    OptOut,
    RequestCallback,
    RequestHuman,
    Unclear,
)
from core.conversation.state import ConversationState
from core.conversation.understanding.replies.yes_no import opens_with_no, yes_or_no
from core.conversation.words.utterance import Utterance

_PERSON = re.compile(
    r"\b(?:person|human|people|somebody|someone|colleague|real one|man|woman|rep)\b"
    r"|\bnot (?:the |an? )?(?:ai|assistant|robot|machine|bot|computer|you)\b"
    r"|\bno (?:ai|robots?|machines?|bots?|computers?)\b|\brather not\b"
)
_MAY = re.compile(
    r"\b(?:the |an? |your )?(?:ai|assistant) (?:may|can|is (?:fine|okay|ok|good)|works|please)\b"
    r"|\b(?:you|it) (?:may|can) (?:call|ring)\b|\b(?:either|both)(?: one| way)?(?: is| are|'s)? "
    r"?(?:fine|okay|ok|good|works)\b|\bi don't mind\b"
)
_LEAVES_TO_US = (RequestHuman, RequestCallback, Affirm, Deny, AskIfAI, Unclear)


def answered(
    u: Utterance, state: ConversationState, commands: Sequence[Command]
) -> tuple[Command, ...]:
    """The turn's commands, with its answer to that question as a yes or a no."""
    fresh = state.awaited.offer == "ai_call" and state.awaited.fresh(u.said.turn)
    if not fresh or any(isinstance(c, OptOut) for c in commands):
        return tuple(commands)
    yes = _yes(u.text)
    if yes is None:
        return tuple(commands)
    others = [c for c in commands if not isinstance(c, _LEAVES_TO_US)]
    return (*others, Affirm(u.whole()) if yes else Deny(u.whole()))


def _yes(text: str) -> bool | None:
    if _PERSON.search(text):
        return False
    said = yes_or_no(text) and not opens_with_no(text)  # "no, go ahead" is no consent
    if said is None and _MAY.search(text):
        return True
    return said
