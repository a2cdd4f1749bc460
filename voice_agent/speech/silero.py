"""Silero, the network that tells voice from other sound: one session for all calls.

It was trained on 16 kHz and is given telephone audio with every second sample interpolated. Its
memory of a call is in the two states it returns, which the call keeps.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import Pcm
from voice_agent.errors import EngineUnavailable
from voice_agent.onnx import one_thread

WINDOW = 256
"""Samples per window at 8 kHz: 32 ms (512 at the network's 16 kHz)."""
CONTEXT = 32
"""Samples of context before a window at 8 kHz (64 at 16 kHz)."""
BACKLOG = 4
"""Most windows it processes in one run."""
AHEAD = 8
"""Samples after the last window that interpolation needs."""
HISTORY = (BACKLOG + 1) * WINDOW + CONTEXT + 2 * AHEAD
"""Samples to keep for the longest backlog."""

Floats = NDArray[np.float32]


def _half_band() -> Floats:
    """Sixteen taps that give the sample halfway between two: windowed sinc, unit gain."""
    at = np.arange(16) - 7.5
    taps = np.sinc(at) * np.kaiser(16, 5.0)
    unit: Floats = (taps / taps.sum()).astype(np.float32)
    return unit


_TAPS = _half_band()


class SileroModel:
    """The voice detector of faster-whisper's package (Silero v6), one session for all calls."""

    def __init__(self) -> None:
        self._session: Any = None

    def load(self) -> "SileroModel":
        """Open the network on one thread, so that the first call does not wait for it.

        Raises: EngineUnavailable.
        """
        try:
            package = find_spec("faster_whisper")
            if package is None or package.origin is None:
                raise FileNotFoundError("faster_whisper is not installed")
            path = Path(package.origin).parent / "assets" / "silero_vad_v6.onnx"
            self._session = one_thread(path)
        except Exception as error:
            raise EngineUnavailable(f"Silero voice detector: {error}") from error
        self.consult(np.zeros(HISTORY, np.int16), BACKLOG, *self.blank())
        return self

    @staticmethod
    def blank() -> tuple[Floats, Floats]:
        """The states of a call from which nothing has been heard."""
        return np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32)

    def consult(
        self, recent: Pcm, windows: int, h: Floats, c: Floats
    ) -> tuple[list[float], Floats, Floats]:
        """Voice probability of the last `windows` windows of `recent`, and the new states.

        `recent` ends with 8 samples of look-ahead and must hold context before the first window.
        """
        if self._session is None:
            self.load()
        span = windows * WINDOW + CONTEXT
        source = recent[-(span + 2 * AHEAD) :].astype(np.float32) * (1.0 / 32768.0)
        between = np.convolve(source, _TAPS, "valid")
        wide = np.empty(2 * span, np.float32)
        wide[0::2] = source[AHEAD - 1 : AHEAD - 1 + span]
        wide[1::2] = between[:span]
        rows = np.lib.stride_tricks.as_strided(
            wide, (windows, 2 * (WINDOW + CONTEXT)), (2 * WINDOW * wide.itemsize, wide.itemsize)
        )
        said, h, c = self._session.run(None, {"input": np.ascontiguousarray(rows), "h": h, "c": c})
        return [float(p) for p in np.ravel(said)], h, c
