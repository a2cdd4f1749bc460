"""Peaks of a recording's lanes over time, at several scales, for drawing.

A peak is one byte: the loudest sample of its step on a logarithmic scale of 48 dB, because on a
linear one speech is a flat line with spikes. A scale holds the caller's peaks, then the agent's,
then a colleague's if there is a third lane.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import RATE_HZ

LEVELS = (2, 10, 50)
"""Peaks per second of each scale: an hour on a screen, a minute, a few words."""
RANGE_DB = 48.0
_FINEST = LEVELS[-1]
_STEP = RATE_HZ // _FINEST


@dataclass(frozen=True, slots=True)
class Peaks:
    """The scales of one recording."""

    frames: int
    """Samples per lane of the recording."""
    data: bytes
    """Scales in the order of `LEVELS`, each with the peaks of one lane after another."""


def places(frames: int, lanes: int = 2) -> dict[int, tuple[int, int]]:
    """For each scale, in peaks per second: its offset in `Peaks.data`, and peaks per lane."""
    found, offset = {}, 0
    for level in LEVELS:
        count = -(-frames // (RATE_HZ // level))
        found[level] = offset, count
        offset += lanes * count
    return found


def scale(frames: int, data: bytes, level: int) -> bytes:
    """One scale of a recording's peaks, lane after lane; how many lanes follows from the size."""
    one_lane = sum(count for _, count in places(frames).values())
    lanes = len(data) // one_lane if one_lane else 2
    offset, count = places(frames, lanes)[level]
    return data[offset : offset + lanes * count]


def peaks_of(
    blocks: Iterator[NDArray[np.int16]] | list[NDArray[np.int16]], lanes: int = 2
) -> Peaks:
    """The peaks of blocks of samples, shape (n, lanes), of any lengths."""
    frames, rest = 0, np.zeros((0, lanes), np.int16)
    loudest: list[NDArray[np.uint16]] = []
    for block in blocks:
        frames += len(block)
        rest = np.concatenate((rest, block)) if len(rest) else block
        whole = len(rest) // _STEP * _STEP
        loudest.append(_loudest(rest[:whole]))
        rest = rest[whole:]
    if len(rest):
        padded = np.zeros((_STEP, lanes), np.int16)
        padded[: len(rest)] = rest
        loudest.append(_loudest(padded))
    finest = np.concatenate(loudest) if loudest else np.zeros((0, lanes), np.uint16)
    scales = [_bytes(_coarser(finest, _FINEST // level)).T.tobytes() for level in LEVELS]
    return Peaks(frames, b"".join(scales))


def _loudest(samples: NDArray[np.int16]) -> NDArray[np.uint16]:
    """The loudest sample per step and lane, 0 to 32768."""
    steps = np.abs(samples.reshape(-1, _STEP, samples.shape[1]).astype(np.int32))
    loudest: NDArray[np.uint16] = steps.max(axis=1).astype(np.uint16)
    return loudest


def _coarser(finest: NDArray[np.uint16], by: int) -> NDArray[np.uint16]:
    short = -len(finest) % by
    lanes = finest.shape[1]
    padded = np.concatenate((finest, np.zeros((short, lanes), np.uint16))) if short else finest
    coarse: NDArray[np.uint16] = padded.reshape(-1, by, lanes).max(axis=1)
    return coarse


def _bytes(loudest: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """255 for full scale, 0 for 48 dB below it or less."""
    db = 20 * np.log10(np.maximum(loudest, 1) / 32768.0)
    scaled: NDArray[np.uint8] = np.clip(np.rint((db / RANGE_DB + 1) * 255), 0, 255).astype(np.uint8)
    return scaled
