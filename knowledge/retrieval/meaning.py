"""How close a question is to each passage by embedding vectors from a model. Pure.

Cosines are not comparable between models: unrelated texts are at 0.1 in one and at 0.8 in another.
So similarity is calibrated on the company's own wordings. Wordings of one passage ask the same in
other words; those of another article ask something else. The typical distance of the first counts
1, the typical closest distance of the second counts 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.entry import Article, Passage
from knowledge.retrieval.postings import Floats

Vector = NDArray[np.float32]
"""A text's embedding, of unit length, shape (dimensions,)."""
Vectors = Mapping[str, Vector]
"""Texts and their embeddings; all vectors of one length."""
NO_VECTORS: Vectors = MappingProxyType({})
_ZERO = 1e-6
_SAMPLE = 400
"""Wordings compared with all others for calibration."""
_LEAST_SPREAD = 0.01
"""A model that separates the two by less than this is ignored."""


def unit_vectors(rows: Sequence[Sequence[float] | None] | NDArray[np.float32]) -> list[Vector]:
    """A model's rows, of one length, as unit vectors. Raises: ValueError saying what is wrong."""
    if any(row is None for row in rows):
        raise ValueError(f"{sum(row is not None for row in rows)} vectors for {len(rows)} texts")
    sizes = {len(row) for row in rows if row is not None}
    if len(sizes) != 1 or 0 in sizes:
        raise ValueError(f"vectors of differing lengths: {sorted(sizes)}")
    made = np.asarray(rows, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
    if not np.isfinite(made).all() or not np.isfinite(lengths).all() or (lengths < _ZERO).any():
        raise ValueError("a vector with figures that are no numbers, or all zero")
    return list((made / lengths).astype(np.float32))


def wordings_of(passage: Passage, article: Article) -> tuple[str, ...]:
    """Every text by which a passage may be found."""
    title = (article.title,) if passage.number == 1 else ()
    texts = (passage.text, passage.spoken, *passage.asked, *title)
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def texts_of(articles: Iterable[Article]) -> tuple[str, ...]:
    """The texts of published articles that need vectors, without duplicates."""
    return tuple(
        dict.fromkeys(
            text
            for article in articles
            if article.status == "published"
            for passage in article.passages
            for text in wordings_of(passage, article)
        )
    )


class Meant:
    """Passages by embedding. Built once; safe to read from many threads."""

    def __init__(self, pairs: Sequence[tuple[Passage, Article]], vectors: Vectors) -> None:
        rows = [
            (n, vectors[text])
            for n, (passage, article) in enumerate(pairs)
            for text in wordings_of(passage, article)
            if text in vectors
        ]
        self._count = len(pairs)
        self._owners = np.asarray([n for n, _ in rows], dtype=np.int64)
        self._rows = np.asarray([vector for _, vector in rows], dtype=np.float32)
        names = {name: n for n, name in enumerate(dict.fromkeys(a.id for _, a in pairs))}
        articles = np.asarray([names[article.id] for _, article in pairs], dtype=np.int64)
        self._low, self._high = self._learned(articles) if rows else (0.0, 0.0)

    def __bool__(self) -> bool:
        """Whether the embeddings can tell passages apart."""
        return self._high - self._low >= _LEAST_SPREAD

    def likeness(self, vector: Vector) -> Floats:
        """The similarity to each passage by its nearest text, 0..1, shape (passages,)."""
        best = np.full(self._count, -1.0)
        # Not `@`: a multi-threaded BLAS waits milliseconds for a core that serves other calls.
        cosines = np.einsum("nk,k->n", self._rows, vector)
        np.maximum.at(best, self._owners, cosines.astype(np.float64))
        return np.clip((best - self._low) / (self._high - self._low), 0.0, 1.0)

    def _learned(self, articles: NDArray[np.int64]) -> tuple[float, float]:
        """The cosines that count 0 and 1: medians over wordings of their nearest other text."""
        chosen = np.unique(np.linspace(0, len(self._rows) - 1, _SAMPLE).astype(np.int64))
        cosines = self._rows[chosen] @ self._rows.T
        cosines[np.arange(len(chosen)), chosen] = -1.0
        same = self._owners[chosen][:, None] == self._owners[None, :]
        kin = articles[self._owners]
        other = kin[chosen][:, None] != kin[None, :]
        near = np.where(same, cosines, -1.0).max(axis=1)
        far = np.where(other, cosines, -1.0).max(axis=1)
        told = (near > -1.0) & (far > -1.0)
        if not told.any():
            return 0.0, 0.0
        return float(np.median(far[told])), float(np.median(near[told]))
