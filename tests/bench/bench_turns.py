"""Turn-taking figures over a simulated corpus: premature ends, endpoint delay, barge-in decisions.

Simulated: callers (a generator of sentences, dictations, pauses of 300-1,000 ms at clause borders
and hesitations, coughs), the gate (speech is known 60-100 ms late) and the recogniser (words
0-300 ms late, settled text 30-300 ms after it is asked for, one call in three without partials,
8 % of words exchanged for short ones). Real: every decision of the turn machine.

A premature end is one after which the caller heard us before they went on. Those after a whole
statement ("we use slack ... and we sync it") are counted apart too: no words tell them.

Run: python -m tests.bench.bench_turns [CALLS]
"""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from tests.scenarios.timeline import Timeline
from voice_agent.turn import events as ev

DIGITS = "zero one two three four five six seven eight nine".split()
TOOLS = "snowflake bigquery redshift databricks salesforce hubspot marketo zendesk slack".split()
BACKCHANNELS = (
    "mm-hm", "uh-huh", "yeah", "right", "okay", "sure", "got it", "i see", "yeah okay", "oh okay",
    "makes sense", "yep", "cool", "great", "oh okay great", "yeah right",
)  # fmt: skip
INTERRUPTIONS = (
    "wait", "stop", "no", "hold on", "sorry", "actually we use redshift", "what about pricing",
    "can i ask something", "excuse me", "but how much is it", "no that's not what i meant",
    "hang on a second", "okay so does it work with salesforce", "yeah but we have a hundred users",
    "let me stop you there", "i already know that", "how long does it take", "is that per seat",
)  # fmt: skip
MISHEARD = ("a", "the", "it", "and", "to", "of", "um", "for")

Turn = tuple[ev.Slot | None, list[tuple[str, float]]]
"""What was asked, and stretches of words, each with the pause after it (0 for the last)."""


def pause(rng: random.Random) -> float:
    return rng.uniform(0.3, 1.0)


def question(rng: random.Random) -> Turn:
    tool, other = rng.sample(TOOLS, 2)
    whole = rng.choice((
        f"do you support {tool}", f"how much does it cost for {rng.randint(2, 9)}0 users",
        f"does it work with {tool} and {other}", "is there a free trial", "what about security",
        f"can you sync {tool} to {other}", "how long does onboarding take", "do you have sso",
        "what's the difference between growth and enterprise", "are you a real person",
    ))  # fmt: skip
    if rng.random() < 0.6:
        return None, [(whole, 0.0)]
    words = whole.split()
    cut = rng.randint(1, min(3, len(words) - 1))
    filler = rng.choice((" um", " uh", ""))
    return None, [(" ".join(words[:cut]) + filler, pause(rng)), (" ".join(words[cut:]), 0.0)]


def statement(rng: random.Random) -> Turn:
    tool, other = rng.sample(TOOLS, 2)
    first, second = rng.choice((
        (f"we use {tool}", f"we sync it to {other} every night"),
        ("we're a healthcare company", "we have about two hundred people"),
        ("i'm the head of data", "we're looking for a better way to do this"),
        (f"our data is in {tool}", f"the sales team lives in {other}"),
        ("we'd like to start next month", "the budget is already approved"),
        (f"right now we export everything from {tool} by hand", "it breaks every week"),
    ))  # fmt: skip
    joint = rng.choice(("and", "but", "so"))
    shape = rng.random()
    if shape < 0.45:
        return "free", [(first, 0.0)]
    if shape < 0.75:
        return "free", [(f"{first} {joint}", pause(rng)), (second, 0.0)]
    if shape < 0.85:
        return "free", [(first, 0.0)]
    words = first.split()
    cut = rng.randint(1, 2)
    head = " ".join(words[:cut]) + rng.choice((" um", " uh", " like", ""))
    return "free", [(head, pause(rng)), (f"{' '.join(words[cut:])} {joint} {second}", 0.0)]


