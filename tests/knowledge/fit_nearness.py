"""Fit what evidence is worth where the embedded model tells meanings: `… fit_nearness [--write]`.

As `fit_sufficiency`, with nearness by meaning among the evidence, and with questions as they stood
in calls of outsiders (`asked/in_calls.yaml`): those of one set of calls are judged by weights
fitted without that set. The hold-out halves of the other questions are never read here.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import yaml

from knowledge.answer import KnowledgeBase, judgeable, rival
from knowledge.entry import Article
from knowledge.load import Loaded, load
from knowledge.meaning import Vector, texts_of
from knowledge.sufficiency import NO_FACT_POLICIES, Calibration, evidence, ruled_out
from tests.knowledge.asked_sets import HERE as ASKED
from tests.knowledge.asked_sets import Asked, asked
from tests.knowledge.fit_sufficiency import (
    COMPANIES,
    DAY,
    HERE,
    NO_FACT,
    OLDER,
    RIDGE,
    estranged,
    regress,
)
from tests.knowledge.left_out import lessons
from voice_agent.adapters.embeddings_minilm import MiniLmEmbedder

OUT = HERE.parents[1] / "knowledge" / "calibration_minilm.json"
ROUNDS = 4
WORTH = {"tune": 1.0, "older": 0.3, "calls": 2.0, "lessons": 0.2}
"""What a question of each kind counts: those of calls come from people who knew no wording."""
EVERY = 3
"""One in so many lessons is taught: each needs an index of its own."""
THRESHOLD, PERHAPS = 0.8, 0.1
"""Chosen on the figures this prints; see the README for what they came to with the code frozen."""


@dataclass(frozen=True, slots=True)
class Question(Asked):
    """One with what was said around it, and the set it is of."""

    said: str = ""
    set: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that might answer: its evidence, and why it may not all the same."""

    evidence: dict[str, float]
    article: Article
    ruled_out: str | None


Row = tuple[Question, list[list[Candidate]]]


class Told:
    """What texts mean, each embedded once."""

    def __init__(self) -> None:
        self.vectors: dict[str, Vector] = {}

    def learn(self, texts: Sequence[str]) -> None:
        missing = [t for t in dict.fromkeys(texts) if t.strip() and t not in self.vectors]
        if missing:
            made = anyio.run(MiniLmEmbedder().embed, missing)
            self.vectors |= zip(missing, made, strict=True)


def rows(loaded: Loaded, questions: Sequence[Question], told: Told) -> list[Row]:
    """Evidence for the passages near each question."""
    told.learn([*texts_of(loaded.articles), *(t for q in questions for t in (q.ask, q.said))])
    base = KnowledgeBase(loaded, vectors=told.vectors, meant=Calibration({"near_best": 1.0}, 1, 1))
    made: list[Row] = []
    for q in questions:
        read = base.readings(
            q.ask, day=DAY, context=q.after, vectors=told.vectors, around=q.said or q.ask
        )
        made.append((q, [
            [
                Candidate(
                    evidence(wording, terms, h, rival(h, hits)), h.article,
                    ruled_out(wording, terms, h),
                )
                for h in judgeable(hits)
            ]
            for wording, terms, hits in read
        ]))  # fmt: skip
    return made


def everything(told: Told) -> dict[str, list[Row]]:
    """All rows by kind."""
    found: dict[str, list[Row]] = {kind: [] for kind in WORTH}
    for name, folder in COMPANIES.items():
        company = load(folder)
        tune = asked(name, "tune")
        plain = [Question(q.ask, q.articles, q.after) for q in tune]
        found["tune"] += rows(estranged(company, tune), plain, told)
        found["older"] += rows(company, _older(name), told)
        for n, (less, questions) in enumerate(lessons(company)):
            if n // 2 % EVERY == 0:
                some = [Question(q.ask, q.articles, q.after) for q in questions]
                found["lessons"] += rows(less, some, told)
    found["calls"] = rows(load(COMPANIES["tideline"]), in_calls(), told)
    return found


def in_calls() -> list[Question]:
    """Questions as outsiders asked them."""
    data: Any = yaml.safe_load((ASKED / "in_calls.yaml").read_text(encoding="utf-8"))
    return [
        Question(q["ask"], frozenset(q["articles"]), tuple(q.get("after", ())),
                 q.get("said", ""), q["set"])
        for q in data["asked"]
    ]  # fmt: skip


