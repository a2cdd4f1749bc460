"""G.711 µ-law by table: the wire's bytes to samples and back.

The tables follow the definition in ITU-T G.711: a sign, eight chords that double in step size,
sixteen steps each, bits inverted on the wire. Encoding works on magnitudes, so it adds no offset.
"""

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import Pcm

SILENCE = b"\xff"
"""The byte of positive zero."""

_BIAS = 132  # 33 in the definition's 14-bit units: makes every chord start at a power of two
_CLIP = 32635  # 8,159 - 0.25 of those units: the largest magnitude before the bias overflows


def _decode_table() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    chord, step = (code >> 4) & 7, code & 0x0F
    magnitude = (((step << 3) + _BIAS) << chord) - _BIAS
    samples: NDArray[np.int16] = np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)
    return samples


def _encode_table() -> NDArray[np.uint8]:
    sample = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    biased = np.minimum(np.abs(sample), _CLIP) + _BIAS
    chord = np.frexp(biased.astype(np.float64))[1].astype(np.int32) - 8
    step = (biased >> (chord + 3)) & 0x0F
    code = np.where(sample < 0, 0x80, 0) | (chord << 4) | step
    inverted: NDArray[np.uint8] = (~code & 0xFF).astype(np.uint8)
    return inverted


_DECODE = _decode_table()
_ENCODE = _encode_table()


def encode(pcm: Pcm) -> bytes:
    """The samples as µ-law, one byte per sample."""
    return _ENCODE.take(pcm.view(np.uint16)).tobytes()


def decode(data: bytes) -> Pcm:
    """Samples of µ-law bytes: int16 mono, shape (len(data),)."""
    return _DECODE.take(np.frombuffer(data, np.uint8))
