"""The stub server's embedding model without its wire: implements core's `Embedder`, and counts."""

from collections.abc import Mapping, Sequence

import anyio
import numpy as np

from core.errors import EmbeddingFailed
from knowledge.retrieval.meaning import Vector, Vectors
from tests.fakes.openai_bodies import embeddings


class Letters:
    """Deterministic letter-based vectors; set `failing`, `delay_s` or `spoil` to disturb it."""

    def __init__(self, dimensions: int = 192, alike: Mapping[str, str] | None = None) -> None:
        self.dimensions = dimensions
        self.alike = dict(alike or {})
        self.asked: list[list[str]] = []
        self.failing = ""
        self.delay_s = 0.0
        self.spoil: float | None = None

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.asked.append(list(texts))
        await anyio.sleep(self.delay_s)
        if self.failing:
            raise EmbeddingFailed(self.failing)
        return list(self.of(texts).values())

    def of(self, texts: Sequence[str]) -> Vectors:
        """The vectors, synchronously."""
        data = embeddings(texts, "letters", self.dimensions, self.alike)["data"]
        rows = np.asarray([item["embedding"] for item in data], dtype=np.float64)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        if self.spoil is not None:
            rows[:, 0] = self.spoil
        return dict(zip(texts, rows.astype(np.float32), strict=True))
