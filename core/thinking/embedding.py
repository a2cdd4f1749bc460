"""Embeds a turn's questions with a model before thinking, within a short deadline.

A question without a vector is answered by its words alone, so nothing here fails: a late, broken or
missing vector is counted and left out.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Literal

import anyio
import numpy as np

from core.errors import EmbeddingFailed
from core.ports import Embedder
from core.trust import Trust
from knowledge.retrieval.meaning import NO_VECTORS, Vector, Vectors

DEADLINE_S = 0.15
"""The longest a turn waits for vectors."""
KEPT = 2048
"""Texts whose vectors are cached: fixed questions, and words retried while a caller speaks."""
MOST = 8
"""Most texts embedded per turn, in the order they would be looked up."""

Outcome = Literal["embedded", "remembered", "late", "failed", "resting"]
Told = Callable[[Outcome, str], None]
"""Called for each turn with questions: the outcome, and the reason if it went wrong."""


class Questions:
    """Embeds questions for one set of passages; shared by all conversations.

    `dimensions`: the length of the passages' vectors; others cannot be compared with them.
    """

    def __init__(
        self,
        embedder: Embedder,
        dimensions: int,
        told: Told = lambda outcome, why: None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._embedder = embedder
        self._dimensions = dimensions
        self._told = told
        self._deadline_s = deadline_s
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._trust = Trust()

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors available within the deadline; never raises, may be empty."""
        wanted = [text for text in texts if text.strip()][:MOST]
        if not wanted:
            return NO_VECTORS
        missing = [text for text in wanted if text not in self._known]
        if missing:
            await self._ask(missing)
        else:
            self._told("remembered", "")
        found = {text: self._known[text] for text in wanted if text in self._known}
        for text in found:
            self._known.move_to_end(text)
        return found

    async def _ask(self, texts: list[str]) -> None:
        if not self._trust.asks(anyio.current_time()):
            self._told("resting", "")
            return
        outcome: Outcome = "late"
        why = f"no answer within {self._deadline_s * 1000:.0f} ms"
        try:
            with anyio.move_on_after(self._deadline_s):
                made = await self._embedder.embed(texts)
                self._keep(texts, made)
                outcome, why = "embedded", ""
        except EmbeddingFailed as error:
            outcome, why = "failed", str(error)
        if outcome == "embedded":
            self._trust.worked()
        else:
            self._trust.failed(anyio.current_time(), why)
        self._told(outcome, why)

    def _keep(self, texts: list[str], made: list[Vector]) -> None:
        """Cache vectors. Raises: EmbeddingFailed when not comparable with the passages' vectors."""
        if len(made) != len(texts):
            raise EmbeddingFailed(f"{len(made)} vectors for {len(texts)} texts")
        for vector in made:
            if vector.shape != (self._dimensions,):
                raise EmbeddingFailed(
                    f"vectors of {vector.size} figures, while the passages' have "
                    f"{self._dimensions}: another model answers; restart to embed them again"
                )
            if not np.isfinite(vector).all():
                raise EmbeddingFailed("a vector with figures that are no numbers")
        self._known.update(zip(texts, made, strict=True))
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
