"""What the recogniser makes of hesitant callers, decoded once and cached: silences and words.

Real: gate, pre-roll and pocketsphinx, on 20 ms frames with a little hiss, in calls of one voice
each, as they are learned. Nothing ends a turn here, so a line's words at a pause are those of
everything said before it. This is the slow part, and no choice of when to end a turn changes it; it
is cached under `var/bench/heard` until the line, the language or the code involved changes. How the
voice ended and what the words mean is quick, and computed afresh by `hesitant_talk`.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.load import load
from tests.bench import hesitant_speech, rig
from tests.bench.hesitant_speech import Line, Spoken
from voice_agent.audio.pcm import FRAME_S, RATE_HZ, Pcm
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.speech.ports import Hypothesis
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.sphinx import caller_language, wire
from voice_agent.speech.sphinx.decoder import SphinxDecoder
from voice_agent.speech.vad import Gate
from voice_agent.turn.events import SpeechStarted
from voice_agent.turn.waits import SETTLE_AFTER_S

FRAME = int(FRAME_S * RATE_HZ)
LEAD_S, TAIL_S = 0.6, 2.2
OPEN_S = 1.0
"""Silence after which an utterance is certainly over: longer than any pause in a line."""
PREROLL_S = 0.40
HISS = 8.0
"""Level of the line's noise, standard deviation in samples."""
LINES_A_CALL = 6
KEPT = rig.BENCH_VAR / "heard"
_CODE = (
    "speech/vad.py", "speech/crowd.py", "speech/sphinx/decoder.py", "speech/sphinx/caller_mean.py",
)  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """Speech between two silences, on the call's clock, and the words of everything until then."""

    start: float
    start_known: float
    end: float
    end_known: float
    heard: Hypothesis | None
    """None when speech went on before anybody asked."""


@dataclass(frozen=True)
class Heard:
    """A line in a call: `start` is its first sample's place; `pcm` begins at `begins`."""

    spoken: Spoken
    begins: float
    start: float
    pcm: Pcm
    stretches: tuple[Stretch, ...]


Call = list[Heard]


class Ear:
    """Gate and decoder, loaded when something is not cached."""

    def __init__(self) -> None:
        loaded = load(SAMPLE_COMPANY)
        phrases = caller_language.phrases_of(loaded.articles)
        self._language = caller_language.prepare(
            loaded.company, phrases, rig.BENCH_VAR / "cache", caller_language.wordings_of(loaded)
        )
        self._made: tuple[SileroModel, SphinxDecoder] | None = None
        root = Path(caller_language.__file__).parents[2]
        code = b"".join((root / name).read_bytes() for name in _CODE)
        how = str((FRAME, LEAD_S, TAIL_S, OPEN_S, PREROLL_S, HISS, SETTLE_AFTER_S))
        self._key = self._language.lm.parent.name.encode() + code + how.encode()

    def call(self, lines: Sequence[Line]) -> Call:
        """What is heard of these lines, one after another in one call."""
        maker = hesitant_speech.maker()
        spoken = [hesitant_speech.voiced(line, maker) for line in lines]
        digest = hashlib.sha256(self._key + b"".join(s.pcm.tobytes() for s in spoken))
        kept = KEPT / f"{digest.hexdigest()[:20]}.json"
        sounds = list(_sounds(spoken))
        if not kept.exists():
            told = self._listen(sounds)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.with_suffix(".part").write_text(json.dumps(told), encoding="utf-8")
            kept.with_suffix(".part").replace(kept)
        rows = json.loads(kept.read_text(encoding="utf-8"))
        return [
            Heard(one, begins, begins + LEAD_S, pcm, tuple(_stretch(row) for row in row_list))
            for one, (begins, pcm), row_list in zip(spoken, sounds, rows, strict=True)
        ]

    def _listen(self, sounds: Sequence[tuple[float, Pcm]]) -> list[list[list[Any]]]:
        if self._made is None:
            files = self._language.hmm, self._language.lm, self._language.dictionary
            self._made = SileroModel().load(), SphinxDecoder(*files)
        silero, decoder = self._made
        gate, mean, told = Gate(silero), "", []
        for begins, pcm in sounds:
            stretches, mean = _line(gate, decoder, mean, begins, pcm)
            told.append(stretches)
        return told


def calls(lines: Sequence[Line]) -> Iterator[Call]:
    """The lines as heard, said in calls of `LINES_A_CALL` by one voice each."""
    ear = Ear()
    for said in planned(lines):
        yield ear.call(said)


