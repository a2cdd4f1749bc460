"""Similarity by meaning helps words, never replaces them, and changes nothing when absent."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, NoAnswer
from knowledge.golden import read_golden
from knowledge.load import Loaded
from knowledge.retrieval.meaning import Meant, Vectors, texts_of
from tests.fakes.letters import Letters
from tests.knowledge.conftest import TIDELINE

DAY = date(2026, 11, 23)
MISSED = {
    "we're a clinic so hip a matters to us, are you compliant": "hipaa",
}
"""Questions that words alone put off, and what answers them."""
letters = Letters()


@pytest.fixture(scope="module")
def vectors(tideline: Loaded) -> Vectors:
    return letters.of(texts_of(tideline.articles))


@pytest.fixture(scope="module")
def both(tideline: Loaded, vectors: Vectors) -> KnowledgeBase:
    return KnowledgeBase(tideline, vectors=vectors)


def asked(base: KnowledgeBase, question: str) -> Answer | NoAnswer:
    return base.answer(question, day=DAY, vectors=letters.of([question]))


def golden() -> list[tuple[str, tuple[str, ...]]]:
    read = read_golden((TIDELINE / "golden.yaml").read_text(encoding="utf-8"))
    return [*((g.ask, g.after) for g in read.answered), *((ask, ()) for ask in read.unanswerable)]


def test_without_vectors_of_the_question_or_of_passages_every_golden_answer_is_the_same(
    base: KnowledgeBase, both: KnowledgeBase
):
    for ask, after in golden():
        plain = base.answer(ask, day=DAY, context=after)
        assert both.answer(ask, day=DAY, context=after) == plain
        assert base.answer(ask, day=DAY, context=after, vectors=letters.of([ask])) == plain
    assert len(golden()) > 50


@pytest.mark.parametrize("ask", MISSED)
def test_question_that_words_miss_is_found_by_meaning(base, both, ask):
    assert isinstance(base.answer(ask, day=DAY), NoAnswer)
    found = asked(both, ask)
    assert isinstance(found, Answer) and found.article.id == MISSED[ask]


@pytest.mark.parametrize(
    "ask",
    [
        "do you integrate with Zuora",  # a name no passage mentions
        "where is your soc 2 auditor based",  # an answer the passage does not state
        "do you support single sign on with carrier pigeons",  # a word nobody knows
    ],
)
def test_what_rules_an_answer_out_does_so_however_near_the_meaning(tideline, vectors, ask):
    nearest = dict.fromkeys(vectors, letters.of([ask])[ask])
    for text in vectors:  # the question means exactly what one article says, and no other
        if "sso" not in text.lower() and "soc" not in text.lower() and "integrat" not in text:
            nearest[text] = vectors[text]
    sure = KnowledgeBase(tideline, vectors=nearest)
    assert isinstance(asked(sure, ask), NoAnswer)


def test_scale_is_learned_from_the_wordings_so_that_a_models_own_range_does_not_matter(
    tideline: Loaded, vectors: Vectors
):
    pairs = [(p, a) for a in tideline.articles for p in a.passages]
    ask = letters.of(["do you support single sign on"])["do you support single sign on"]

    def narrowed(vector):  # every cosine c becomes (c + 1) / 2
        made = np.append(vector, np.float32(1.0))
        return (made / np.linalg.norm(made)).astype(np.float32)

    wide = Meant(pairs, vectors).likeness(ask)
    narrow = Meant(pairs, {t: narrowed(v) for t, v in vectors.items()}).likeness(narrowed(ask))
    assert wide.max() == 1.0 and wide.min() == 0.0
    np.testing.assert_allclose(wide, narrow, atol=1e-4)


def test_model_that_tells_nothing_apart_is_not_listened_to(base, tideline, vectors):
    same = next(iter(vectors.values()))
    deaf = KnowledgeBase(tideline, vectors=dict.fromkeys(vectors, same))
    for ask, _ in golden():
        assert deaf.answer(ask, day=DAY, vectors={ask: same}) == base.answer(ask, day=DAY)


def test_only_published_texts_are_embedded_and_each_once(tideline: Loaded):
    texts = texts_of(tideline.articles)
    assert len(set(texts)) == len(texts) and all(text.strip() for text in texts)
    drafts = [replace(a, status="draft") for a in tideline.articles]
    assert texts_of(drafts) == ()


def test_passage_without_a_vector_is_judged_by_its_words(base, tideline, vectors):
    some = {text: v for text, v in vectors.items() if "sso" in text.lower()}
    partly = KnowledgeBase(tideline, vectors=some)
    found = asked(partly, "how much does the growth plan cost")
    assert isinstance(found, Answer) and found.article.id == "growth-plan"


def test_meaning_does_not_answer_a_follow_up_that_only_context_explains(both):
    found = both.answer(
        "and for redshift?",
        day=DAY,
        context=("do you integrate with snowflake",),
        vectors=letters.of(["and for redshift?"]),
    )
    assert isinstance(found, Answer) and "redshift" in found.article.id
