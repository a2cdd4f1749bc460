"""Streaming sample rate conversion: two kinds with one interface.

`Resampler` is for audio that arrives as it is spoken: a polyphase windowed-sinc filter with a delay
of half its length, 2-3 ms. Its taps are integers, so sums are exact and the output does not depend
on how the input was split. `BulkResampler` is soxr, for audio generated faster than it is spoken: a
tenth of the CPU, but between these rates it delays audio by 75-120 ms.
"""

import math

import numpy as np
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voice_agent.audio.pcm import Pcm

_LOBES = (
    18  # filter half-width in samples of the slower rate: 60 dB down within a tenth of that rate
)
_KAISER = 5.65  # Kaiser's beta for 60 dB
_BLOCK = 2000  # output samples summed at once, which bounds the memory of a long push
_UNITY = 1 << 20  # tap scale; products of 16-bit samples stay exact in a float64


class Resampler:
    """One stream of samples converted from `in_hz` to `out_hz`, without a shift in time."""

    def __init__(self, in_hz: int, out_hz: int) -> None:
        shared = math.gcd(in_hz, out_hz)
        self._up, self._down = out_hz // shared, in_hz // shared
        self._half = math.ceil(_LOBES * max(1.0, in_hz / out_hz))
        self._taps = _polyphase(self._up, self._half, min(1.0, out_hz / in_hz))
        self._held: Pcm
        self._first: int  # input index of held[0]
        self._in: int
        self._out: int
        self._start()

    def push(self, pcm: Pcm) -> Pcm:
        """The samples ready by now: int16, shape (n,), n >= 0."""
        if self._up == self._down:
            return pcm
        self._in += len(pcm)
        self._held = np.concatenate((self._held, pcm))
        # Output n sits at input n * down / up and needs `half` samples after it.
        ready = max(self._out, -(-(self._in - self._half) * self._up // self._down))
        return self._emit(ready)

    def flush(self) -> Pcm:
        """The rest of the stream; the next `push` starts a new one."""
        if self._up == self._down:
            return np.empty(0, np.int16)
        due = -(-self._in * self._up // self._down)
        self._held = np.concatenate((self._held, np.zeros(self._half + 1, np.int16)))
        rest = self._emit(max(due, self._out))
        self._start()
        return rest

    def _start(self) -> None:
        self._held = np.zeros(self._half - 1, np.int16)
        self._first = 1 - self._half
        self._in = self._out = 0

    def _emit(self, upto: int) -> Pcm:
        blocks = [
            self._block(min(start + _BLOCK, upto)) for start in range(self._out, upto, _BLOCK)
        ]
        return np.concatenate(blocks) if blocks else np.empty(0, np.int16)

    def _block(self, upto: int) -> Pcm:
        if self._up == 1:  # integer ratio: every window meets the same taps, so one product does
            begin = self._out * self._down - self._half + 1 - self._first
            wide = self._held[begin:].astype(np.float64)
            step, size = self._down * wide.itemsize, 2 * self._half
            chosen = np.ndarray(
                (upto - self._out, size), np.float64, wide, 0, (step, wide.itemsize)
            )
            # Not `@`: a multi-threaded BLAS waits milliseconds for a core that is serving other
            # calls.
            sums = np.einsum("nk,k->n", chosen, self._taps[0])
        else:
            windows = sliding_window_view(self._held, 2 * self._half)
            place = np.arange(self._out, upto, dtype=np.int64) * self._down
            index, phase = place // self._up, place % self._up
            chosen = windows[index - self._half + 1 - self._first]
            sums = np.einsum("nk,nk->n", chosen, self._taps[phase], dtype=np.float64)
        self._out = upto
        spent = upto * self._down // self._up - self._half + 1 - self._first
        self._held, self._first = self._held[spent:], self._first + spent
        samples: Pcm = np.clip(np.rint(sums / _UNITY), -32768, 32767).astype(np.int16)
        return samples


class BulkResampler:
    """One stream through soxr; how it is split may change a sample by its dither, 2 at most."""

    def __init__(self, in_hz: int, out_hz: int) -> None:
        self._stream = soxr.ResampleStream(in_hz, out_hz, 1, dtype="int16", quality="HQ")

    def push(self, pcm: Pcm) -> Pcm:
        """The samples ready by now: int16, shape (n,), n >= 0."""
        out: Pcm = self._stream.resample_chunk(pcm)
        return out

    def flush(self) -> Pcm:
        """The rest of the stream; the next `push` starts a new one."""
        rest: Pcm = self._stream.resample_chunk(np.empty(0, np.int16), last=True)
        self._stream.clear()
        return rest


def _polyphase(up: int, half: int, band: float) -> NDArray[np.float64]:
    """Integer taps, shape (up, 2 * half); row p interpolates at p / up and sums to `_UNITY`."""
    offset = np.arange(1 - half, half + 1)[None, :] - np.arange(up)[:, None] / up
    window = np.i0(_KAISER * np.sqrt(np.maximum(0.0, 1 - (offset / half) ** 2)))
    sinc = np.sinc(offset * band) * window
    taps: NDArray[np.float64] = np.rint(sinc * (_UNITY / sinc.sum(axis=1, keepdims=True)))
    taps[:, half - 1] += _UNITY - taps.sum(axis=1)
    return taps
