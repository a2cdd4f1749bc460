"""Passages are embedded once, cached on disk, retried after an outage, and reported."""

import logging
from pathlib import Path

import anyio
import httpx
import numpy as np
import pytest
from starlette.applications import Starlette

from core.engine import Engine
from core.errors import EmbeddingFailed
from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded, load
from knowledge.retrieval.meaning import texts_of
from tests.core.talk import SAMPLE
from tests.fakes.letters import Letters
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.tiny_sentences import make_tiny_sentences
from tests.knowledge.lumo import NOW, adopted, desk, put_live
from voice_agent.app import built
from voice_agent.cli import main
from voice_agent.config import Settings
from voice_agent.embedding import AT_ONCE, Embedding, embedder_of, passage_vectors
from voice_agent.errors import EngineUnavailable
from voice_agent.models import sentence
from voice_agent.server import renewal as renewing
from voice_agent.server.renewal import Renewal
from voice_agent.vector_cache import VectorCache

pytestmark = pytest.mark.real_clock
DEAD = "http://127.0.0.1:1/v1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return adopted(tmp_path / "lumo")


@pytest.fixture
def loaded(folder: Path) -> Loaded:
    return load(folder)


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path / "cache", "url", "letters", "lumo")


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def server():
    with OpenAIServer() as running:
        yield running
    assert running.complaints == []


def settings(tmp_path: Path, url: str, **given) -> Settings:
    return Settings(
        _env_file=None, embeddings_base_url=url, embeddings_model="letters", stt="openai",
        stt_base_url=url, tts="espeak", llm="embedded", var=tmp_path / "var", **given,
    )  # fmt: skip


def embedding(tmp_path: Path, url: str, **given) -> Embedding:
    made = Embedding.of(settings(tmp_path, url), "lumo", **given)
    assert made is not None
    return made


# --- what is kept ------------------------------------------------------------------------------


async def test_second_start_asks_about_one_text_only(loaded, letters, cache):
    first = await passage_vectors(loaded, letters, cache)
    assert set(first) == set(texts_of(loaded.articles))
    letters.asked.clear()
    again = await passage_vectors(loaded, letters, cache)
    assert [len(texts) for texts in letters.asked] == [1], (
        "the one that tells the model is the same"
    )
    assert all(np.array_equal(again[text], first[text]) for text in first)


async def test_changed_article_embeds_only_what_changed(folder, loaded, letters, cache):
    await passage_vectors(loaded, letters, cache)
    put_live(desk(folder), "lamp", "nine", "ten")
    letters.asked.clear()
    await passage_vectors(load(folder), letters, cache)
    assert letters.asked[1:] == [["The garden lamp runs for ten hours."]]


async def test_another_model_has_a_cache_of_its_own(loaded, letters, tmp_path, cache):
    await passage_vectors(loaded, letters, cache)
    other = VectorCache(tmp_path / "cache", "url", "other model", "lumo")
    assert other.path != cache.path and other.read(texts_of(loaded.articles)) == {}


async def test_model_changed_behind_its_name_makes_the_cache_void(loaded, letters, cache, caplog):
    await passage_vectors(loaded, letters, cache)
    for dimensions, seed in ((64, {}), (192, {"garden": "quartz", "lamp": "owl", "hours": "x"})):
        changed = Letters(dimensions, seed)
        made = await passage_vectors(loaded, changed, cache)
        assert {v.size for v in made.values()} == {dimensions}
        assert sum(len(texts) for texts in changed.asked) == len(made) + 1
        assert "answers otherwise than before" in caplog.text
        caplog.clear()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive at all"])
async def test_broken_cache_file_is_made_anew(loaded, letters, cache, caplog, content):
    await passage_vectors(loaded, letters, cache)
    cache.path.write_bytes(content)
    assert len(await passage_vectors(loaded, letters, cache)) == len(texts_of(loaded.articles))
    assert "made anew" in caplog.text
    assert len(cache.read(texts_of(loaded.articles))) == len(texts_of(loaded.articles))


async def test_cache_folder_that_cannot_be_written_costs_nothing_else(loaded, letters, tmp_path):
    (tmp_path / "file").write_text("")
    cache = VectorCache(tmp_path / "file", "url", "letters", "lumo")
    assert await passage_vectors(loaded, letters, cache)


