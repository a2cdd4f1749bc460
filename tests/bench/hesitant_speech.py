"""Callers who think aloud, voiced: sentences of `hesitant_speech.txt` by many voices, with pauses.

Deterministic: the line's number decides who says it with which pauses. Voiced with flite and
espeak-ng (Debian packages of those names) in the telephone's band, as `audio_fixtures/make.py`
does, each stretch separately so that its melody ends where the caller stops. Nothing is committed;
voiced lines are cached under `var/bench/hesitant`.
"""

import hashlib
import importlib.util
import random
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

import numpy as np

from tests.bench.rig import BENCH_VAR, ROOT
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.wav import read, write_mono
from voice_agent.turn.events import Slot

TEXT = Path(__file__).with_suffix(".txt")
VOICES = (
    "flite rms", "espeak en-us", "flite slt", "espeak en-gb+m3", "flite kal", "espeak en-us+f3",
    "flite awb", "espeak en-gb-x-rp",
)  # fmt: skip
PAUSES_S = (0.3, 0.9)
LONG_S = 0.9
"""Half of the lines have all their pauses this long; the others draw from `PAUSES_S`."""


@dataclass(frozen=True)
class Line:
    """One turn of a caller: what they say, in stretches, and what was asked before."""

    kind: str
    slot: Slot | None
    stretches: tuple[str, ...]
    pauses_s: tuple[float, ...]
    voice: str


@dataclass(frozen=True)
class Spoken:
    """A voiced line; `spans_s`: first and last sample of each stretch, seconds."""

    line: Line
    pcm: Pcm
    spans_s: tuple[tuple[float, float], ...]


def lines(part: str, voices: int = 2) -> list[Line]:
    """The lines of `tuning`, `former` or `unseen`, each said by this many different voices."""
    text = re.split(r"^\[(\w+)\]$", TEXT.read_text(encoding="utf-8"), flags=re.M)
    body = dict(zip(text[1::2], text[2::2], strict=True))[part]
    found = []
    for number, line in enumerate(filter(None, body.splitlines())):
        head, _, said = line.partition(": ")
        kind, slot = head.split()
        stretches = tuple(part.strip() for part in said.split("…"))
        for again in range(voices):
            voice = VOICES[(number * 3 + again * 5) % len(VOICES)]
            rng = random.Random(f"{line} {voice}")
            long = number // 2 % 2 == 0
            pauses = [LONG_S if long else rng.uniform(*PAUSES_S) for _ in stretches[1:]]
            asked = None if slot == "-" else cast(Slot, slot)
            found.append(Line(kind, asked, stretches, tuple(pauses), voice))
    return found


def voiced(line: Line, make: ModuleType | None = None) -> Spoken:
    """The line as the telephone delivers it, 60 ms of silence at both ends."""
    make = make or maker()
    parts = [_stretch(make, line.voice, text) for text in line.stretches]
    pcm, spans, at = [make.silence(make.EDGE_S)], [], make.EDGE_S
    for part, pause in zip(parts, (*line.pauses_s, make.EDGE_S), strict=True):
        spans.append((at, at + len(part) / RATE_HZ))
        pcm += [part, make.silence(pause)]
        at = spans[-1][1] + round(pause * RATE_HZ) / RATE_HZ
    return Spoken(line, make.levelled(np.concatenate(pcm), make.SPEECH_DBFS), tuple(spans))


def maker() -> ModuleType:
    """The script that voices the fixtures, as a module."""
    spec = importlib.util.spec_from_file_location("make", ROOT / "audio_fixtures" / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def can_voice() -> bool:
    """Whether flite and espeak-ng are installed."""
    return all(shutil.which(tool) for tool in ("flite", "espeak-ng"))


def _stretch(make: ModuleType, voice: str, text: str) -> Pcm:
    key = hashlib.sha256(f"{voice}|{text}".encode()).hexdigest()[:16]
    kept = BENCH_VAR / "hesitant" / f"{key}.wav"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            write_mono(kept, make.voiced(voice, text, Path(folder)))
    return read(kept).mono()
