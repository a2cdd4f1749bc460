"""Premature ends of turn through the real recogniser, on callers who think aloud and dictate.

A premature end is an end of turn inside what the caller had to say, after which they heard us begin
before they went on. Ends after which the caller went on before our first sample was heard are
counted separately as `merged`: both parts are answered together and nobody noticed. Judged per turn
of the kinds `hesitation` and `dictation` in hesitant_speech.txt (part `unseen`, on which nothing
was tuned), half of them with pauses of 900 ms throughout, half with 300-900 ms; `run_on` (a whole
statement, a pause, more) is separate, since only the melody can reveal it. Heard latency is over
the turns of kind `complete`, and shows the price. A caller pauses inside all turns or inside none,
and is learned as such; `mixed` has the same lines by callers who sometimes do. Needs flite and
espeak-ng.

Run: python -m tests.bench.bench_premature [--quick] [--part tuning] [--roc] [--show]
"""

import argparse
import sys
from collections import defaultdict
from typing import Any
from unittest.mock import patch

from core.engine import Engine
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from tests.bench import hesitant_heard, hesitant_speech, rig
from tests.bench.hesitant_talk import Outcome, Senses, talk
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.turn import endpoint

CUT_PCT, P50_MS, P95_MS = 2.0, 450, 900
ROC_S = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.1, 1.2)


class Callers:
    """Every line of a part, recognised once; talks can be repeated with them."""

    def __init__(self, part: str, voices: int) -> None:
        loaded = load(SAMPLE_COMPANY)
        self._engine = Engine(loaded, KnowledgeBase(loaded))
        self._calls = list(hesitant_heard.calls(hesitant_speech.lines(part, voices)))
        self._senses: Senses = {}

    def talk(self, *, mixed: bool = False) -> list[Outcome]:
        """The outcome of each line; `mixed`: said by callers who do not always pause."""
        calls = hesitant_heard.mixed(self._calls) if mixed else self._calls
        return [one for call in calls for one in talk(call, self._engine, self._senses)]

    def roc(self) -> list[dict[str, Any]]:
        """Premature ends against latency: the same with other waits for doubtful endings."""
        rows = []
        for wait in ROC_S:
            waits = dict.fromkeys(("unclear", "doubted", "dictating", "unfinished"), (wait, wait))
            with patch.dict(endpoint.SPAN_S, waits):
                rows.append({"in_doubt_s": wait, **figures(self.talk())})
        return rows


def figures(outcomes: list[Outcome]) -> dict[str, Any]:
    """The figures judged: premature ends of some kinds, latency of the others."""
    judged = [one for one in outcomes if one.spoken.line.kind in ("hesitation", "dictation")]
    whole = told([one for one in outcomes if one.spoken.line.kind == "complete"])
    return {
        "premature_pct": rig.share([one.premature for one in judged]),
        "n": len(judged),
        "complete_heard_ms": whole["heard_ms"],
    }


def by_kind(outcomes: list[Outcome]) -> dict[str, dict[str, Any]]:
    """The outcome by kind of turn."""
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        line = one.spoken.line
        kinds[line.kind].append(one)
        kinds[f"{line.kind}, {line.voice.split()[0]}"].append(one)
        if line.pauses_s and min(line.pauses_s) == hesitant_speech.LONG_S:
            kinds[f"{line.kind}, 900 ms"].append(one)
    return {kind: told(kinds[kind]) for kind in sorted(kinds)}


def told(outcomes: list[Outcome]) -> dict[str, Any]:
    heard = [round(1000 * one.heard_s) for one in outcomes if one.heard_s is not None]
    return {
        "n": len(outcomes),
        "premature_pct": rig.share([one.premature for one in outcomes]),
        "merged_pct": rig.share([one.merged for one in outcomes]),
        "heard_ms": rig.spread(heard),
    }


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Say everything, and judge."""
    if not hesitant_speech.can_voice():
        sys.exit("flite and espeak-ng are not installed: apt-get install flite espeak-ng")
    callers = Callers(arguments.part, 1 if arguments.quick else 2)
    outcomes = callers.talk()
    judged = [one for one in outcomes if one.spoken.line.kind in ("hesitation", "dictation")]
    found = figures(outcomes)
    premature, heard = found["premature_pct"], found["complete_heard_ms"]
    more = {"roc": callers.roc()} if arguments.roc else {}
    if arguments.show:
        for one in judged:
            if one.premature:
                said = " … ".join(one.spoken.line.stretches)
                rig.say(f"{one.spoken.line.voice} | {said} | {[e.text for e in one.ended]}")
    good = rig.within(heard["p50"], P50_MS) and rig.within(heard["p95"], P95_MS)
    return rig.Result(
        "premature ends, hesitating and dictating callers", premature, None, len(judged), "%",
        f"≤ {CUT_PCT:.0f} %; complete turns heard p50 ≤ {P50_MS}, p95 ≤ {P95_MS} ms",
        rig.within(premature, CUT_PCT) and good,
        {
            "part": arguments.part, "complete_heard_ms": heard, "kinds": by_kind(outcomes),
            "mixed": figures(callers.talk(mixed=True)), **more,
        },
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--part", choices=("unseen", "former", "tuning"), default="unseen")
    parser.add_argument("--roc", action="store_true", help="also with other waits")
    parser.add_argument("--show", action="store_true", help="list the turns cut in on")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
