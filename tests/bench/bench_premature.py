"""Premature ends of turn through the real recogniser, on callers who think aloud and dictate.

A premature end is an end of turn inside what the caller had to say after which they heard us begin
before they went on. Ends after which the caller went on before our first sample was heard are
counted apart as `merged`: both parts are answered at once and nobody noticed. Judged per turn of
the kinds `hesitation` and `dictation` of hesitant_speech.txt (part `unseen`, on which nothing was
tuned), half of them with pauses of 900 ms throughout, half with 300-900 ms; `run_on` (a whole
statement, a pause, more) is told apart, since nothing but the melody can tell it. Heard latency is
over the turns of kind `complete`, and shows the price. Needs flite and espeak-ng.

Run: python -m tests.bench.bench_premature [--quick] [--part tuning] [--show]
"""

import argparse
import sys
from collections import defaultdict
from itertools import groupby
from typing import Any

import anyio

from core.engine import Engine
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from tests.bench import hesitant_speech, rig
from tests.bench.hesitant_call import Caller, Outcome
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.sphinx import caller_language
from voice_agent.speech.sphinx.decoder import SphinxDecoder, Tuning

CUT_PCT, P50_MS, P95_MS = 2.0, 450, 900
LINES_A_CALL = 6


async def placed(part: str, voices: int) -> list[Outcome]:
    """Every line, said in calls of `LINES_A_CALL` by one voice each."""
    loaded = load(SAMPLE_COMPANY)
    phrases = caller_language.phrases_of(loaded.articles)
    language = caller_language.prepare(loaded.company, phrases, rig.BENCH_VAR / "cache")
    decoder = SphinxDecoder(language.hmm, language.lm, language.dictionary, Tuning())
    silero, maker = SileroModel().load(), hesitant_speech.maker()
    engine = Engine(loaded, KnowledgeBase(loaded))
    lines = sorted(hesitant_speech.lines(part, voices), key=caller_of)
    found: list[Outcome] = []
    for (voice, _), said in groupby(lines, key=caller_of):
        caller = None
        mixed = sorted(said, key=lambda line: hash_of(line.stretches))
        for number, line in enumerate(mixed):
            if caller is None or number % LINES_A_CALL == 0:
                caller = Caller(silero, decoder, engine)
            found.append(await caller.say(hesitant_speech.voiced(line, maker)))
        rig.say(f"{voice}: {len(mixed)} turns")
    return found


def caller_of(line: hesitant_speech.Line) -> tuple[str, bool]:
    """Who says it: of each voice one who pauses inside turns, and one who does not."""
    return line.voice, line.kind == "complete"


def hash_of(stretches: tuple[str, ...]) -> int:
    """An order that mixes the kinds and stays."""
    return sum(ord(c) * (n + 7) for n, c in enumerate("".join(stretches))) % 9973


def by_kind(outcomes: list[Outcome]) -> dict[str, dict[str, Any]]:
    """How each kind of turn went."""
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
    outcomes = anyio.run(placed, arguments.part, 1 if arguments.quick else 2)
    judged = [one for one in outcomes if one.spoken.line.kind in ("hesitation", "dictation")]
    whole = told([one for one in outcomes if one.spoken.line.kind == "complete"])
    premature = rig.share([one.premature for one in judged])
    heard = whole["heard_ms"]
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
        {"part": arguments.part, "complete_heard_ms": heard, "kinds": by_kind(outcomes)},
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--part", choices=("unseen", "tuning"), default="unseen")
    parser.add_argument("--show", action="store_true", help="list the turns cut in on")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