async def test_what_was_embedded_before_a_failure_is_kept(letters, tmp_path):
    loaded = load(SAMPLE)
    cache = VectorCache(tmp_path, "url", "letters", "tideline")

    class Tiring(Letters):
        async def embed(self, texts):
            if len(self.asked) == 3:
                self.failing = "tired"
            return await super().embed(texts)

    with pytest.raises(EmbeddingFailed, match="tired"):
        await passage_vectors(loaded, Tiring(), cache)
    assert len(cache.read(texts_of(loaded.articles))) == 3 * AT_ONCE
    made = await passage_vectors(loaded, letters, cache)
    assert sum(len(t) for t in letters.asked) == len(made) - 3 * AT_ONCE + 1


async def test_two_servers_share_the_cache_folder(loaded, letters, cache):
    async with anyio.create_task_group() as tasks:
        for _ in range(6):
            tasks.start_soon(passage_vectors, loaded, letters, cache)
    assert [p for p in cache.path.parent.iterdir() if p != cache.path] == [], "no scratch is left"
    assert len(cache.read(texts_of(loaded.articles))) == len(texts_of(loaded.articles))


async def test_only_a_few_files_are_kept(loaded, letters, tmp_path):
    for n in range(7):
        await passage_vectors(loaded, letters, VectorCache(tmp_path / "c", "url", f"m{n}", "lumo"))
    assert len(list((tmp_path / "c").iterdir())) == 4


# --- a service that is away --------------------------------------------------------------------


async def test_dead_service_at_start_leaves_words_and_says_so(loaded, tmp_path):
    one = embedding(tmp_path, DEAD)
    known = await one.known(loaded, 2.0)
    assert known.questions is None
    assert "words alone" in one.why and DEAD in one.why
    await one.aclose()


async def test_slow_service_does_not_hold_up_the_start(loaded, tmp_path, server):
    server.always["embeddings"] = "hang"
    one = embedding(tmp_path, server.base_url)
    with anyio.fail_after(1.5):
        assert (await one.known(loaded, 0.2)).questions is None
    assert "within 0.2 s" in one.lacking
    await one.aclose()