def run_on(rng: random.Random) -> Turn:
    """A whole statement, a pause, another: by its words the first is over."""
    first, joint = f"we use {rng.choice(TOOLS)}", rng.choice(("and", "but", "so"))
    return "free", [(first, pause(rng)), (f"{joint} we sync it every night", 0.0)]


def phone(rng: random.Random) -> Turn:
    groups = [[rng.choice(DIGITS) for _ in range(n)] for n in (3, 3, 4)]
    stretches = [(" ".join(group), pause(rng)) for group in groups]
    if rng.random() < 0.5:
        stretches[0] = ("sure it's " + stretches[0][0], stretches[0][1])
    stretches[-1] = (stretches[-1][0], 0.0)
    return "phone", stretches


def email(rng: random.Random) -> Turn:
    name, firm = rng.choice(("jane", "j doe", "sam")), rng.choice(("acme", "tideline", "northwind"))
    tail = rng.choice(("dot com", "dot io"))
    if rng.random() < 0.5:
        return "email", [(f"it's {name}", pause(rng)), (f"at {firm}", pause(rng)), (tail, 0.0)]
    return "email", [(f"{name} at {firm}", pause(rng)), (tail, 0.0)]


def answer(rng: random.Random) -> Turn:
    answers: tuple[tuple[ev.Slot, str], ...] = (
        ("free", "yes"), ("free", "no"), ("free", "yeah"), ("number", "about two hundred people"),
        ("number", "fifty seats"), ("date", "next month"), ("date", "tuesday morning"),
        ("name", "jane doe"), ("name", "it's jane doe"), ("free", "that's all thanks"),
        ("number", "twenty"), ("date", "at three pm"), ("free", "healthcare"),
    )  # fmt: skip
    slot, text = rng.choice(answers)
    return slot, [(text, 0.0)]


KINDS = {question: 25, statement: 22, run_on: 3, phone: 13, email: 12, answer: 25}
"""Kinds of turns, and their share in percent."""


def ear(rng: random.Random) -> dict[str, Any]:
    """One caller's gate and recogniser."""
    return {
        "lag_s": rng.uniform(0.0, 0.3), "settle_s": rng.uniform(0.03, 0.3),
        "vad_s": rng.uniform(0.06, 0.10), "partials": rng.random() < 0.67,
    }  # fmt: skip


def misheard(text: str, rng: random.Random, rate: float = 0.08) -> str:
    """The words as a recogniser returns them: the same number, so that their times stay."""
    return " ".join(rng.choice(MISHEARD) if rng.random() < rate else w for w in text.split())


@dataclass
class Figures:
    """Counters over the corpus."""

    turns: int = 0
    cut: int = 0
    """Turns ended while the caller still had something to say."""
    cut_heard: int = 0
    """Of these, how many heard us begin to speak before they went on."""
    cut_inside: int = 0
    """Of those, how many were cut inside a sentence or a dictated number or address."""
    cut_by_kind: dict[str, int] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    speculations: int = 0
    hits: int = 0
    pauses: list[float] = field(default_factory=list)
    decisions: list[float] = field(default_factory=list)
    outcomes: dict[str, list[bool]] = field(default_factory=dict)


def talk(figures: Figures, rng: random.Random, turns: int) -> None:
    """One call: we ask, they answer, we reply, so that the pace is learned as in a real one."""
    line = Timeline(think_s=0.25, reply_s=1.5, **ear(rng))
    line.agent(0.0, 1.0)
    at = 1.0
    for _ in range(turns):
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        slot, stretches = kind(rng)
        line.asks(at + 0.01, slot)
        end = at + rng.uniform(0.25, 0.7)
        word_s = rng.uniform(0.22, 0.34)
        seen, starts = len(line.out), len(line.fed)
        for text, gap in stretches:
            end = line.say(misheard(text, rng), at=end, word_s=word_s)
            last_start, end = end - word_s, end + gap
        line.run(end + 5.5)
        at = line.now
        _count_turn(figures, line, kind.__name__, seen, starts, last_start, end)


