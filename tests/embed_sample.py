"""Embed the sample company's passages, to come along with the code: `python -m tests.embed_sample`.

A newcomer's first call then finds knowledge by meaning from its first turn on, and no core is busy
with passages meanwhile. A test says when articles have changed since.
"""

import anyio

from knowledge.meaning import texts_of
from tests.core.talk import sample
from voice_agent.adapters.embeddings_minilm import SHIPPED, MiniLmEmbedder
from voice_agent.vector_cache import ship


def main() -> None:
    """Write the file."""
    texts = texts_of(sample().articles)
    vectors = anyio.run(MiniLmEmbedder().embed, texts)
    ship(SHIPPED, dict(zip(texts, vectors, strict=True)))
    print(f"{len(texts)} texts, {SHIPPED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
