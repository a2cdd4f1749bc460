"""Trims a voiced clause: no silence before it, a chosen pause after it, no clicks.

Engines add silence of their own, a quarter of a second and more at either end. In front it is
latency; behind, it makes a sentence voiced in clauses sound as if the speaker had lost the thread.
"""

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import RATE_HZ, Pcm

AUDIBLE = 100  # -50 dBFS: below the engines' softest consonant, above their noise
LEAD_S = 0.010  # kept before the first audible sample, where soft consonants begin
FADE_S = 0.004
HOLD_S = 0.400  # longer pauses inside a clause pass unchanged

PAUSES_S = {".": 0.22, "!": 0.22, "?": 0.22, "…": 0.22, ":": 0.14, ";": 0.14, ",": 0.10, "—": 0.10}
"""Pause after a clause, by its last punctuation mark."""
NO_MARK_S = 0.06


def pause_after(text: str) -> float:
    """Seconds of silence after a clause."""
    bare = text.rstrip(" \t\n\"')]»”’")
    return PAUSES_S.get(bare[-1:], NO_MARK_S)


class Edges:
    """Trims one clause as it streams: 8 kHz in, 8 kHz out, the samples in between unchanged."""

    def __init__(self, pause_s: float) -> None:
        self._pause = int(pause_s * RATE_HZ)
        self._held = np.empty(0, np.int16)
        self._begun = False
        self._faded = 0

    def push(self, pcm: Pcm) -> Pcm:
        """The samples known to be inside the clause: shape (n,), n >= 0."""
        held = np.concatenate((self._held, pcm))
        audible = np.flatnonzero((held >= AUDIBLE) | (held <= -AUDIBLE))
        if not self._begun:
            lead = int(LEAD_S * RATE_HZ)
            if len(audible) == 0:
                self._held = held[-lead:]
                return np.empty(0, np.int16)
            first = max(0, int(audible[0]) - lead)
            held, audible = held[first:], audible - first
            self._begun = True
        last = int(audible[-1]) + 1 if len(audible) else 0
        last = max(last, len(held) - int(HOLD_S * RATE_HZ))
        self._held = held[last:]
        return self._faded_in(held[:last])

    def finish(self) -> Pcm:
        """The end of the clause and its pause; nothing if there was no sound at all."""
        if not self._begun:
            return np.empty(0, np.int16)
        tail = np.zeros(self._pause, np.int16)
        kept = self._held[: self._pause]
        tail[: len(kept)] = kept
        self._begun, self._faded, self._held = False, 0, np.empty(0, np.int16)
        return _faded_out(tail, len(kept))

    def _faded_in(self, pcm: Pcm) -> Pcm:
        ramp = _ramp(int(FADE_S * RATE_HZ))[self._faded : self._faded + len(pcm)]
        self._faded += len(ramp)
        if len(ramp):
            pcm = pcm.copy()
            pcm[: len(ramp)] = (pcm[: len(ramp)] * ramp).astype(np.int16)
        return pcm


def _ramp(samples: int) -> NDArray[np.float32]:
    ramp: NDArray[np.float32] = np.arange(1, samples + 1, dtype=np.float32) / np.float32(
        samples + 1
    )
    return ramp


def _faded_out(tail: Pcm, sound: int) -> Pcm:
    fade = min(sound, int(FADE_S * RATE_HZ))
    out = tail.copy()
    out[sound - fade : sound] = (out[sound - fade : sound] * _ramp(fade)[::-1]).astype(np.int16)
    return out
