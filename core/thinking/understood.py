"""What was made of a turn's words, for deciding whether the buyer has finished. Pure."""

from collections.abc import Mapping
from typing import Literal

from core.commands import (
    Affirm,
    AllowRecording,
    AskIfAI,
    AskIfRecorded,
    AskTold,
    BadContact,
    CancelMeeting,
    ChooseSlot,
    Command,
    DataRequest,
    DeclineRecording,
    DeclineToSay,
    Deny,
    EndCall,
    MoveMeeting,
    OptOut,
    PassSlots,
    ProvideContact,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    Unclear,
)
from core.conversation.state import ConversationState
from core.events import Fact, SignalCaptured
from knowledge.entry import Answer, NoAnswer

Sense = Literal["question", "answer", "request", "told", "unanswered", "other", "nothing"]
"""`question`: approved knowledge surely answers all of it. `answer`: to what we asked or offered.
`request`: a wish we handle, or a goodbye. `told`: something useful, unasked. `unanswered`: a
question without a sure answer. `nothing`: the words were of no use."""

SURE = 0.8
"""Probability that the passages answer, from which a question counts as heard correctly."""
_REPLIES = (Affirm, Deny, ChooseSlot, PassSlots, DeclineToSay)
_WISHES = (
    RequestHuman, RequestCallback, RequestMeeting, MoveMeeting, CancelMeeting, OptOut, EndCall,
    AllowRecording, AskIfAI, AskIfRecorded, AskTold, DataRequest, DeclineRecording,
)  # fmt: skip


def sense(
    state: ConversationState,
    commands: tuple[Command, ...],
    asked: Mapping[str, Answer | NoAnswer],
    facts: tuple[Fact, ...],
) -> Sense:
    """The sense of a turn. `state`: before it; `asked`: the lookups of its questions."""
    if any(isinstance(c, Unclear | BadContact) for c in commands):
        return "nothing"
    if asked:
        chances = [found.score if isinstance(found, Answer) else 0.0 for found in asked.values()]
        return "question" if min(chances) >= SURE else "unanswered"
    if _answers(state, commands, facts):
        return "answer"
    if any(isinstance(c, _WISHES) for c in commands):
        return "request"
    return "told" if any(isinstance(f, SignalCaptured) for f in facts) else "other"


def _answers(
    state: ConversationState, commands: tuple[Command, ...], facts: tuple[Fact, ...]
) -> bool:
    """Whether it answers our last question, or accepts or declines what we offered."""
    proposed = state.awaited.offer or state.awaited.read_back or state.times.slots
    if proposed and any(isinstance(c, _REPLIES) for c in commands):
        return True
    wanted = state.awaited.ask
    if wanted is None:
        return False
    if any(isinstance(c, DeclineToSay) for c in commands):
        return True  # not "i don't know": a guess often follows
    if any(isinstance(c, ProvideContact) and c.field == wanted for c in commands):
        return True
    return any(
        isinstance(f, SignalCaptured) and f.criterion == wanted and _read(f) for f in facts
    )  # values taken verbatim may be any words


def _read(signal: SignalCaptured) -> bool:
    """Whether the value was parsed, rather than being the words without their fillers."""
    words = [w for w in signal.quote.lower().split() if w not in ("um", "uh", "er", "hmm")]
    return signal.value.lower() != " ".join(words)
