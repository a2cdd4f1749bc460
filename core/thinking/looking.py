"""Knowledge lookups during one turn."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.conversation.state import ConversationState
from core.thinking.locality import Locality
from knowledge.answer import KnowledgeBase
from knowledge.audience import Caller
from knowledge.entry import Answer, NoAnswer
from knowledge.retrieval.meaning import Vectors


class Look(Protocol):
    """Looks up questions in the context of earlier turns, unless a text stands `alone`."""

    def __call__(
        self, question: str, alone: bool = False, passage: str = "", told: str = ""
    ) -> Answer | NoAnswer:
        """The answer to a question; with a `passage`, whether that passage may be its answer; with
        the citation of what was `told`, the answer in the same article."""


def looked_up(
    knowledge: KnowledgeBase,
    locality: Locality,
    state: ConversationState,
    day: date,
    vectors: Vectors,
    now: str,
) -> Look:
    """Lookups in the context of earlier questions; `now`: what the buyer says in this turn."""
    known, lines, typed = caller_of(state), lines_of(state, now), state.written

    def look(
        question: str, alone: bool = False, passage: str = "", told: str = ""
    ) -> Answer | NoAnswer:
        if told:
            return knowledge.resumed(question, told, day=day, caller=known, typed=typed)
        before, said = ((), ()) if alone else (state.history.context, lines)
        if passage:
            return knowledge.chosen(
                question, passage, day=day, context=before, caller=known, typed=typed
            )

        def answer(text: str) -> Answer | NoAnswer:
            return knowledge.answer(
                text,
                day=day, context=before, caller=known, typed=typed, vectors=vectors, said=said,
            )  # fmt: skip

        return locality.answer(question, answer)

    return look


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
    told: str = ""
    """The citation of what they were just told."""


NOTHING = About()


def about(state: ConversationState, knowledge: KnowledgeBase) -> About:
    """What was spoken of before this turn."""
    before = "".join(state.history.by("caller")[-1:])
    asked = any(question in before for question in state.history.context)
    last = knowledge.title(state.given.citations)
    told = state.given.citations[-1:] if state.turn - state.given.turn < _STILL_IN_MIND else ()
    purpose = state.signals.value("use_case")
    return About(purpose, last, "" if asked else before, "".join(told))


_STILL_IN_MIND = 2
"""Turns after which a word or two no longer refer to what was told."""
