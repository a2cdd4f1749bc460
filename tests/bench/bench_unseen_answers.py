"""How often unseen questions are answered falsely, deferred, or answered off the point.

The question sets are `tests/knowledge/asked/`: the hold-out halves count, the tune halves are
printed beside them. `--noise` repeats both with a tenth of the words misheard. The share deferred
if a model always chose correctly among the passages shown (`core...understanding.model`) is no
model's figure but an upper bound.

Run: python -m tests.bench.bench_unseen_answers [--noise] [--mistakes]
`--mistakes` lists those of the tune halves; nobody may see the hold-out's.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from core.conversation.understanding.asks.questions import questions
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer
from knowledge.load import load
from tests.bench.rig import ROOT, commit, machine
from tests.knowledge.asked_sets import HALVES, Half, asked, noisy, several

DAY = date(2026, 11, 23)
COMPANIES: dict[str, Path] = {
    "tideline": ROOT / "knowledge" / "company",
    "corvane": ROOT / "tests" / "companies" / "corvane",
}
NOISE = 0.1


def outcome(base: KnowledgeBase, ask: str, wanted: frozenset[str], after: tuple[str, ...]) -> str:
    """`right`, `deferred` or `elsewhere` for covered questions; `right` or `false` for the others.

    False is a fact given for something not covered; a deferral by the wrong article is not.
    """
    found = base.answer(ask, day=DAY, context=after)
    got = found.article.id if isinstance(found, Answer) else None
    if not wanted:
        stated = isinstance(found, Answer) and found.policy in ("paraphrase", "verbatim")
        return f"false: {got}" if stated else "right"
    if got is None:
        return f"deferred: {getattr(found, 'reason', '')}"
    return "right" if got in wanted else f"elsewhere: {got}"


def in_reach(base: KnowledgeBase, ask: str, wanted: frozenset[str], after: tuple[str, ...]) -> bool:
    """Whether a model that chooses correctly among the passages shown would get it answered."""
    shown = base.shown((ask,), day=DAY, context=after)
    right = [passage.citation for _, passage in shown.entries if passage.article_id in wanted]
    taken = (base.chosen(ask, citation, day=DAY, context=after) for citation in right)
    return any(isinstance(found, Answer) for found in taken)


def measured(name: str, half: Half, rate: float, mistakes: bool) -> dict[str, Any]:
    """Counts and shares of one half of one company's questions."""
    base = KnowledgeBase(load(COMPANIES[name]))
    counts: Counter[str] = Counter()
    totals: Counter[bool] = Counter()
    for question in asked(name, half):
        ask = noisy(question.ask, rate) if rate else question.ask
        what = outcome(base, ask, question.articles, question.after)
        counts[what.split(":")[0]] += 1
        totals[bool(question.articles)] += 1
        if what.startswith("deferred"):
            counts["chosen"] += in_reach(base, ask, question.articles, question.after)
        if mistakes and half == "tune" and what != "right":
            print(f"{what} | {ask} | {sorted(question.articles)}", file=sys.stderr)
    return {
        "company": name, "half": half, "noise": rate, "answerable": totals[True],
        "deferred": counts["deferred"], "elsewhere": counts["elsewhere"],
        "deferred_share": round(counts["deferred"] / totals[True], 3),
        "deferred_share_if_chosen_rightly": round(
            (counts["deferred"] - counts["chosen"]) / totals[True], 3
        ),
        "elsewhere_share": round(counts["elsewhere"] / totals[True], 3),
        "unanswerable": totals[False], "false": counts["false"],
        "false_share": round(counts["false"] / totals[False], 3),
        "several": _several(base, name, half),
    }  # fmt: skip


def _several(base: KnowledgeBase, name: str, half: Half) -> str:
    """Turns with several questions, each of which was answered or deferred correctly."""
    rows = several(name, half)
    return f"{sum(_each_right(base, ask, wanted) for ask, wanted in rows)}/{len(rows)}"


def _each_right(base: KnowledgeBase, ask: str, wanted: list[frozenset[str]]) -> bool:
    heard = utterance(UserSaid(1, ask, 0, 1000, datetime(2026, 11, 23, 15, tzinfo=UTC)))
    parts = [heard.text[start:end] for start, end in questions(heard, [])]
    got = [
        outcome(base, p, w, tuple(parts[:n]))
        for n, (p, w) in enumerate(zip(parts, wanted, strict=False))
    ]
    return len(parts) == len(wanted) and all(g == "right" for g in got)


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--noise", action="store_true", help="also with a tenth of words misheard")
    parser.add_argument("--mistakes", action="store_true", help="list those of the tune halves")
    given = parser.parse_args()
    rates = (0.0, NOISE) if given.noise else (0.0,)
    rows = [
        measured(name, half, rate, given.mistakes)
        for rate in rates
        for half in HALVES
        for name in COMPANIES
    ]
    clean = [r for r in rows if r["half"] == "hold-out" and not r["noise"]]
    falsely = sum(r["false"] for r in clean) / sum(r["unanswerable"] for r in clean)
    put_off = sum(r["deferred"] for r in clean) / sum(r["answerable"] for r in clean)
    print(json.dumps({
        "figure": "hold-out questions answered falsely; deferred",
        "p50": f"{falsely:.1%}", "p95": f"{put_off:.1%}",
        "n": sum(r["unanswerable"] + r["answerable"] for r in clean), "unit": "share",
        "target": "≤ 1 %; ≤ 10 %", "met": falsely <= 0.01 and put_off <= 0.1,
        "rows": rows, "machine": machine(), "commit": commit(),
    }, indent=1, ensure_ascii=False))  # fmt: skip


if __name__ == "__main__":
    main()