def mixed(heard: Sequence[Call]) -> list[Call]:
    """The same as different calls: each voice pauses inside some turns and not in others."""
    by_voice: dict[str, Call] = {}
    for one in (one for call in heard for one in call):
        by_voice.setdefault(one.spoken.line.voice, []).append(one)
    found = []
    for _, said in sorted(by_voice.items()):
        said.sort(key=lambda one: _order(one.spoken.line.stretches))
        for n in range(0, len(said), LINES_A_CALL):
            at = 0.0
            call: Call = []
            for one in said[n : n + LINES_A_CALL]:
                call.append(_shifted(one, at - one.begins))
                at += len(one.pcm) / RATE_HZ
            found.append(call)
    return found


def planned(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as calls: per voice, some by a caller who pauses inside turns, some by one who does
    not."""
    by_caller: dict[tuple[str, bool], list[Line]] = {}
    for line in lines:
        by_caller.setdefault((line.voice, line.kind == "complete"), []).append(line)
    found = []
    for _, said in sorted(by_caller.items()):
        mixed = sorted(said, key=lambda line: _order(line.stretches))
        found += [mixed[n : n + LINES_A_CALL] for n in range(0, len(mixed), LINES_A_CALL)]
    return found


def _stretch(row: list[Any]) -> Stretch:
    start, start_known, end, end_known, settled = row
    heard = None
    if settled is not None:
        opened, packed = settled
        heard = _moved(wire.unpack_hypothesis(packed.encode()), opened)
    return Stretch(start, start_known, end, end_known, heard)


def _shifted(one: Heard, by: float) -> Heard:
    """The line, later in its call by this much."""
    stretches = tuple(
        Stretch(
            s.start + by, s.start_known + by, s.end + by, s.end_known + by,
            s.heard and _moved(s.heard, by),
        )
        for s in one.stretches
    )  # fmt: skip
    return replace(one, begins=one.begins + by, start=one.start + by, stretches=stretches)


def _moved(heard: Hypothesis, opened: float) -> Hypothesis:
    """The hypothesis with its times on the call's clock."""
    words = tuple(
        replace(w, start_s=w.start_s + opened, end_s=w.end_s + opened) for w in heard.words
    )
    return replace(heard, words=words, upto_s=heard.upto_s + opened)


def _order(stretches: tuple[str, ...]) -> int:
    """A stable order that mixes the kinds."""
    return sum(ord(c) * (n + 7) for n, c in enumerate("".join(stretches))) % 9973


def _sounds(spoken: Sequence[Spoken]) -> Iterator[tuple[float, Pcm]]:
    """Each line as it arrives, with the instant of its first sample."""
    noise, at = np.random.default_rng(1), 0.0
    for one in spoken:
        edges = [np.zeros(int(s * RATE_HZ), np.int16) for s in (LEAD_S, TAIL_S)]
        pcm = np.concatenate((edges[0], one.pcm, edges[1]))
        pcm = pcm[: len(pcm) // FRAME * FRAME]
        hiss = np.round(noise.normal(0, HISS, len(pcm)))
        yield at, np.clip(pcm + hiss, -32768, 32767).astype(np.int16)
        at += len(pcm) / RATE_HZ


def _line(
    gate: Gate, decoder: SphinxDecoder, mean: str, begins: float, pcm: Pcm
) -> tuple[list[list[Any]], str]:
    """A line's stretches in cached form, and what is known of the caller afterwards."""
    told: list[list[Any]] = []
    opened: float | None = None
    speaking, due = False, float("inf")
    for n in range(0, len(pcm), FRAME):
        at, now = begins + n / RATE_HZ, begins + (n + FRAME) / RATE_HZ
        for event in gate.feed(pcm[n : n + FRAME], at):
            speaking, due = isinstance(event, SpeechStarted), float("inf")
            if isinstance(event, SpeechStarted):
                told.append([event.at, now])
                if opened is None:
                    first = max(0, n - round(PREROLL_S / FRAME_S) * FRAME)
                    opened = begins + first / RATE_HZ
                    decoder.begin(mean)
                    decoder.feed(pcm[first:n])
            elif told:
                told[-1] += [event.at, now, None]
                due = max(event.at + SETTLE_AFTER_S, now)
        if opened is not None:
            decoder.feed(pcm[n : n + FRAME])
        if opened is not None and now >= due:
            told[-1][4] = [opened, wire.pack_hypothesis(_settled(decoder)).decode()]
            due = float("inf")
        ended = told[-1][2] if told and not speaking else None
        if opened is not None and isinstance(ended, float) and now > ended + OPEN_S:
            mean, opened = decoder.abandon(), None
    return [row for row in told if len(row) == 5], mean


def _settled(decoder: SphinxDecoder) -> Hypothesis:
    """Settle in a forked copy, so that this decoder can go on."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, wire.pack_hypothesis(decoder.finish()))
        finally:
            os._exit(0)
    os.close(writing)
    packed = os.read(reading, 1 << 16)
    os.close(reading)
    os.waitpid(child, 0)
    return wire.unpack_hypothesis(packed)
