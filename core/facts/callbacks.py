"""Facts of promised calls: what a buyer answered when asked whether the AI may place the call."""

from dataclasses import dataclass
from typing import Literal
from uuid import NAMESPACE_URL, uuid5


def callback_id(conversation_id: str) -> str:
    """The id of the call that a conversation promises: one, however often it is moved."""
    return uuid5(NAMESPACE_URL, f"voice-agent:callback:{conversation_id}").hex


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    """`when` as it was said; the promised window is ISO, UTC, empty where none could be given."""

    turn: int
    quote: str
    when: str
    owner: str = ""
    start: str = ""
    end: str = ""
    zone: str = ""
    priority: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class AiCallAnswered:
    """The consent event: the question as it was heard, which names the company and the AI, and the
    answer with its place. Nothing is dialled without one that says `given`."""

    state: Literal["given", "declined"]
    question: str
    words: str
    turn: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class CallbackWithdrawn:
    """The buyer wants no call any more that was promised before in this conversation."""

    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """A call of ours was connected: for which callback, and which attempt that was."""

    callback_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class MachineHeard:
    """What the telephone company takes the answering party for; a person may yet speak."""

    answered_by: str
    at_ms: int
    left_message: bool = False
