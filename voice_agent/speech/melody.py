"""How a caller's pitch ends: relative to their usual pitch, and in which direction.

A finished sentence falls to the bottom of the voice; an unfinished one stays level or rises. This
holds even for words that were not understood. A telephone carries no fundamental, but its overtones
keep the period, so pitch is the lag of the strongest autocorrelation.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.turn.events import Melody

LISTEN_S = 1.0
"""Speech before a pause that is analysed; takes about a millisecond."""
WINDOW, HOP, LAGS = 320, 80, (RATE_HZ // 400, RATE_HZ // 65)
VOICED = 0.65
"""Autocorrelation at one period from which a frame has a pitch."""
FAINT_DB = 25.0
"""A frame this far below the loudest is a fading sound or the line."""
OUTLIER_ST = 9.0
"""Further from the usual pitch than this is an octave error."""
LEAST_FRAMES = 10
END_FRAMES, SLOPE_FRAMES = 4, 20
REMEMBERED_FRAMES = 3000

_HANN = np.hanning(WINDOW)
_SIZE = 512
_OWN = np.fft.irfft(np.abs(np.fft.rfft(_HANN, _SIZE)) ** 2, _SIZE)[: LAGS[1] + 1]
_PENALTY = 0.08 * np.log2(np.arange(LAGS[0], LAGS[1] + 1) / LAGS[0])
"""Of two equally good lags the shorter is the period, the longer its double."""

Floats = NDArray[np.float64]


class Register:
    """One caller's usual pitch, learned from each stretch of their speech."""

    def __init__(self) -> None:
        self._frames: deque[float] = deque(maxlen=REMEMBERED_FRAMES)

    def ending(self, pcm: Pcm) -> Melody | None:
        """How these last samples of a stretch end; None when too little of it has a pitch.

        `pcm`: int16 at 8 kHz up to the last sample of speech; `LISTEN_S` of it suffices.
        """
        at, pitch = pitches(pcm[-int(LISTEN_S * RATE_HZ) :])
        self._frames.extend(pitch.tolist())
        if len(pitch) < LEAST_FRAMES:
            return None
        usual = float(np.median(self._frames))
        near = np.abs(pitch - usual) < OUTLIER_ST
        at, pitch = at[near], pitch[near]
        if len(pitch) < LEAST_FRAMES:
            return None
        last = float(np.median(pitch[-END_FRAMES:])) - usual
        slope = np.polyfit(at[-SLOPE_FRAMES:], pitch[-SLOPE_FRAMES:], 1)[0]
        return Melody(last, float(slope))


def pitches(pcm: Pcm) -> tuple[Floats, Floats]:
    """Times (seconds, of frames with a pitch) and pitches in semitones above 100 Hz."""
    count = (len(pcm) - WINDOW) // HOP + 1
    if count < LEAST_FRAMES:
        return np.zeros(0), np.zeros(0)
    rows = np.lib.stride_tricks.sliding_window_view(pcm, WINDOW)[::HOP].astype(np.float64)
    rows = (rows - rows.mean(1, keepdims=True)) * _HANN
    like = np.fft.irfft(np.abs(np.fft.rfft(rows, _SIZE)) ** 2, _SIZE)[:, : LAGS[1] + 1]
    power = np.maximum(like[:, 0], 1e-9)
    like = like[:, LAGS[0] :] / power[:, None] / (_OWN[LAGS[0] :] / _OWN[0])
    best = (like - _PENALTY).argmax(1)
    loud = power > power.max() * 10 ** (-FAINT_DB / 10)
    voiced = loud & (like[np.arange(count), best] > VOICED)
    at = np.arange(count) * HOP / RATE_HZ
    return at[voiced], 12 * np.log2(RATE_HZ / (best[voiced] + LAGS[0]) / 100)
