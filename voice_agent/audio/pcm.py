"""The sample types of the voice path: 8 kHz mono throughout, int16 inside, µ-law on the wire."""

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
"""int16 mono, shape (n,)."""

RATE_HZ = 8000
FRAME_S = 0.020


def seconds(pcm: Pcm, rate_hz: int = RATE_HZ) -> float:
    """Duration of the samples."""
    return len(pcm) / rate_hz


def level_dbfs(pcm: Pcm) -> float:
    """Root-mean-square level against full scale, floored at -96 dB."""
    if len(pcm) == 0:
        return -96.0
    wide = pcm.astype(np.float32)
    power = float(np.dot(wide, wide)) / len(wide)
    return max(-96.0, 10.0 * float(np.log10(power / 32768.0**2 + 1e-12)))
