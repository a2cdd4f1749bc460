"""Knowledge as it is asked while a turn is thought through."""

from typing import Protocol

from core.conversation.state import ConversationState
from knowledge.answer import KnowledgeBase
from knowledge.audience import Caller
from knowledge.entry import Answer, NoAnswer


class Look(Protocol):
    """Knowledge, in the light of what was asked in earlier turns unless a text stands `alone`."""

    def __call__(self, question: str, alone: bool = False, passage: str = "") -> Answer | NoAnswer:
        """What is known of a question; with a `passage`, whether that one may be its answer."""


def caller_of(state: ConversationState) -> Caller:
    """Segment, industry and role of the caller, as far as they are known."""
    segment = state.verdict.segment if state.verdict else None
    kinds = tuple(name for name in (segment, state.value("industry")) if name)
    return Caller(kinds, state.value("role") or "")


def lines_of(state: ConversationState, now: str) -> tuple[str, ...]:
    """What the buyer said, with what they say `now`, oldest first."""
    lines = tuple(text for who, text in state.history if who == "caller")
    return (*lines, now) if now else lines


def topics_of(result: Answer | NoAnswer | None) -> tuple[str, ...]:
    """What an answer is about."""
    return result.article.topics if isinstance(result, Answer) else ()


def about(state: ConversationState, knowledge: KnowledgeBase) -> tuple[str | None, str]:
    """What they want us for, and the title of the article they were told of last."""
    return state.value("use_case"), knowledge.title(state.told)