def _older(name: str) -> list[Question]:
    found: list[Question] = []
    for file in OLDER[name]:
        data: Any = yaml.safe_load((HERE / f"{file}.yaml").read_text(encoding="utf-8"))
        for key, asks in data["asked"].items():
            found += [Question(a, frozenset(key.split("|"))) for a in asks]
        found += [Question(a, frozenset()) for a in data["unanswerable"]]
    return found


def fit(by_kind: dict[str, list[Row]], without: str = "") -> dict[str, float]:
    """The weight of each kind of evidence, fitted without one set of calls."""
    taught = [
        (row, WORTH[kind])
        for kind, some in by_kind.items()
        for row in some
        if not without or row[0].set != without
    ]
    names = [n for n in next(c.evidence for row, _ in taught for c in _first(row))]
    names.remove("meaning")
    weights = {n: 1.0 if n in ("shared", "near_best") else 0.0 for n in names}
    for _ in range(ROUNDS):
        by = Calibration(weights, 0, 0)
        tops = [
            (row[0], max(_first(row), key=lambda c: by.chance(c.evidence)), worth)
            for row, worth in taught
            if _first(row)
        ]
        x = np.array([[c.evidence[n] for n in names] for _, c, _ in tops])
        y = np.array([c.article.id in q.articles for q, c, _ in tops], dtype=float)
        worths = np.array([worth for _, _, worth in tops])
        found = regress(x, y, worths, np.array([n != "bias" for n in names]) * RIDGE)
        weights = {n: round(float(v), 3) for n, v in zip(names, found, strict=True)}
    return weights


def _first(row: Row) -> list[Candidate]:
    return [c for c in row[1][0] if c.ruled_out is None] if row[1] else []


def outcome(row: Row, by: Calibration) -> str:
    """`right`, `elsewhere`, `false`; asked back in vain or not: `back`, `amiss`; or `deferred`."""
    question, made = row
    doubt: tuple[float, str] = (0.0, "")
    for reading in made:
        judged = [(by.chance(c.evidence), c) for c in reading if c.ruled_out is None]
        chance, best = max(judged, key=lambda found: found[0], default=(0.0, None))
        if best is None:
            continue
        if by.suffices(chance, best.article.policy):
            if question.articles:
                return "right" if best.article.id in question.articles else "elsewhere"
            return "right" if best.article.policy in NO_FACT_POLICIES else "false"
        doubt = max(doubt, (chance, best.article.id))
    if doubt[0] >= by.perhaps:
        return "back" if doubt[1] in question.articles else "amiss"
    return "deferred" if question.articles else "right"


def shares(pairs: Sequence[tuple[Row, Calibration]]) -> dict[str, float]:
    """Outcomes as shares of what is covered, or of what is not."""
    found = [(bool(row[0].articles), outcome(row, by)) for row, by in pairs]
    of = {True: max(1, sum(c for c, _ in found)), False: max(1, sum(not c for c, _ in found))}
    count = {key: found.count(key) / of[key[0]] for key in set(found)}
    return {
        "false": round(count.get((False, "false"), 0), 4),
        "asked back in vain": round(count.get((False, "amiss"), 0), 4),
        "put off": round(count.get((True, "deferred"), 0) + count.get((True, "amiss"), 0), 4),
        "asked back": round(count.get((True, "back"), 0) + count.get((True, "amiss"), 0), 4),
        "elsewhere": round(count.get((True, "elsewhere"), 0), 4),
    }


def main() -> None:
    """Fit and print; store when told to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"store in knowledge/{OUT.name}")
    given = parser.parse_args()
    by_kind = everything(Told())
    sets = sorted({q.set for q, _ in by_kind["calls"]})
    apart = {name: fit(by_kind, without=name) for name in sets}
    curve = {
        threshold: shares([
            (row, Calibration(apart[row[0].set], threshold, NO_FACT, PERHAPS))
            for row in by_kind["calls"]
        ])
        for threshold in (0.6, 0.7, 0.75, THRESHOLD, 0.85, 0.9)
    }  # fmt: skip
    stored = {
        "weights": fit(by_kind), "threshold": THRESHOLD,
        "no_fact_threshold": NO_FACT, "perhaps": PERHAPS,
        "from": {
            "command": "python -m tests.knowledge.fit_nearness --write",
            "questions": {kind: len(some) for kind, some in by_kind.items()},
            "in_calls_of_sets_left_out": curve[THRESHOLD],
        },
    }  # fmt: skip
    print(json.dumps({**stored, "curve": {str(t): v for t, v in curve.items()}}, indent=1))
    if given.write:
        Path(OUT).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
