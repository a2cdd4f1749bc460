"""Weighs a model's choice of a passage against what word search found. Pure."""

from collections.abc import Sequence

from core.thinking.looking import Look
from knowledge.entry import FACTS, NO_PASSAGE, Answer, NoAnswer
from knowledge.retrieval.sufficiency import SURE


def as_chosen(
    found: Answer | NoAnswer, passage: str, ways: Sequence[tuple[str, bool]], look: Look
) -> Answer | NoAnswer:
    """What answers a question for which a model named a passage, or said there is none.

    An approved wording of the question outweighs the model, and so does what is found where the
    question rules the model's passage out. `ways`: see `wordings`.
    """
    if not passage or (isinstance(found, Answer) and _stands(found, passage)):
        return found
    chosen = (look(way, alone=alone, passage=passage) for way, alone in ways)
    if passage == NO_PASSAGE:
        return next(chosen)
    return next((one for one in chosen if isinstance(one, Answer)), found)


def _stands(found: Answer, passage: str) -> bool:
    """Whether an answer found by words stands although a model names `passage`."""
    if found.score >= SURE or passage in {p.citation for p in found.passages}:
        return True
    return passage == NO_PASSAGE and found.policy not in FACTS


def may_be_wrong(found: Answer | NoAnswer) -> bool:
    """Whether a fact found by words answers a question that is not an approved wording."""
    return isinstance(found, Answer) and found.score < SURE and found.policy in FACTS
