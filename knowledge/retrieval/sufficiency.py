"""Whether a passage really answers a question, as a probability. What is not clearly covered is not
answered; in between, a clarifying question may be worth it: `perhaps`.

Each piece of evidence has a name and a value of about 0..1. Their weights were fitted on questions
to two companies (`python -m tests.knowledge.fit_sufficiency`) and are stored, with their origin, in
`calibration.json`; nothing in it is specific to either company. Embedding similarity was not
fitted, because its weight would depend on one embedding model; it has a chosen weight, `MEANING`.
"""

import json
import math
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from knowledge.entry import FACTS, Policy
from knowledge.retrieval.answer_type import states
from knowledge.retrieval.hit import Hit
from knowledge.retrieval.reading import Reading

_DO_FOR_US = re.compile(
    r"\b(?:can|could|will|would) you (?:please )?(help (?:me|us) )?(\w+)\b", re.I
)
_LOOSE = frozenset(
    "set take bring come run start put provide offer handle manage support do give show".split()
)
"""Verbs that say little about what is asked of us."""
_DIFFER = frozenset({"integrations", "tools", "competitors", "plans"})
_FEW, _MANY, _LESS = 5, 12, 0.11
"""The threshold is lower by `_LESS` for passages with few wordings, rising back with more. In nine
companies with two to five wordings each, no more questions were answered wrongly at 0.59 than at
0.6, and more rightly."""
_VERY_WORDS, SURE = 0.95, 0.99
"""Share of words from which a question is the passage's own wording, and its probability."""
MEANING = 2.0
"""Weight of embedding similarity, as a logit; chosen, not fitted to any model. It lifts a passage
over the threshold of 0.8 only where words alone gave it a probability of a third. It counts only
where the passage has the question's last word, mostly the thing asked for, and no word of the
question is unknown to all passages: vectors are blind to that one word. A weight `meaning` in the
calibration replaces it (`python -m tests.knowledge.fit_meaning` fits one to a model)."""
TOO_LITTLE = "says too little to search by"
"""The reason given when a question names nothing; asking again is better than deferring it."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of evidence, and the thresholds for answering."""

    weights: Mapping[str, float]
    threshold: float
    no_fact_threshold: float
    """For articles whose policy states nothing: a wrong one misleads nobody."""
    perhaps: float = 1.0
    """Threshold for a clarifying question."""
    beside: float = 1.0
    """Threshold for saying it along, as a possible meaning."""

    def chance(self, evidence: Mapping[str, float]) -> float:
        """Probability that the passage answers, in 0..1."""
        if evidence["shared"] >= _VERY_WORDS:
            return SURE
        total = sum(weight * evidence[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def suffices(self, chance: float, policy: Policy) -> bool:
        """Whether to answer at this probability."""
        return chance >= (self.threshold if policy in FACTS else self.no_fact_threshold)

    def among(self, wordings: float) -> "Calibration":
        """The calibration for a company with this many wordings per passage: with few, fewer
        accidental matches occur."""
        few = min(1.0, max(0.0, (_MANY - wordings) / (_MANY - _FEW)))
        return replace(self, threshold=round(self.threshold - _LESS * few, 3))


@cache
def calibration() -> Calibration:
    """The shipped calibration."""
    data = json.loads((files("knowledge") / "calibration.json").read_text(encoding="utf-8"))
    weights = {"meaning": MEANING, **data["weights"]}
    chances = (data[name] for name in ("threshold", "no_fact_threshold", "perhaps", "beside"))
    return Calibration(weights, *chances)


def evidence(reading: Reading, hit: Hit, rival: float) -> dict[str, float]:
    """Evidence for and against `hit`; `rival` is the score of the best other article."""
    light = [t for t in reading.content if t.weight == "light"]
    aim = reading.focus
    known = hit.ending and not hit.strange
    return {
        "bias": 1.0,
        "wording": hit.like.wording,
        "shared": hit.like.shared,
        "bm25": hit.like.bm25,
        "pairs": hit.pairs,
        "coverage": hit.coverage,
        "body": hit.body,
        "pool": hit.pool,
        "mass": min(hit.mass, 3.0) / 3,
        "full": hit.coverage * min(hit.mass, 3.0) / 3,
        "whole": hit.like.shared * hit.coverage,
        "margin": max(-1.0, min(1.0, (hit.score - rival) / 0.3)),
        "strange": min(len(hit.strange), 3) / 3,
        "any_strange": float(bool(hit.strange)),
        "strange_aim": float(any(t.said in hit.strange for t in aim)),
        "absent_aim": float(any(t.said in hit.absent for t in aim)),
        "light_missing": sum(t.said in hit.missing for t in light) / max(len(light), 1),
        "ending": float(hit.ending),
        "typed": float(reading.asked != "any"),
        "named": float(any(t.name and t.said not in hit.missing for t in reading.terms)),
        "meaning": hit.like.meaning if known else 0.0,
    }


def ruled_out(reading: Reading, hit: Hit) -> str | None:
    """Why similarity cannot make up for it: a name not mentioned, or too little said."""
    if own_wording(hit):
        return None
    if why := _unmentioned(reading, hit):
        return why
    if reading.leans and reading.content:
        return "asks what comes of something told before"
    if reading.leans or reading.rambles or (not reading.content and hit.like.wording < 0.84):
        return TOO_LITTLE
    if why := _unstated(reading, hit):
        return why
    verb = _undone(reading.wording, hit)
    return f"asks us to {verb}, of which the nearest passage does not speak" if verb else None


def contradicted(reading: Reading, hit: Hit) -> str | None:
    """Why a passage cannot answer, even for a model that says so: it lacks a name in the question,
    and what holds for one such name does not hold for another."""
    return None if own_wording(hit) else _unmentioned(reading, hit, _DIFFER)


def _unmentioned(reading: Reading, hit: Hit, kinds: Container[str] | None = None) -> str | None:
    named = (t for t in reading.terms if t.name and (kinds is None or t.kind in kinds))
    name = next((t.name for t in named if t.said in hit.missing), None)
    return f"names {name}, which the nearest passage does not mention" if name else None


def _unstated(reading: Reading, hit: Hit) -> str | None:
    kind = reading.asked
    if kind == "any" or states(kind, hit.passage, hit.article):
        return None
    return f"asks for a {kind}, which the nearest passage does not state"


def own_wording(hit: Hit) -> bool:
    """Whether a question is the passage's own wording, whose author knew what it asks."""
    return hit.like.shared >= _VERY_WORDS


def reason(reading: Reading, hit: Hit) -> str:
    """Why we did not answer with this passage, for the gap report."""
    if why := ruled_out(reading, hit):
        return why
    missing = ", ".join(f"“{word}”" for word in hit.missing)
    return f"no article covers {missing}" if missing else "no article comes near enough"


def _undone(question: str, hit: Hit) -> str | None:
    """An action asked of us that the passage does not mention; any verb fits an integration."""
    asked = _DO_FOR_US.search(question)
    if asked is None or (hit.article.type == "integration" and not asked[1]):
        return None
    verb = asked[2].lower()
    return verb if verb in hit.missing and verb not in _LOOSE else None