async def used_within(used: list[Engine], count: int, watcher: Renewal) -> None:
    """Let the watcher embed until so many engines were taken into use."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watcher.watch_meaning)
        with anyio.fail_after(10):
            while len(used) < count:
                await anyio.sleep(0.02)
        tasks.cancel_scope.cancel()


async def test_service_that_comes_back_is_used_from_the_next_call_on(
    folder, loaded, tmp_path, server, monkeypatch, caplog
):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(renewing, "AGAIN_S", 0.05)
    server.faults["embeddings"].extend(["500", "500"])
    one = embedding(tmp_path, server.base_url)
    known = await one.known(loaded, 2.0)
    assert known.questions is None
    used: list[Engine] = []
    engine = Engine(loaded, known.base)
    watcher = Renewal(folder, engine, used.append, lambda: NOW, one)
    await used_within(used, 1, watcher)
    put_live(desk(folder), "lamp", "nine", "ten")
    assert await watcher.renew() and len(used) == 2
    assert all(engine.by_meaning for engine in used)
    assert "by words and meaning (letters), from the next call on" in caplog.text
    await one.aclose()


async def test_publication_while_the_service_is_away_is_used_by_words_until_it_is_back(
    folder, loaded, tmp_path, server, monkeypatch
):
    monkeypatch.setattr(renewing, "AGAIN_S", 0.05)
    one = embedding(tmp_path, server.base_url)
    assert (await one.known(loaded, 2.0)).questions is not None
    used: list[Engine] = []
    watcher = Renewal(folder, Engine(loaded, KnowledgeBase(loaded)), used.append, lambda: NOW, one)
    server.always["embeddings"] = "500"
    put_live(desk(folder), "lamp", "nine", "ten")
    assert await watcher.renew() and len(used) == 1 and not used[0].by_meaning
    server.always.clear()
    await used_within(used, 2, watcher)
    assert used[1].by_meaning and used[1].loaded is used[0].loaded
    await one.aclose()


async def test_failing_questions_are_counted_and_said_once(loaded, tmp_path, server, caplog):
    counted: list[str] = []
    one = embedding(tmp_path, server.base_url, count=counted.append)
    known = await one.known(loaded, 2.0)
    assert known.questions is not None
    server.always["embeddings"] = "500"
    for n in range(3):
        assert await known.questions.vectors([f"question {n}"]) == {}
    assert counted == ["failed"] * 3
    assert caplog.text.count("questions are answered by words") == 1
    await one.aclose()


# --- the whole program -------------------------------------------------------------------------


async def metrics_of(app: Starlette) -> str:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        return (await client.get("/metrics")).text


async def test_server_starts_with_meaning_and_shows_it(folder, tmp_path, server):
    given = settings(tmp_path, server.base_url, company=folder)
    async with built(given, lambda: NOW) as made:
        assert made.engines[-1] == "knowledge: by words and meaning (letters)"
        assert "voice_agent_question_embeddings" in await metrics_of(made.app)
    asked = [text for seen in server.requests("embeddings") for text in seen.body["input"]]
    assert sorted(asked) == sorted(texts_of(load(folder).articles))


def test_nothing_set_is_off(tmp_path):
    assert Embedding.of(settings(tmp_path, ""), "lumo") is None
    assert Embedding.of(settings(tmp_path, DEAD, embeddings="words"), "lumo") is None


# --- a model on this disk ----------------------------------------------------------------------


def on_disk(tmp_path: Path, loaded: Loaded) -> Path:
    """A sentence model where the settings look for theirs; it takes a lantern for a lamp."""
    model = sentence(settings(tmp_path, "").sentence_model, tmp_path / "var" / "models")
    return make_tiny_sentences(model.folder, texts_of(loaded.articles), {"lantern": "lamp"})


async def test_model_on_this_disk_is_taken_by_itself(loaded, tmp_path):
    on_disk(tmp_path, loaded)
    made = Embedding.of(settings(tmp_path, ""), "lumo")
    assert made is not None
    known = await made.known(loaded, 5.0)
    assert made.why == "knowledge: by words and meaning (sentence-transformers/all-MiniLM-L6-v2)"
    assert known.questions is not None
    texts = ["lamp", "lantern"]
    meant = await known.questions.vectors(texts)
    assert np.allclose(*(meant[text] for text in texts)), "the model takes one for the other"
    near = known.base.tried("lantern", day=NOW.date(), vectors=meant)
    assert any(hit.article.id == "lamp" for one in near for hit in one.hits)
    await made.aclose()


def test_service_that_is_set_comes_before_the_model_on_this_disk(loaded, tmp_path):
    on_disk(tmp_path, loaded)
    made = embedder_of(settings(tmp_path, DEAD))
    assert made is not None and made.where == DEAD
    made = embedder_of(settings(tmp_path, DEAD, embeddings="local"))
    assert made is not None and made.model == "sentence-transformers/all-MiniLM-L6-v2"


def test_named_model_that_is_not_there_is_told_with_its_remedy(tmp_path):
    with pytest.raises(EngineUnavailable, match="`voice-agent models fetch --lock` brings it"):
        embedder_of(settings(tmp_path, "", embeddings="local"))
    with pytest.raises(EngineUnavailable, match="no VOICE_AGENT_EMBEDDINGS_BASE_URL"):
        embedder_of(settings(tmp_path, "", embeddings="openai"))


async def test_broken_model_on_this_disk_leaves_words_and_says_so(loaded, tmp_path):
    (on_disk(tmp_path, loaded) / "model.onnx").write_bytes(b"no network")
    made = Embedding.of(settings(tmp_path, ""), "lumo")
    assert made is not None and (await made.known(loaded, 5.0)).questions is None
    assert "words alone" in made.why and "is no sentence model" in made.why
    await made.aclose()


def test_check_reports_the_service(tmp_path, server, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICE_AGENT_COMPANY", str(tmp_path / "none"))  # no engine is made for it
    monkeypatch.setenv("VOICE_AGENT_TTS", "espeak")
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS_BASE_URL", server.base_url)
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS_MODEL", "letters")
    main(["check"])
    assert "ok  knowledge: by words and meaning (letters, 192 figures)" in capsys.readouterr().out
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS_BASE_URL", DEAD)
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    assert f"error  embeddings by letters at {DEAD}" in told
    assert "check VOICE_AGENT_EMBEDDINGS_BASE_URL" in told


EVAL = """
when: 2026-11-30 12:00
from: withheld
conversations:
  - id: report
    tags: [buyer]
    turns: [{caller: "is it type one or type two, your soc report?", answer: soc2}]
"""


def test_eval_answers_by_meaning_where_it_is_set(tmp_path, server, monkeypatch, capsys):
    monkeypatch.setenv("VOICE_AGENT_COMPANY", str(SAMPLE))
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path / "var"))
    (tmp_path / "one.yaml").write_text(EVAL)
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS_BASE_URL", server.base_url)
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS_MODEL", "letters")
    assert main(["eval", str(tmp_path)]) == 0
    assert "1 of 1 conversations exactly" in capsys.readouterr().out
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS_BASE_URL", DEAD)
    assert main(["eval", str(tmp_path)]) == 2
    assert "nothing could be evaluated" in capsys.readouterr().out
