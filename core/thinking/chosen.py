"""Weighs a model's choice of a passage against what word search found. Pure."""

from collections.abc import Sequence

from core.conversation.words.stems import stems
from core.thinking.looking import Look
from knowledge.entry import FACTS, NO_PASSAGE, Answer, NoAnswer
from knowledge.retrieval.sufficiency import SURE

WHOLE, BRIEF = 0.75, 2
"""Share of a question's content words that make it an approved wording, and words of a question
that is none: what "price?" is the price of was said before."""


def as_chosen(
    found: Answer | NoAnswer,
    passage: str,
    question: str,
    ways: Sequence[tuple[str, bool]],
    look: Look,
) -> Answer | NoAnswer:
    """What answers a question for which a model named a passage, or said there is none.

    A whole question in an approved wording outweighs the model, a part of it or other words for it
    do not; and so does what is found where the question rules the model's passage out. `ways`: see
    `wordings`.
    """
    if not passage or (isinstance(found, Answer) and _stands(found, passage, question)):
        return found
    chosen = (look(way, alone=alone, passage=passage) for way, alone in ways)
    if passage == NO_PASSAGE:
        return next(chosen)
    return next((one for one in chosen if isinstance(one, Answer)), found)


def _stands(found: Answer, passage: str, question: str) -> bool:
    """Whether an answer found by words stands although a model names `passage`."""
    if passage in {p.citation for p in found.passages}:
        return True
    if found.score >= SURE and _approved(question, found):
        return True
    return passage == NO_PASSAGE and found.policy not in FACTS


def _approved(question: str, found: Answer) -> bool:
    """Whether all of a question, rather than a clause of it, is an approved wording."""
    said = stems(question)
    lines = (stems(line) for passage in found.passages for line in passage.asked)
    return len(question.split()) > BRIEF and any(
        len(said & line) >= WHOLE * max(len(said), len(line)) > 0 for line in lines
    )


def may_be_wrong(found: Answer | NoAnswer) -> bool:
    """Whether a fact found by words answers a question that is not an approved wording."""
    return isinstance(found, Answer) and found.score < SURE and found.policy in FACTS
