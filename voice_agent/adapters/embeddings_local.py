"""A local sentence embedding model, run by onnxruntime, without any service."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import numpy as np

from core.errors import EmbeddingFailed
from knowledge.retrieval.meaning import Vector, unit_vectors
from voice_agent.models import FETCH
from voice_agent.onnx import one_thread

TOGETHER = 8
"""Texts per run: a caller's question waits for at most this many article texts at start-up."""
LONGEST = 256
"""Tokens counted per text; passages are shorter, and these models were trained on no more."""


class LocalEmbedder:
    """Implements core's `Embedder` with a sentence-transformers model, shared by all calls.

    `folder` holds `model.onnx`, `tokenizer.json` and the pooling's `config.json` as `models fetch`
    stores them, or in the layout of a clone of the model's repository.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.model, self.where, self.source = name, str(folder), "local"
        self._folder = folder
        self._made: _Encoder | None = None
        self._limiter: anyio.CapacityLimiter | None = None

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text, in order: float32, unit length, shape (dimensions,).

        Raises: EmbeddingFailed when files are missing or are not such a model.
        """
        self._limiter = self._limiter or anyio.CapacityLimiter(1)
        found: list[Vector] = []
        for n in range(0, len(texts), TOGETHER):
            found += await anyio.to_thread.run_sync(
                self._embed, texts[n : n + TOGETHER], limiter=self._limiter, abandon_on_cancel=True
            )
        return found

    async def aclose(self) -> None:
        """Drop the model; its memory is freed once the texts in progress are done."""
        self._made = None

    def _embed(self, texts: Sequence[str]) -> list[Vector]:
        try:
            encoder = self._made = self._made or _Encoder(self._folder)
            return unit_vectors(encoder.rows(texts))
        except Exception as error:  # onnxruntime, tokenizers and json have errors of their own
            raise EmbeddingFailed(
                f"{self._folder} is no sentence model that can be used: {error}; "
                f"`{FETCH} --lock` brings one"
            ) from error


class _Encoder:
    """The network and its tokenizer on one thread. Raises whatever the libraries do."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        pooling = json.loads(_one_of(folder, "1_Pooling/config.json", "config.json").read_text())
        self._first = bool(pooling.get("pooling_mode_cls_token"))
        if not self._first and not pooling.get("pooling_mode_mean_tokens"):
            raise ValueError("its pooling is neither the mean nor the first token's")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        self._session = one_thread(_one_of(folder, "model.onnx", "onnx/model.onnx"))
        self._inputs = [put.name for put in self._session.get_inputs()]

    def rows(self, texts: Iterable[str]) -> Any:
        """Shape (texts, dimensions), not normalised."""
        tokens = self._tokenizer.encode_batch(list(texts))
        known = {
            "input_ids": np.asarray([t.ids for t in tokens], np.int64),
            "attention_mask": np.asarray([t.attention_mask for t in tokens], np.int64),
            "token_type_ids": np.asarray([t.type_ids for t in tokens], np.int64),
        }
        told = self._session.run(None, {name: known[name] for name in self._inputs})[0]
        if told.ndim != 3:
            raise ValueError(f"the network tells {told.ndim} dimensions, not one row a token")
        if self._first:
            return told[:, 0]
        mask = known["attention_mask"][..., None]
        return (told * mask).sum(axis=1) / mask.sum(axis=1)


def _one_of(folder: Path, *names: str) -> Path:
    """The first of these files that exists, else the last."""
    paths = [folder / name for name in names]
    return next((path for path in paths if path.is_file()), paths[-1])
