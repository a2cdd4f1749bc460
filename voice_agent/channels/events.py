"""Events of a written conversation, as its listeners get them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.conversation.state import ConversationState
from core.events import UtteranceRecorded


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of the transcript; `seq` is its fact's number, increasing within a conversation."""

    seq: int
    at: datetime
    said: UtteranceRecorded


@dataclass(frozen=True, slots=True)
class Delta:
    """One sentence of a reply in progress; final once its line is committed."""

    turn: int
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Committed:
    """Lines now in the database; with `turn`, all of our answer to that turn.

    `over`: it ended the conversation.
    """

    lines: tuple[WrittenLine, ...]
    turn: int | None = None
    over: bool = False
    span: tuple[int, int] | None = None
    """Numbers of the first and last fact of that commit; None: unknown."""
    state: ConversationState | None = None
    """After an answer."""
    floor: str | None = None
    """The rep who had the floor when that was given."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Who answers from now on: the rep with this id, or the agent."""

    rep: str | None


@dataclass(frozen=True, slots=True)
class Typing:
    """Someone other than the agent is writing."""

    who: Literal["caller", "rep"]


@dataclass(frozen=True, slots=True)
class Moved:
    """Something was written, perhaps by another server; `over`: the conversation has ended."""

    last: int
    """The number of the last fact there is."""
    over: bool


Told = Delta | Committed | Floor | Typing | Moved


class UnknownConversation(Exception):
    """There is no such conversation, or it is over: open a new one."""