def _count_turn(
    figures: Figures, line: Timeline, kind: str, seen: int, starts: int, last: float, end: float
) -> None:
    out = line.out[seen:]
    ended = [a for a in out if isinstance(a, ev.EndTurn)]
    early = {a.turn for a in ended if a.at < last}
    figures.turns += 1
    figures.cut += bool(early)
    if early:
        figures.cut_by_kind[kind] = figures.cut_by_kind.get(kind, 0) + 1
    began = [e for e in line.fed[starts:] if isinstance(e, ev.PlaybackStarted)]
    if any(e.turn in early and e.at < end for e in began):
        figures.cut_heard += 1
        figures.cut_inside += kind != "run_on"
    for turn in ended:
        if turn.turn not in early and turn.speech_end >= last:
            figures.delays.append(turn.at - end)
            figures.waits.append(turn.waited_for_text_s)
            figures.hits += any(
                isinstance(a, ev.Speculate) and (a.turn, a.text) == (turn.turn, turn.text)
                for a in out
            )
    figures.speculations += sum(isinstance(a, ev.Speculate) for a in out)


def barge(figures: Figures, rng: random.Random, kind: str, text: str) -> None:
    """One reply spoken over: by a backchannel, a noise, or an interruption."""
    line = Timeline(**ear(rng))
    line.agent(0.0, 8.0)
    at = rng.uniform(1.0, 4.0)
    if kind == "noise":
        line.noise(at, rng.uniform(0.05, 0.5))
    else:
        line.say(misheard(text, rng, 0.05), at=at, word_s=rng.uniform(0.2, 0.34))
    line.run(at + 3.5)
    taken = [a for a in line.out if isinstance(a, ev.CommitInterruption)]
    paused = [a for a in line.out if isinstance(a, ev.PausePlayback)]
    figures.outcomes.setdefault(kind, []).append(bool(taken) == (kind == "interruption"))
    if kind == "interruption":
        figures.pauses += [a.at - at for a in paused[:1]]
        figures.decisions += [a.at - at for a in taken[:1]]


def spread(seconds: list[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    return {"p50_ms": round(cuts[9] * 1000, 1), "p95_ms": round(cuts[18] * 1000, 1)}


def share(outcomes: list[bool]) -> float:
    return round(100 * sum(outcomes) / len(outcomes), 2)


def measured(calls: int, seed: int = 7) -> dict[str, Any]:
    rng, figures = random.Random(seed), Figures()
    for _ in range(calls):
        talk(figures, rng, turns=10)
    for _ in range(calls * 5):
        barge(figures, rng, "backchannel", rng.choice(BACKCHANNELS))
        barge(figures, rng, "noise", "")
        barge(figures, rng, "interruption", rng.choice(INTERRUPTIONS))
    kept = figures.outcomes["backchannel"] + figures.outcomes["noise"]
    return {
        "bench": "turns",
        "n": {"turns": figures.turns, "over_playback": sum(map(len, figures.outcomes.values()))},
        "ended_early_pct": round(100 * figures.cut / figures.turns, 2),
        "premature_pct": round(100 * figures.cut_inside / figures.turns, 2),
        "premature_with_run_ons_pct": round(100 * figures.cut_heard / figures.turns, 2),
        "ended_early_by_kind": figures.cut_by_kind,
        "endpoint": spread(figures.delays),
        "waited_for_text": spread(figures.waits),
        "speculation_hit_pct": round(100 * figures.hits / max(1, figures.speculations), 1),
        "pause_after": spread(figures.pauses),
        "interruption_decided_after": spread(figures.decisions),
        "yield_pct": share(figures.outcomes["interruption"]),
        "selectivity_pct": share(kept),
        "selectivity_backchannels_pct": share(figures.outcomes["backchannel"]),
        "selectivity_noise_pct": share(figures.outcomes["noise"]),
        "simulated": "callers, gate and recogniser; the decisions are real",
        "machine": f"{platform.machine()} x{os.cpu_count()}",
        "commit": _commit(),
    }


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 100), indent=2))
