"""Facts about promised calls, including the buyer's answer on whether the AI may place one."""

from dataclasses import dataclass
from typing import Literal
from uuid import NAMESPACE_URL, uuid5


def callback_id(conversation_id: str) -> str:
    """The id of the call a conversation promises: one, however often it is moved."""
    return uuid5(NAMESPACE_URL, f"voice-agent:callback:{conversation_id}").hex


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    """`when`: in spoken form; the promised window is ISO, UTC, empty where none could be given."""

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
    """The consent event: the question as heard, which names the company and the AI, and the answer
    with its place. Nothing is dialled without one whose answer is `given`."""

    state: Literal["given", "declined"]
    question: str
    words: str
    turn: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class CallbackWithdrawn:
    """The buyer no longer wants a call promised earlier in this conversation."""

    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """An outbound call was connected: for which callback, and which attempt."""

    callback_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class MachineHeard:
    """The carrier's verdict on who answered; a person may still speak."""

    answered_by: str
    at_ms: int
    left_message: bool = False
