"""Fits the weights of evidence: `python -m tests.knowledge.fit_sufficiency [--cross | --write]`.

Logistic regression with a ridge, by Newton's method, on the nearest passage of each question: 1
when an article that may answer it is the nearest, else 0. The weights themselves decide which
passage is nearest, so the fit is repeated until it settles. Trained on the tune halves of `asked/`
and the older sets, for both companies. Wordings of an article that are close to a tune question are
left out meanwhile, or the fit would learn from questions that the articles know by heart. All the
articles' own wordings are used too, left out in turn (`left_out.py`), each with a small weight.

The threshold is the lowest at which, over all of these in ten folds, no more than `FALSE_AT_MOST`
of what is not covered is answered. `--cross` fits on one company and measures on the other;
`--write` stores the result with its provenance. The hold-out halves are never read here.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from knowledge.answer import KnowledgeBase
from knowledge.entry import Article
from knowledge.load import Loaded, load
from knowledge.retrieval.hit import rival
from knowledge.retrieval.lookup import CONSIDERED
from knowledge.retrieval.postings import Floats
from knowledge.retrieval.sufficiency import Calibration, evidence, ruled_out
from tests.knowledge.asked_sets import Asked, asked
from tests.knowledge.left_out import bag, lessons

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "knowledge" / "calibration.json"
COMPANIES = {
    "tideline": HERE.parents[1] / "knowledge" / "company",
    "corvane": HERE.parent / "companies" / "corvane",
}
OLDER = {
    "tideline": ("questions", "held_out", "held_out_2", "held_out_3", "held_out_4"),
    "corvane": ("held_out_corvane",),
}
DAY = date(2026, 11, 23)
RIDGE, ROUNDS, FOLDS = 1.0, 4, 10
FALSE_AT_MOST = 0.015
NO_FACT = 0.5
PERHAPS, BESIDE = 0.2, 0.4
"""Probabilities from which we ask a clarifying question, and say what may be meant. Chosen so:
below the first, what we would ask is hardly ever meant; from the second on it is meant more often
than not."""
LESSON = 0.2
"""Weight of a left-out wording, relative to a question that somebody asked."""
NEAR = 0.6
"""Share of common stems from which a wording counts as the question itself."""
THRESHOLDS = [round(0.4 + 0.02 * n, 2) for n in range(28)]

Candidate = tuple[dict[str, float], Article]
Row = tuple[Asked, list[list[Candidate]]]
"""A question, and for each reading of it the passages that might answer."""


def candidates(base: KnowledgeBase, question: Asked) -> list[list[Candidate]]:
    """Evidence for each passage judged, reading by reading."""
    return [
        [
            (evidence(one.reading, h, rival(h, one.hits)), h.article)
            for h in one.hits[:CONSIDERED]
            if not ruled_out(one.reading, h)
        ]
        for one in base.tried(question.ask, day=DAY, context=question.after)
    ]


def tuned(name: str) -> list[Row]:
    """The tune half of a company, asked of articles that do not know it."""
    questions = asked(name, "tune")
    base = KnowledgeBase(estranged(load(COMPANIES[name]), questions))
    return [(q, candidates(base, q)) for q in questions]


def older(name: str) -> list[Row]:
    """The older sets, from which the articles' wordings were written."""
    base, rows = KnowledgeBase(load(COMPANIES[name])), []
    for file in OLDER[name]:
        data: Any = yaml.safe_load((HERE / f"{file}.yaml").read_text(encoding="utf-8"))
        for key, asks in data["asked"].items():
            rows += [Asked(a, frozenset(key.split("|"))) for a in asks]
        rows += [Asked(a, frozenset()) for a in data["unanswerable"]]
    return [(q, candidates(base, q)) for q in rows]


def estranged(loaded: Loaded, questions: Sequence[Asked]) -> Loaded:
    """The company without the wordings close to one of the questions."""
    told = [bag(q.ask) for q in questions]

    def strange(line: str) -> bool:
        own = bag(line)
        return all(len(own & t) < NEAR * len(own | t) for t in told)

    articles = tuple(
        replace(a, passages=tuple(
            replace(p, asked=tuple(line for line in p.asked if strange(line))) for p in a.passages
        ))
        for a in loaded.articles
    )  # fmt: skip
    return replace(loaded, articles=articles)


def left_out(name: str) -> list[Row]:
    """The articles' own wordings, asked of articles that do not know them."""
    return [
        (q, candidates(base, q))
        for less, questions in lessons(load(COMPANIES[name]))
        for base in (KnowledgeBase(less),)
        for q in questions
    ]


