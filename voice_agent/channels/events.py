"""What happens in a written conversation, as those who listen to it are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.events import UtteranceRecorded


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript; `seq` is its fact's number and grows within a conversation."""

    seq: int
    at: datetime
    said: UtteranceRecorded


@dataclass(frozen=True, slots=True)
class Delta:
    """One sentence of a reply that is being given; it stands once its line is there."""

    turn: int
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Committed:
    """Lines that are in the database; with `turn`, all of ours in answer to that turn.

    `over`: the conversation has ended with it.
    """

    lines: tuple[Line, ...]
    turn: int | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Floor:
    """Who answers from now on: the rep of this id, or the agent."""

    rep: str | None


@dataclass(frozen=True, slots=True)
class Typing:
    """Someone other than the agent is writing."""

    who: Literal["caller", "rep"]


@dataclass(frozen=True, slots=True)
class Moved:
    """Something was written, maybe by another server; `over`: the conversation has ended."""

    over: bool


Told = Delta | Committed | Floor | Typing | Moved


class UnknownConversation(Exception):
    """There is no such conversation, or it is over: a new one has to be opened."""
