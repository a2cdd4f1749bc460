"""Fits the weight of similarity by meaning for one embedding model, and shows the effect.

    python -m tests.knowledge.fit_meaning           # print
    python -m tests.knowledge.fit_meaning --write   # store in knowledge/calibration.json

The model is the configured one (`VOICE_AGENT_EMBEDDINGS`). The other weights stay, so that without
vectors nothing changes. Fitted on the tune halves, with articles that do not know the questions.
The hold-out halves are never read here.
"""

import argparse
import json
from collections.abc import Sequence

import anyio
import numpy as np

from knowledge.answer import KnowledgeBase
from knowledge.load import load
from knowledge.retrieval.hit import rival
from knowledge.retrieval.lookup import CONSIDERED
from knowledge.retrieval.meaning import NO_VECTORS, Vector, Vectors, texts_of
from knowledge.retrieval.sufficiency import MEANING, Calibration, calibration, evidence, ruled_out
from tests.knowledge.asked_sets import asked
from tests.knowledge.fit_sufficiency import COMPANIES, DAY, OUT, Row, estranged, judged, shares
from voice_agent.config import Settings
from voice_agent.embedding import Means, embedder_of

AT_ONCE = 128
RIDGE = 1.0


def rows(name: str, vectors: Vectors) -> list[Row]:
    """Evidence for the passages near each question, including similarity by meaning."""
    questions = asked(name, "tune")
    base = KnowledgeBase(estranged(load(COMPANIES[name]), questions), vectors=vectors)
    made: list[Row] = []
    for q in questions:
        made.append((q, [
            [
                (evidence(one.reading, h, rival(h, one.hits)), h.article)
                for h in one.hits[:CONSIDERED]
                if not ruled_out(one.reading, h)
            ]
            for one in base.tried(q.ask, day=DAY, context=q.after, vectors=vectors)
        ]))  # fmt: skip
    return made


def fit(made: Sequence[Row], by: Calibration) -> float:
    """The weight of `meaning` that judges the nearest passages best, the others unchanged."""
    tops = [
        (q, max(near[0], key=lambda c: by.chance(c[0]))) for q, near in made if near and near[0]
    ]
    x = np.array([e["meaning"] for _, (e, _) in tops])
    y = np.array([a.id in q.articles for q, (_, a) in tops], dtype=float)
    rest = np.array([sum(w * e[n] for n, w in by.weights.items() if n != "meaning")
                     for _, (e, _) in tops])  # fmt: skip
    weight = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(rest + weight * x)))
        slope = float(x @ (y - p)) - RIDGE * weight
        weight += slope / (float(x**2 @ (p * (1 - p))) + RIDGE)
    return round(weight, 3)


def outcome(made: Sequence[Row], weight: float) -> dict[str, float]:
    """Shares of false, deferred and misplaced answers at a weight of `meaning`."""
    shipped = calibration()
    weights = {**shipped.weights, "meaning": weight}
    return shares(made, [judged(row, weights, shipped.threshold) for row in made])


async def embedded(embedder: Means) -> Vectors:
    """Vectors of all questions and passages. Raises: EmbeddingFailed."""
    texts = [t for path in COMPANIES.values() for t in texts_of(load(path).articles)]
    texts += [q.ask for name in COMPANIES for q in asked(name, "tune")]
    texts = list(dict.fromkeys(texts))
    found: dict[str, Vector] = {}
    try:
        for n in range(0, len(texts), AT_ONCE):
            some = texts[n : n + AT_ONCE]
            found |= zip(some, await embedder.embed(some), strict=True)
    finally:
        await embedder.aclose()
    return found


def main() -> None:
    """Fit and print; store on request."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"store in knowledge/{OUT.name}")
    given = parser.parse_args()
    embedder = embedder_of(Settings())
    if embedder is None:
        parser.error("the settings name no embeddings: see docs/engines.md")
    vectors = anyio.run(embedded, embedder)
    known = [row for name in COMPANIES for row in rows(name, vectors)]
    plain = [row for name in COMPANIES for row in rows(name, NO_VECTORS)]
    weight = fit(known, calibration())
    print(json.dumps({
        "model": embedder.model, "fitted": weight, "chosen": MEANING, "questions": len(known),
        "words alone": outcome(plain, 0.0),
        "by weight": {w: outcome(known, w) for w in (0.0, 1.0, MEANING, 3.0, weight)},
    }, indent=1))  # fmt: skip
    if given.write:
        stored = json.loads(OUT.read_text(encoding="utf-8"))
        stored["weights"]["meaning"] = weight
        stored["from"]["meaning"] = f"python -m tests.knowledge.fit_meaning, {embedder.model}"
        OUT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