def fit(rows: Sequence[Row], spare: Sequence[Row] = ()) -> dict[str, float]:
    """The weight of each kind of evidence; `spare` rows count `LESSON` each."""
    names = [
        n
        for n in next(e for _, made in rows for reading in made for e, _ in reading)
        if n != "meaning"
    ]  # specific to a model; see fit_meaning
    weights = {n: 1.0 if n in ("shared", "coverage") else 0.0 for n in names}
    for _ in range(ROUNDS):
        by = Calibration(weights, 0, 0)
        counts = [(row, 1.0) for row in rows] + [(row, LESSON) for row in spare]
        tops = [
            (q, max(made[0], key=lambda c: by.chance(c[0])), count)
            for (q, made), count in counts
            if made and made[0]
        ]
        x = np.array([[e[n] for n in names] for _, (e, _), _ in tops])
        y = np.array([a.id in q.articles for q, (_, a), _ in tops], dtype=float)
        count = np.array([n for _, _, n in tops])
        found = _regress(x, y, count, np.array([n != "bias" for n in names]) * RIDGE)
        weights = {n: round(float(v), 3) for n, v in zip(names, found, strict=True)}
    return weights


def _regress(x: Floats, y: Floats, count: Floats, ridge: Floats) -> Floats:
    w: Floats = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (p * (1 - p) * count)[:, None]).T @ x + np.diag(ridge + 1e-9)
        step = np.linalg.solve(hessian, x.T @ ((y - p) * count) - ridge * w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def judged(row: Row, weights: dict[str, float], threshold: float) -> str:
    """The outcome of a question: right, false, deferred or elsewhere."""
    question, made = row
    by = Calibration(weights, threshold, NO_FACT)
    for reading in made:
        if not reading:
            continue
        chance, article = max(((by.chance(e), a) for e, a in reading), key=lambda c: c[0])
        if by.suffices(chance, article.policy):
            if question.articles:
                return "right" if article.id in question.articles else "elsewhere"
            return "false" if article.policy in ("paraphrase", "verbatim") else "right"
    return "deferred" if question.articles else "right"


Curve = dict[float, dict[str, float]]


def folded(rows: Sequence[Row], spare: Sequence[Row]) -> Curve:
    """Shares by threshold, every question judged by weights fitted without it."""
    parts: list[list[Row]] = [[] for _ in range(FOLDS)]
    for row in rows:
        parts[hashlib.sha256(row[0].ask.encode()).digest()[1] % FOLDS].append(row)
    counts: dict[float, list[str]] = {t: [] for t in THRESHOLDS}
    for part in parts:
        rest = [row for other in parts if other is not part for row in other]
        weights = fit(rest, spare)
        for threshold in THRESHOLDS:
            counts[threshold] += [judged(row, weights, threshold) for row in part]
    return {t: shares(rows, outcomes) for t, outcomes in counts.items()}


def shares(rows: Sequence[Row], outcomes: Sequence[str]) -> dict[str, float]:
    """Outcomes as shares of what is covered, or of what is not."""
    covered = sum(bool(q.articles) for q, _ in rows)
    of = {"false": len(rows) - covered, "deferred": covered, "elsewhere": covered}
    return {name: round(outcomes.count(name) / max(n, 1), 4) for name, n in of.items()}


def best(curve: Curve) -> float:
    """The lowest threshold within the limit on false answers."""
    return min(t for t in curve if curve[t]["false"] <= FALSE_AT_MOST)


def cross() -> None:
    """Fit on one company, measure on the other."""
    for taught, unseen in (("tideline", "corvane"), ("corvane", "tideline")):
        rows, known, spare = tuned(taught), older(taught), left_out(taught)
        threshold = best(folded([*rows, *known], spare))
        weights, other = fit([*rows, *known], spare), tuned(unseen)
        found = shares(other, [judged(row, weights, threshold) for row in other])
        print(json.dumps({"fitted on": taught, "measured on": unseen, "n": len(other),
                          "threshold": threshold, **found}))  # fmt: skip


def main() -> None:
    """Fit and print; store on request."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cross", action="store_true", help="fit on one company, try the other")
    parser.add_argument("--write", action="store_true", help=f"store in knowledge/{OUT.name}")
    given = parser.parse_args()
    if given.cross:
        cross()
        return
    rows = [row for name in COMPANIES for row in tuned(name)]
    known = [row for name in COMPANIES for row in older(name)]
    spare = [row for name in COMPANIES for row in left_out(name)]
    curve = folded([*rows, *known], spare)
    threshold = best(curve)
    stored = {
        "weights": fit([*rows, *known], spare), "threshold": threshold,
        "no_fact_threshold": NO_FACT, "perhaps": PERHAPS,
        "beside": BESIDE,
        "from": {
            "command": "python -m tests.knowledge.fit_sufficiency --write",
            "questions": {"tune": len(rows), "older": len(known), "left_out": len(spare)},
            "at_threshold_in_ten_folds": curve[threshold],
        },
    }  # fmt: skip
    print(json.dumps({**stored, "curve": {str(t): v for t, v in curve.items()}}, indent=1))
    if given.write:
        OUT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
