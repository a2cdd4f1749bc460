"""The embeddings adapter against a server that speaks the real wire."""

import numpy as np
import pytest

from core.errors import EmbeddingFailed
from tests.fakes.model_servers import Answer, Body, ModelServer, no
from tests.fakes.openai_server import OpenAIServer
from voice_agent.adapters.embeddings_openai import LONGEST, OpenAIEmbedder

pytestmark = pytest.mark.real_clock


@pytest.fixture(scope="module")
def running():
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running):
    yield running
    running.spoiled, running.key = None, None
    running.faults.clear()
    running.seen.clear()
    assert running.complaints == []


@pytest.fixture
async def embedder(server):
    made = OpenAIEmbedder(server.base_url, "key", "letters", timeout_s=0.5)
    yield made
    await made.aclose()


async def test_vectors_come_in_order_and_of_unit_length(server, embedder):
    one, two, same = await embedder.embed(["what does it cost", "single sign on", "single sign on"])
    assert one.dtype == np.float32 and one.shape == (server.dimensions,)
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(two, same) and not np.array_equal(one, two)
    assert server.seen[-1].body["model"] == "letters"


async def test_long_text_is_cut_rather_than_refused(server, embedder):
    await embedder.embed(["word " * 2000])
    assert len(server.seen[-1].body["input"][0]) == LONGEST


@pytest.mark.parametrize("fault", ["500", "429", "hang", "malformed"])
async def test_broken_service_is_an_embedding_failed(server, embedder, fault):
    server.faults["embeddings"].append(fault)
    with pytest.raises(EmbeddingFailed):
        await embedder.embed(["what does it cost"])
    assert len(await embedder.embed(["what does it cost"])) == 1


def gemini(body: Body) -> Answer:
    """No more than a hundred at once, and an index of 0 for each."""
    if len(body["input"]) > 100:
        message = "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch"
        return no(400, [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}])
    data = [{"object": "embedding", "index": 0, "embedding": [float(len(text)), 1.0]}
            for text in body["input"]]  # fmt: skip
    return no(200, {"object": "list", "data": data, "model": "m"})


async def test_a_service_that_takes_few_texts_at_once_gets_them_in_parts_from_then_on():
    with ModelServer(gemini) as server:
        embedder = OpenAIEmbedder(server.base_url, "key", "gemini-embedding-001")
        made = await embedder.embed(["x" * n for n in range(1, 129)])
        assert [len(body["input"]) for body in server.bodies] == [128, 64, 64]
        ratios = [vector[0] / vector[1] for vector in made]
        assert ratios == pytest.approx(range(1, 129), rel=1e-3), "in their order"
        await embedder.embed(["x"] * 128)
        assert [len(body["input"]) for body in server.bodies[3:]] == [64, 64]
        await embedder.aclose()


async def test_refused_key_is_named(server, embedder):
    server.key = "other"
    with pytest.raises(EmbeddingFailed, match="401"):
        await embedder.embed(["what does it cost"])


@pytest.mark.parametrize("spoiled", [float("nan"), float("inf"), 1e308])
async def test_figures_that_are_no_numbers_are_refused(server, embedder, spoiled):
    server.spoiled = spoiled
    with pytest.raises(EmbeddingFailed, match="no numbers"):
        await embedder.embed(["what does it cost"])


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "not a url", "http://[::1/v1", ""])
async def test_wrong_address_is_an_embedding_failed(url):
    embedder = OpenAIEmbedder(url or "http://", "key", "letters", timeout_s=0.5)
    with pytest.raises(EmbeddingFailed):
        await embedder.embed(["what does it cost"])
    await embedder.aclose()
