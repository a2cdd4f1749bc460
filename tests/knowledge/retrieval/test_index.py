"""How alike a question and a wording are, and which words count for that."""

import pytest

from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer
from knowledge.load import Loaded, load
from knowledge.retrieval.index import Index
from knowledge.retrieval.reading import Reading
from tests.knowledge.asked_sets import asked
from tests.knowledge.conftest import CORVANE, TIDELINE
from tests.knowledge.test_answer import DAY


@pytest.mark.parametrize("folder", [TIDELINE, CORVANE], ids=lambda folder: folder.name)
def test_no_question_has_more_in_common_with_a_wording_than_all_of_it(folder):
    loaded = load(folder)
    index = Index(loaded.articles, loaded.company)
    name = "tideline" if folder == TIDELINE else "corvane"
    asks = [question.ask for question in asked(name, "tune")[::3]]
    asks += [line for article in loaded.articles for line in article.passages[0].asked[:1]]
    for ask in (*asks, *(f"{one} {two}" for one, two in zip(asks, asks[1:], strict=False))):
        for hit in index.search(Reading(ask, index.words.terms(ask, "heard"))):
            assert 0 <= hit.like.shared <= 1 + 1e-9, (ask, hit.passage.citation)
            assert hit.like.wording <= 1 + 1e-9, (ask, hit.passage.citation)


def test_a_wording_of_the_articles_is_the_same_as_itself(tideline: Loaded):
    index = Index(tideline.articles, tideline.company)
    for article in tideline.articles:
        for line in article.passages[0].asked[:2]:
            found = index.search(Reading(line, index.terms(line)))
            assert max(hit.like.shared for hit in found) == pytest.approx(1), line


def test_two_words_of_a_question_are_not_both_taken_for_the_same_one(base: KnowledgeBase):
    for ask in ("do you accept a wire transfer", "can it make phone calls"):
        found = base.answer(ask, day=DAY)
        assert not (isinstance(found, Answer) and found.policy in ("paraphrase", "verbatim")), ask
