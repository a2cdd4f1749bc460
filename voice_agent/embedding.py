"""Retrieval by meaning: passages are embedded at start; until then words alone decide.

embedding = Embedding.of(settings, loaded.company.id)  # None when switched off
known = await embedding.known(loaded, within_s=2.0)    # never raises; `embedding.lacking`
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import anyio.to_thread
import numpy as np

from core.errors import EmbeddingFailed
from core.ports import Embedder
from core.thinking.embedding import DEADLINE_S, Outcome, Questions
from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded
from knowledge.retrieval.meaning import Vector, Vectors, texts_of
from voice_agent.adapters.embeddings_local import LocalEmbedder
from voice_agent.adapters.embeddings_openai import TIMEOUT_S, OpenAIEmbedder
from voice_agent.config import Settings
from voice_agent.errors import EngineUnavailable
from voice_agent.models import FETCH, is_path, sentence
from voice_agent.vector_cache import VectorCache

log = logging.getLogger(__name__)
START_S = 2.0
"""How long the start waits for passages; the rest is embedded during calls."""
PATIENT_S = 10.0
"""Timeout for a question when nobody is waiting for the answer."""
AT_ONCE = 128
"""Texts per request."""
_SAME = 0.98
"""Least similarity to the cached vector of a known text; below it another model made the cache."""
_EVERY = 50
"""Log one line per this many failures."""

Count = Callable[[Outcome], None]
Means = OpenAIEmbedder | LocalEmbedder
"""What embeds texts: a service or a local model."""


def embedder_of(settings: Settings, timeout_s: float = TIMEOUT_S) -> Means | None:
    """The embedder the settings name; on `auto` the service, else the local model, else None.

    Raises: EngineUnavailable, with its remedy, when the one named is not available.
    """
    wanted, url = settings.embeddings, settings.embeddings_base_url
    if wanted == "words":
        return None
    if wanted == "openai" or (wanted == "auto" and url):
        if not (url or settings.embeddings_key):
            raise EngineUnavailable(
                "embeddings: openai: no OPENAI_API_KEY and no VOICE_AGENT_EMBEDDINGS_BASE_URL; set "
                "one of them"
            )
        return OpenAIEmbedder(url, settings.embeddings_key, settings.embeddings_model, timeout_s)
    name = settings.sentence_model
    if is_path(name):
        return LocalEmbedder(Path(name).expanduser(), name)
    model = sentence(name, settings.models_folder)
    if not model.missing:
        return LocalEmbedder(model.folder, name)
    if wanted == "auto":
        return None
    raise EngineUnavailable(
        f"no sentence model {name} in {model.folder}: `{FETCH} --lock` brings it there, or set "
        "VOICE_AGENT_SENTENCE_MODEL to a folder that has one"
    )


@dataclass(frozen=True, slots=True)
class Known:
    """Knowledge to answer from, and the embedder of questions; None: words alone."""

    base: KnowledgeBase
    questions: Questions | None = None


class Embedding:
    """The embeddings of one company's passages by one model."""

    def __init__(
        self,
        embedder: Means,
        cache: VectorCache,
        count: Count = lambda outcome: None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._embedder = embedder
        self._cache = cache
        self._told = _Teller(embedder.where, count)
        self._deadline_s = deadline_s
        self.lacking = "not asked yet"
        """Why words alone decide; empty when they do not."""

    @classmethod
    def of(
        cls,
        settings: Settings,
        company: str,
        count: Count = lambda outcome: None,
        deadline_s: float = DEADLINE_S,
    ) -> "Embedding | None":
        """The embedding the settings ask for, None when there is none. Raises:
        EngineUnavailable."""
        embedder = embedder_of(settings)
        if embedder is None:
            return None
        folder = Path(settings.var) / "cache"
        cache = VectorCache(folder, embedder.source, embedder.model, company)
        return cls(embedder, cache, count, deadline_s)

    @property
    def why(self) -> str:
        """How passages are found, in one line."""
        if not self.lacking:
            return f"knowledge: by words and meaning ({self._embedder.model})"
        return (
            f"knowledge: by words alone until {self._embedder.model} at {self._embedder.where} "
            f"has told what the passages mean ({self.lacking}); trying again"
        )

    async def known(self, loaded: Loaded, within_s: float) -> Known:
        """Knowledge with passage vectors; by words alone until or unless they are ready."""
        self.lacking = f"not all embedded within {within_s:g} s"
        try:
            with anyio.move_on_after(within_s):
                return await self.complete(loaded)
        except EmbeddingFailed as error:
            self.lacking = str(error)
        return Known(KnowledgeBase(loaded))

    async def complete(self, loaded: Loaded) -> Known:
        """The same for callers that prefer to wait and fail. Raises: EmbeddingFailed."""
        vectors = await passage_vectors(loaded, self._embedder, self._cache)
        dimensions = next((vector.size for vector in vectors.values()), 0)
        self.lacking = ""
        questions = Questions(self._embedder, dimensions, self._told, self._deadline_s)
        return Known(KnowledgeBase(loaded, vectors=vectors), questions if vectors else None)

    async def aclose(self) -> None:
        """Close the model's connections."""
        await self._embedder.aclose()


async def tried(settings: Settings, timeout_s: float) -> str:
    """Embed one text with the configured model: its name and size; empty when there is none.

    Raises: EngineUnavailable; EmbeddingFailed with its remedy.
    """
    embedder = embedder_of(settings, timeout_s)
    if embedder is None:
        return ""
    try:
        (vector,) = await embedder.embed(["does it answer"])
    except EmbeddingFailed as error:
        text = f"embeddings by {embedder.model} at {embedder.where}: {error}"
        if isinstance(embedder, OpenAIEmbedder):
            text += (
                "; check VOICE_AGENT_EMBEDDINGS_BASE_URL, VOICE_AGENT_EMBEDDINGS_MODEL and "
                "VOICE_AGENT_EMBEDDINGS_API_KEY, or leave the first empty"
            )
        raise EmbeddingFailed(text) from error
    finally:
        await embedder.aclose()
    return f"{embedder.model}, {vector.size} figures"


@asynccontextmanager
async def all_known(settings: Settings, loaded: Loaded) -> AsyncIterator[Known]:
    """Knowledge by words, then, with embeddings set, by meaning and complete, however long that
    takes: for people who review answers. Raises: EmbeddingFailed."""
    embedding = Embedding.of(settings, loaded.company.id, deadline_s=PATIENT_S)
    if embedding is None:
        yield Known(KnowledgeBase(loaded))
        return
    try:
        yield await embedding.complete(loaded)
    finally:
        await embedding.aclose()


async def passage_vectors(loaded: Loaded, embedder: Embedder, cache: VectorCache) -> Vectors:
    """Vectors of all published passages, from the cache where possible.

    One cached text is always embedded again: if the model behind its name has changed, the cache is
    void. What was embedded before a failure is kept. Raises: EmbeddingFailed.
    """
    texts = texts_of(loaded.articles)
    found = await anyio.to_thread.run_sync(cache.read, texts)
    if found and not await _still_true(found, embedder):
        log.warning("the embedding model answers otherwise than before: embedding everything anew")
        found = {}
    missing = [text for text in texts if text not in found]
    before = len(found)
    try:
        for n in range(0, len(missing), AT_ONCE):
            some = missing[n : n + AT_ONCE]
            found |= zip(some, await embedder.embed(some), strict=True)
            if len({vector.size for vector in found.values()}) > 1:
                found = dict(list(found.items())[:before])
                raise EmbeddingFailed("the model's vectors are of differing lengths")
    finally:
        if len(found) > before:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(cache.write, found)
    return found


async def _still_true(found: dict[str, Vector], embedder: Embedder) -> bool:
    text, vector = next(iter(found.items()))
    (now,) = await embedder.embed([text])
    return now.shape == vector.shape and float(np.dot(now, vector)) >= _SAME


class _Teller:
    """Counts the outcomes of questions, and occasionally logs why they have no vector."""

    def __init__(self, url: str, count: Count) -> None:
        self._url, self._count = url, count
        self._failures = 0

    def __call__(self, outcome: Outcome, why: str) -> None:
        self._count(outcome)
        if outcome not in ("late", "failed"):
            return
        if self._failures % _EVERY == 0:
            log.warning("embeddings at %s: %s; questions are answered by words", self._url, why)
        self._failures += 1
