"""Knowledge lookups during one turn."""

from dataclasses import dataclass
from typing import Protocol

from core.conversation.state import ConversationState
from knowledge.answer import KnowledgeBase
from knowledge.audience import Caller
from knowledge.entry import Answer, NoAnswer


class Look(Protocol):
    """Looks up questions in the context of earlier turns, unless a text stands `alone`."""

    def __call__(self, question: str, alone: bool = False, passage: str = "") -> Answer | NoAnswer:
        """The answer to a question; with a `passage`, whether that passage may be its answer."""


def caller_of(state: ConversationState) -> Caller:
    """The caller's segment, industry and role, as far as known."""
    segment = state.judged.segment
    kinds = tuple(name for name in (segment, state.signals.value("industry")) if name)
    return Caller(kinds, state.signals.value("role") or "")


def lines_of(state: ConversationState, now: str) -> tuple[str, ...]:
    """What the buyer has said, ending with what they say `now`, oldest first."""
    lines = state.history.by("caller")
    return (*lines, now) if now else lines


def topics_of(result: Answer | NoAnswer | None) -> tuple[str, ...]:
    """The topics of an answer."""
    return result.article.topics if isinstance(result, Answer) else ()


@dataclass(frozen=True, slots=True)
class About:
    """What a question without a subject of its own may be about."""

    purpose: str | None = None
    """The buyer's use case."""
    last: str = ""
    """The title of the article they last heard from."""
    before: str = ""
    """What they stated in the turn before this one."""


NOTHING = About()


def about(state: ConversationState, knowledge: KnowledgeBase) -> About:
    """What was spoken of before this turn."""
    before = "".join(state.history.by("caller")[-1:])
    asked = any(question in before for question in state.history.context)
    last = knowledge.title(state.given.citations)
    return About(state.signals.value("use_case"), last, "" if asked else before)
