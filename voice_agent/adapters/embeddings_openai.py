"""Text embeddings behind any OpenAI-compatible endpoint."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.errors import EmbeddingFailed
from knowledge.retrieval.meaning import Vector, unit_vectors
from voice_agent import remote
from voice_agent.refusal import Refusal, ServiceRefused

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LONGEST = 2000
"""Characters counted per text; passages and questions are far shorter, and one text over the
model's limit must not stop the rest."""
TIMEOUT_S = 20.0
AT_ONCE = 2048
"""Texts per request, until a service accepts fewer: OpenAI's own limit."""


class OpenAIEmbedder:
    """Implements core's `Embedder`. One client for all conversations.

    No retries: a question does not wait for its vector, and passages are retried later.
    """

    def __init__(
        self, base_url: str, api_key: str, model: str, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.model, self.source = model, base_url
        self.where = base_url or "api.openai.com"
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._client: AsyncOpenAI | None = None
        self._most = AT_ONCE

    async def load(self) -> None:
        """Import the library and open the client."""
        self._client = remote.client(self.source, self._api_key, self._timeout_s)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text, in order: float32, unit length, shape (dimensions,).

        Raises: EmbeddingFailed, whatever the endpoint, the network or the answer did.
        """
        try:
            return unit_vectors(await self._rows(texts))
        except _failures() as error:
            raise EmbeddingFailed(f"{type(error).__name__}: {error}") from error

    async def _rows(self, texts: Sequence[str]) -> list[Sequence[float] | None]:
        """Requested in parts no larger than the service accepts, a limit that is learned. Raises:
        Refused, and as the network does."""
        from openai import APIStatusError

        if self._client is None:
            await self.load()
        assert self._client is not None
        rows: list[Sequence[float] | None] = []
        while len(rows) < len(texts):
            part = texts[len(rows) : len(rows) + self._most]
            try:
                answer = await self._client.embeddings.create(
                    model=self.model,
                    input=[text[:LONGEST] for text in part],
                    encoding_format="float",
                )
            except APIStatusError as error:
                refusal = Refusal.of(error, self._api_key)
                if len(part) == 1 or refusal.kind not in ("request", "content"):
                    raise ServiceRefused(refusal) from error
                self._most = len(part) // 2
            else:
                rows += _placed(answer.data or (), len(part))
        return rows

    async def aclose(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _failures() -> tuple[type[Exception], ...]:
    """What a wrong address, a broken network or an odd answer may raise in the library."""
    import httpx2

    return remote.failures(httpx2.InvalidURL, ValueError, TypeError, AttributeError)


def _placed(data: Sequence[Any], count: int) -> list[Sequence[float] | None]:
    """The vectors by index; in the order they came when they have none, as Gemini's."""
    rows = {item.index: item.embedding for item in data}
    if rows.keys() != set(range(count)) and len(data) == count:
        return [item.embedding for item in data]
    return [rows.get(n) for n in range(count)]
