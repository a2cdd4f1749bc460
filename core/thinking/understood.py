"""What became of a turn's words, for whoever must tell whether the buyer has said all. Pure."""

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
"""`question`: approved knowledge surely answers all that is asked. `answer`: to what we asked or
offered. `request`: a wish we know, or a goodbye. `told`: something of use, unasked. `unanswered`: a
question we have no sure answer to. `nothing`: no use could be made of the words."""

SURE = 0.8
"""Chance that the passages answer, from which a question is taken to be heard as it was meant."""
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
    """The sense a turn made. `state`: before it; `asked`: what was looked up for its questions."""
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
    """Whether it gives what our last question asked for, or takes or leaves what we offered."""
    proposed = state.offered or state.pending or state.slots
    if proposed and any(isinstance(c, _REPLIES) for c in commands):
        return True
    wanted = state.expecting
    if wanted is None:
        return False
    if any(isinstance(c, DeclineToSay) for c in commands):
        return True  # and not "i don't know": a guess often follows
    if any(isinstance(c, ProvideContact) and c.field == wanted for c in commands):
        return True
    return any(
        isinstance(f, SignalCaptured) and f.criterion == wanted and _read(f) for f in facts
    )  # words taken as they are may be any words


def _read(signal: SignalCaptured) -> bool:
    """Whether the value was read out of the words, rather than being them without the fillers."""
    words = [w for w in signal.quote.lower().split() if w not in ("um", "uh", "er", "hmm")]
    return signal.value.lower() != " ".join(words)
