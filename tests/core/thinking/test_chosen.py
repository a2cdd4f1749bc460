"""What a model's choice of a passage is worth beside what word search found."""

import pytest

from core.thinking.chosen import as_chosen
from knowledge.answer import KnowledgeBase
from knowledge.entry import NO_PASSAGE, Answer, NoAnswer
from tests.core.talk import MONDAY_NOON, ROOT, sample

WATER = KnowledgeBase(sample(ROOT / "tests" / "companies" / "creek"))


def look(question: str, alone: bool = False, passage: str = "") -> Answer | NoAnswer:
    day = MONDAY_NOON.date()
    if passage:
        return WATER.chosen(question, passage, day=day)
    return WATER.answer(question, day=day)


def cited(question: str, found_by: str, passage: str) -> list[str]:
    """The passages told for a question, found by other words for it, and chosen by a model."""
    found = look(found_by)
    made = as_chosen(found, passage, question, ((question, True),), look)
    return [p.citation for p in made.passages] if isinstance(made, Answer) else []


def test_a_whole_question_in_an_approved_wording_outweighs_the_model():
    wording = "can we make payments on it"
    (told, *_) = cited(wording, wording, NO_PASSAGE) or [""]
    assert told.startswith("financing@")


@pytest.mark.parametrize(
    ("question", "found_by", "passage", "told"),
    [
        ("what's the turnaround if we run out on a saturday", "how long does it take", "none", []),
        ("Price?", "Price?", "iron-filter@1#2", ["iron-filter@1#2"]),
        (
            "Can't have hard water at three in the morning, how do you get around that",
            "hard water, how do you get around that",
            "softeners@1#2",
            ["softeners@1#2"],
        ),
    ],
)
def test_other_words_or_a_part_of_a_question_do_not(question, found_by, passage, told):
    assert cited(question, found_by, passage) == told
