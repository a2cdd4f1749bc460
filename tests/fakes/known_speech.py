"""Recordings that a stub recogniser knows: any part of one is recognised and gives its words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8000
PROBE = 80
"""Samples that identify a position: 10 ms of speech are unique."""
LOUD = 600


@dataclass(frozen=True)
class _Known:
    samples: bytes
    words: tuple[tuple[str, float, float], ...]
    """Each word, with the seconds it is taken to span."""


class KnownSpeech:
    """Exact samples only: audio through a clean µ-law line is unchanged."""

    def __init__(self) -> None:
        self._known: list[_Known] = []

    def add(self, pcm: NDArray[np.int16], text: str, speech_ms: Sequence[Sequence[int]]) -> None:
        """Add a recording; its words are spread over its stretches of speech by letter count."""
        self._known.append(_Known(pcm.astype("<i2").tobytes(), _timed(text, speech_ms)))

    def words_in(self, samples: bytes) -> str | None:
        """The words mostly inside these samples; None when they are unknown."""
        pcm = np.frombuffer(samples, "<i2")
        loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > LOUD)
        found: list[str] = []
        at = 0
        while (at := int(np.searchsorted(loud, at))) < len(loud):
            begin = int(loud[at])
            place = self._place(samples[2 * begin : 2 * (begin + PROBE)])
            if place is None:
                at = begin + PROBE
                continue
            known, offset = place
            run = _agreeing(pcm[begin:], np.frombuffer(known.samples, "<i2")[offset:])
            first, last = offset / RATE_HZ, (offset + run) / RATE_HZ
            found += [w for w, a, b in known.words if first - 0.05 <= (a + b) / 2 <= last]
            at = begin + max(run, PROBE)
        return " ".join(found) if found else None

    def _place(self, probe: bytes) -> tuple[_Known, int] | None:
        if len(probe) < 2 * PROBE:
            return None
        for known in self._known:
            at = known.samples.find(probe)
            while at > 0 and at % 2 == 1:
                at = known.samples.find(probe, at + 1)
            if at >= 0:
                return known, at // 2
        return None


def _agreeing(a: NDArray[np.int16], b: NDArray[np.int16]) -> int:
    """The number of samples that agree."""
    n = min(len(a), len(b))
    differ = np.flatnonzero(a[:n] != b[:n])
    return int(differ[0]) if len(differ) else n


def _timed(text: str, speech_ms: Sequence[Sequence[int]]) -> tuple[tuple[str, float, float], ...]:
    words = text.split()
    spoken_s = sum(b - a for a, b in speech_ms) / 1000
    letter_s = spoken_s / max(1, sum(len(word) + 1 for word in words))
    timed, done = [], 0.0
    for word in words:
        start, done = done, done + letter_s * (len(word) + 1)
        timed.append((word, _at(start, speech_ms), _at(done, speech_ms)))
    return tuple(timed)


def _at(spoken_s: float, speech_ms: Sequence[Sequence[int]]) -> float:
    """The second of the recording at which this much has been spoken."""
    for a, b in speech_ms:
        if spoken_s <= (b - a) / 1000:
            return a / 1000 + spoken_s
        spoken_s -= (b - a) / 1000
    return speech_ms[-1][1] / 1000 if speech_ms else 0.0
