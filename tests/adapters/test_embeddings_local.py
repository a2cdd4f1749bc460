"""The local sentence model, through the real tokenizer and onnxruntime."""

from pathlib import Path

import anyio
import anyio.lowlevel
import numpy as np
import pytest

from core.errors import EmbeddingFailed
from tests.fakes.tiny_sentences import DIMENSIONS, make_tiny_sentences
from voice_agent.adapters.embeddings_local import LONGEST, TOGETHER, LocalEmbedder

pytestmark = pytest.mark.real_clock
TEXTS = ("what does it cost", "single sign on", "how dear is a bike")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make_tiny_sentences(tmp_path_factory.mktemp("tiny"), TEXTS, {"price": "cost"})


@pytest.fixture
async def embedder(folder):
    made = LocalEmbedder(folder, "tiny")
    yield made
    await made.aclose()


async def test_vectors_come_in_order_and_of_unit_length(embedder):
    texts = [*TEXTS, *reversed(TEXTS)] * TOGETHER
    made = await embedder.embed(texts)
    assert [vector.shape for vector in made] == [(DIMENSIONS,)] * len(texts)
    assert all(vector.dtype == np.float32 for vector in made)
    assert np.linalg.norm(made, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert made[0] @ made[5] == pytest.approx(1.0, abs=1e-5) and made[0] @ made[1] < 0.9


async def test_a_texts_vector_does_not_depend_on_what_it_came_with(embedder):
    (alone,) = await embedder.embed(["sign on"])
    beside = (await embedder.embed(["sign on", "what does it cost " * 9]))[0]
    assert alone @ beside == pytest.approx(1.0, abs=1e-5)


async def test_words_alike_to_the_model_are_near(embedder):
    price, cost = await embedder.embed(["what is the price", "what is the cost"])
    assert price @ cost == pytest.approx(1.0, abs=1e-5)


async def test_long_texts_count_as_far_as_the_model_reads(embedder):
    start, whole = await embedder.embed(["cost " * LONGEST, "cost " * LONGEST + "sign " * 4000])
    assert start @ whole == pytest.approx(1.0, abs=1e-5)


async def test_the_first_tokens_pooling(tmp_path):
    made = LocalEmbedder(make_tiny_sentences(tmp_path, TEXTS, first=True), "tiny")
    with pytest.raises(EmbeddingFailed, match="all zero"):  # here the first token means nothing
        await made.embed(["what does it cost"])


async def test_a_clone_of_the_models_repository_serves_as_it_lies(tmp_path):
    make_tiny_sentences(tmp_path, TEXTS)
    for name, below in (
        ("model.onnx", "onnx/model.onnx"),
        ("config.json", "1_Pooling/config.json"),
    ):
        (tmp_path / below).parent.mkdir()
        (tmp_path / name).rename(tmp_path / below)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    assert len(await LocalEmbedder(tmp_path, "clone").embed(["sign on"])) == 1


def break_pooling(folder: Path) -> None:
    (folder / "config.json").write_text('{"pooling_mode_max_tokens": true}')


def break_network(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no network")


def break_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


@pytest.mark.parametrize("harm", [break_pooling, break_network, break_tokenizer])
async def test_a_broken_folder_is_an_embedding_failed_and_named(tmp_path, harm):
    harm(make_tiny_sentences(tmp_path, TEXTS))
    with pytest.raises(EmbeddingFailed, match=f"{tmp_path} is no sentence model") as failed:
        await LocalEmbedder(tmp_path, "tiny").embed(["sign on"])
    assert "voice-agent models fetch --lock" in str(failed.value)


async def test_a_network_of_another_kind_is_refused(tmp_path):
    made = LocalEmbedder(make_tiny_sentences(tmp_path, TEXTS, outputs=2), "tiny")
    with pytest.raises(EmbeddingFailed, match="not one row a token"):
        await made.embed(["sign on"])


async def test_a_question_does_not_wait_for_all_that_came_before(embedder):
    await embedder.embed(["sign on"])  # loaded
    order: list[str] = []

    async def ask(name: str, texts: list[str]) -> None:
        await embedder.embed(texts)
        order.append(name)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, "articles", ["what does it cost"] * 400)
        await anyio.lowlevel.checkpoint()
        tasks.start_soon(ask, "question", ["single sign on"])
    assert order == ["question", "articles"]
