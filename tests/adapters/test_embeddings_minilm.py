"""The embedded model tells what texts mean, on this machine, from what its wheel brings along."""

from dataclasses import replace

import anyio
import numpy as np
import pytest

from core.errors import EmbeddingFailed
from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, NoAnswer
from knowledge.meaning import texts_of
from knowledge.sufficiency import calibration
from tests.core.talk import MONDAY_NOON, sample
from voice_agent.adapters import embeddings_minilm
from voice_agent.adapters.embeddings_minilm import SHIPPED, MiniLmEmbedder
from voice_agent.vector_cache import VectorCache

pytestmark = pytest.mark.real_clock
ASKED = "Could you bill us in sterling?"
TURN = "A column gets renamed on us now and then. Does the whole thing fall over?"
NOWHERE = "Do you print labels for the parcels?"


def embed(*texts):
    return anyio.run(MiniLmEmbedder().embed, texts)


def test_texts_of_one_meaning_come_near_whatever_their_words_and_order():
    near, far, asked = embed("can we pay in pounds", "is there an audit log", ASKED)
    assert asked @ near > asked @ far + 0.2
    assert asked.shape == (384,) and asked.dtype == np.float32
    assert float(asked @ asked) == pytest.approx(1.0, abs=1e-3)


def test_a_text_means_the_same_beside_longer_ones_and_may_be_very_long():
    (alone,) = embed(ASKED)
    beside, _long = embed(ASKED, "data " * 3000)
    assert float(alone @ beside) > 0.99
    assert embed() == []


def test_a_missing_wheel_is_told_with_its_name(monkeypatch):
    monkeypatch.setattr(embeddings_minilm, "PACKAGE", "no_such_wheel")
    embeddings_minilm._opened.cache_clear()
    try:
        with pytest.raises(EmbeddingFailed, match="no_such_wheel is not installed"):
            embed(ASKED)
    finally:
        embeddings_minilm._opened.cache_clear()


def test_knowledge_reads_a_question_with_what_was_said_around_it():
    wanted = ("billing", "schema-changes", "shopify", "encryption", "audit-log", "slack", "trial")
    company = sample()
    few = replace(company, articles=tuple(a for a in company.articles if a.id in wanted))
    question = "Does the whole thing fall over?"
    texts = [*texts_of(few.articles), ASKED, TURN, question, NOWHERE]
    vectors = dict(zip(texts, embed(*texts), strict=True))
    base = KnowledgeBase(few, vectors=vectors, meant=calibration("minilm"))

    def meant(text, around=""):
        found = base.answer(text, day=MONDAY_NOON.date(), vectors=vectors, around=around or text)
        if isinstance(found, Answer):
            return found.article.id
        return found.perhaps and found.perhaps.article_id

    assert meant(question, TURN) == "schema-changes"
    assert meant(ASKED) == "billing"
    found = base.answer(NOWHERE, day=MONDAY_NOON.date(), vectors=vectors, around=NOWHERE)
    assert isinstance(found, NoAnswer)


def test_the_samples_passages_come_embedded_and_as_the_model_has_them(tmp_path):
    texts = texts_of(sample().articles)
    found = VectorCache(tmp_path, "any", shipped=SHIPPED).read(texts)
    missing = [text for text in texts if text not in found]
    assert not missing, f"run python -m tests.embed_sample: {missing[:3]}"
    for text, now in zip(texts[:3], embed(*texts[:3]), strict=True):
        assert float(found[text] @ now) > 0.995
