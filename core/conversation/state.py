"""The state of one conversation: an immutable value, so a dropped speculation costs nothing."""

from dataclasses import dataclass, field, replace

from core.events import ConversationOpened, SignalCaptured

__all__ = ["ConversationState", "Question", "replace"]


@dataclass(frozen=True, slots=True)
class Question:
    """A buyer's question and what became of it."""

    id: str
    text: str
    turn: int
    status: str = "open"
    """open, answered or deferred"""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What is known, asked, given, promised. The engine returns a new one for every turn."""

    opened: ConversationOpened
    signals: tuple[SignalCaptured, ...] = ()
    questions: tuple[Question, ...] = ()
    asked: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    gives: int = 0
    expecting: str | None = None
    """Criterion or contact field of the last heard question, until it is answered."""
    closing: bool = False
    history: tuple[tuple[str, str], ...] = field(default=())
    """(speaker, heard text), oldest first."""
