"""A long, realistic call: turns, interruptions, flags, and its sound."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from core.events import (
    ConsentRecorded,
    ConversationEnded,
    CriterionResult,
    DisclosureHeard,
    Fact,
    Flagged,
    Flip,
    Noted,
    PromiseMade,
    QuestionDeferred,
    QuestionRaised,
    RecordingSaved,
    RouteChosen,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.store.store import Store
from tests.fakes.a_call import AT, signal, started
from voice_agent.audio.wav import WavWriter

RATE = 8000
ASKED = (
    "do you sync snowflake to salesforce and how long does that take to set up for a team",
    "we have about two hundred people and most of them sit in the warehouse all day",
    "how much is the growth plan if we pay for the whole year",
    "is there single sign on and where does our data live",
    "we would want to have this running before the end of next month",
)
ANSWERED = (
    ("Yes, we connect natively to Snowflake, in both directions.", "snowflake@1#1"),
    ("Growth is $1,200 a month billed yearly, or $1,400 month to month.", "growth-plan@1#1"),
    ("Yes, we support single sign-on with SAML on Growth and Enterprise.", "sso@1#1"),
)
Span = tuple[int, int, int]
"""Lane, and start and end of speech in milliseconds."""


def long_call(turns: int, length_s: float) -> tuple[list[Fact], list[Span]]:
    """The facts of a call with this many turns, and who speaks when."""
    facts: list[Fact] = [
        started(f"CA{turns:032}"),
        _agent(0, "Hi, this is Marina, Tideline's AI assistant.", 400, 2600),
        DisclosureHeard(2600), ConsentRecorded("recording", "given", "announced", 2600),
    ]  # fmt: skip
    spans: list[Span] = [(1, 400, 2600)]
    step = int((length_s * 1000 - 6000) / turns)
    for turn in range(1, turns + 1):
        begin = 4000 + (turn - 1) * step
        talk = int(step * 0.32)
        asked = ASKED[turn % len(ASKED)]
        facts += [_caller(turn, asked, begin, begin + talk)]
        spans.append((0, begin, begin + talk))
        wait = 260 if turn % 9 else 1240
        facts.append(
            TurnTimed(turn, wait, wait - 130, 40, 30, 40, 20, bool(turn % 9))
        )  # fmt: skip
        at = begin + talk + wait
        cut = turn % 6 == 0
        for n in range(2):
            text, cited = ANSWERED[(turn + n) % len(ANSWERED)]
            ends = at + int(step * (0.12 if cut and n else 0.22))
            facts.append(_agent(turn, text, at, ends, cited, cut=bool(cut and n)))
            spans.append((1, at, ends))
            at = ends + 150
        if turn % 7 == 0:
            facts.append(Flagged("price_talk", turn, begin + 500, "asked what it costs"))
        if turn % 11 == 0:
            facts.append(Noted("discarded_utterance", {"text": "mhm", "at_ms": at - 700}))
    return [*facts, *_came_of_it(turns, int(length_s * 1000))], spans


def _came_of_it(turns: int, length_ms: int) -> list[Fact]:
    facts: list[Fact] = [
        signal(1, "name", "Jane Doe", "this is jane doe"),
        signal(2, "company", "Acme", "from acme"),
        signal(3, "employees", "200", "about two hundred people"),
        QuestionRaised("q1", "Is there an office in Lima?", 3, 40_000, 42_000),
        QuestionDeferred("q1", "Is there an office in Lima?", 3, "sofia-alvarez", "not covered"),
        PromiseMade("Sofia will answer about Lima.", "sofia-alvarez", 3),
        VerdictReached(
            "qualified", "mid-market", 0.82,
            (CriterionResult("employees", "met", "200 people", ("s3",)),
             CriterionResult("budget", "unknown", "not said"),
             CriterionResult("timeline", "not_met", "after next year")),
            ("budget",), ("Company size and warehouse fit.",), "crit-1", turns,
            (Flip((("budget", "not_met"),), "nurture", "A budget below $5,000 a year."),),
        ),
        RouteChosen("sofia-alvarez", "callback", ("owns mid-market",),
                    (("maya-lindqvist", "other region"),), False, turns),
        RecordingSaved("c.wav", length_ms),
        ConversationEnded("answered", "caller_hung_up", length_ms),
    ]  # fmt: skip
    return facts


async def keep_long(store: Store, name: str, turns: int, length_s: float, wav: Path | None) -> None:
    """Such a call in a database, with its recording."""
    facts, spans = long_call(turns, length_s)
    for n in range(0, len(facts), 40):
        at = AT + timedelta(seconds=n)
        await store.log.append(name, at, facts[n : n + 40])
    if wav is not None:
        sound(wav, spans, length_s)


def sound(path: Path, spans: list[Span], length_s: float) -> None:
    """A recording in which each lane hums at its own pitch, rising and falling in level like
    speech."""
    writer = WavWriter(path)
    for lanes in _minutes(spans, length_s):
        writer.write(lanes[0], lanes[1])
    writer.close()


def _minutes(spans: list[Span], length_s: float) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(4)
    for begin in range(0, int(length_s), 60):
        count = int(min(60, length_s - begin) * RATE)
        lanes = rng.normal(0, 12, (2, count))
        t = np.arange(count) / RATE
        for lane, first, last in spans:
            a, b = (int((ms / 1000 - begin) * RATE) for ms in (first, last))
            a, b = max(0, a), min(count, b)
            if a < b:
                swell = np.abs(np.sin(2 * np.pi * 2.3 * t[a:b])) ** 1.5 * (
                    0.6 + 0.4 * np.sin(2 * np.pi * 0.37 * (t[a:b] + begin))
                )
                lanes[lane, a:b] += 9000 * swell * np.sin(2 * np.pi * (140 + 90 * lane) * t[a:b])
        yield lanes.astype(np.int16)


def _caller(turn: int, text: str, start: int, end: int) -> UtteranceRecorded:
    return UtteranceRecorded(turn, "caller", text, start, end, word_ms=_words(text, end - start))


def _agent(
    turn: int, text: str, start: int, end: int, *cited: str, cut: bool = False
) -> UtteranceRecorded:
    heard = " ".join(text.split()[:5]) if cut else text
    rest = " ".join(text.split()[5:]) if cut else ""
    return UtteranceRecorded(
        turn, "agent", heard, start, end, cut, tuple(cited), "answer",
        word_ms=_words(heard, end - start), unheard=rest,
    )  # fmt: skip


def _words(text: str, length: int) -> tuple[int, ...]:
    count = len(text.split())
    return tuple(length * n // count for n in range(count))
