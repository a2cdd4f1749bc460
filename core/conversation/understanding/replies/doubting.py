"""What is not believed of a poorly heard turn: a recogniser always finds words. Pure.

In calls of 28 synthetic callers five in six turns under `BADLY` had a third of their words wrong or
more; of those above it one in four.
"""

from collections.abc import Sequence

from core.commands import (
    Affirm,
    AskProduct,
    Command,
    CorrectSignal,
    Deny,
    ProvideContact,
    ProvideSignal,
    Smalltalk,
    Unclear,
)
from core.conversation.state import ConversationState
from core.conversation.understanding.replies.greetings import greets_and_more
from core.conversation.understanding.tells.unread import unread, wishes
from core.conversation.words.utterance import Utterance

BADLY = 0.45
"""Confidence of a whole turn below which a question in it is asked again, once."""
GUESSED = 0.15
"""Confidence of a fact's words below which it was probably not said."""
_READ_BACK = frozenset({"email", "phone"})
"""Confirmed by the caller anyway."""


def heard_badly(u: Utterance) -> bool:
    """Whether the recogniser was unsure of most of the turn; typed text is heard well."""
    return bool(u.said.words) and u.said.confidence < BADLY


def settled(
    u: Utterance, commands: Sequence[Command], state: ConversationState
) -> tuple[Command, ...]:
    """What is believed of the turn, in spoken order, without courtesies if there is content;
    `Unclear` if nothing is left."""
    left = believed(u, commands, state)
    lost = len(left) < len(commands)
    weighty = [c for c in left if not isinstance(c, Smalltalk | Affirm | Deny)]
    kept = [c for c in left if not weighty or not isinstance(c, Smalltalk)]
    if kept and all(isinstance(c, Affirm) for c in kept) and _wishes(u, state):
        return (unread(u.whole()),)
    if not kept or greets_and_more(u, kept) or (lost and not weighty):
        doubtful = heard_badly(u) or lost or len(u.tokens) < 3
        return (Unclear(u.whole(), "doubtful") if doubtful else unread(u.whole()),)
    return tuple(sorted(kept, key=lambda c: c.span.start_ms))


def _wishes(u: Utterance, state: ConversationState) -> bool:
    """Whether a "yeah" that answers nothing of ours opens a wish: "yeah, I need a truck"."""
    awaited = state.awaited
    nothing = awaited.offer is None and awaited.read_back is None
    return nothing and not awaited.asks(u.said.turn) and wishes(u.text)


def believed(u: Utterance, commands: Sequence[Command], state: ConversationState) -> list[Command]:
    """The commands without what was probably not said. A repeated question is answered as heard: a
    guess they can correct is better than a third "sorry"."""
    again = state.unclear > 0
    return [
        c
        for c in commands
        if not (_guessed(c, u, state) or (isinstance(c, AskProduct) and not again and _lost(c, u)))
    ]


def _lost(question: AskProduct, u: Utterance) -> bool:
    return heard_badly(u) and _sure(question, u) < BADLY


def _guessed(command: Command, u: Utterance, state: ConversationState) -> bool:
    """Whether a fact rests on guessed words; an answer to our question never counts as guessed."""
    match command:
        case ProvideSignal(criterion=name) | CorrectSignal(criterion=name):
            pass
        case ProvideContact(field=name) if name not in _READ_BACK:
            pass
        case _:
            return False
    fresh = state.awaited.asks(u.said.turn) == name
    return bool(u.said.words) and not fresh and _sure(command, u) < GUESSED


def _sure(command: Command, u: Utterance) -> float:
    """The recogniser's confidence in the words of a command."""
    at = u.said.text.lower().find(command.span.quote.lower())
    return u.confidence(at, at + len(command.span.quote)) if at >= 0 else u.said.confidence
