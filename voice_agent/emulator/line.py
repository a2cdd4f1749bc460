"""The path from the caller's telephone to the server: packets late, in bursts, or lost.

Pure: frames in with their instant, packets out when due. Order is kept, as by TCP.
"""

import random
from collections import deque
from dataclasses import dataclass

import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm


@dataclass(frozen=True, slots=True)
class LineFaults:
    """Faults of the line; the default is a perfect one."""

    jitter_ms: float = 0.0
    """Each packet is late by up to this."""
    loss: float = 0.0
    """Share of packets lost; timestamps go on."""
    stalls: tuple[tuple[float, float], ...] = ()
    """(at_s, for_s): nothing arrives for this long, then all of it at once."""
    chunk_ms: tuple[int, ...] = (20,)
    """Packet sizes, used in turn."""
    lost_marks: bool = False
    """No mark comes back, as if nothing sent were played."""
    seed: int = 1


PERFECT = LineFaults()


@dataclass(frozen=True, slots=True)
class Packet:
    timestamp_ms: int
    pcm: Pcm
    due: float


class Line:
    """One call's path to the server."""

    def __init__(self, faults: LineFaults = PERFECT) -> None:
        self._faults = faults
        self._random = random.Random(faults.seed)
        self._waiting: deque[Packet] = deque()
        self._held: list[Pcm] = []
        self._held_count = 0
        self._sent = 0  # samples packed so far
        self._packets = 0
        self._latest = 0.0
        self.lost = 0

    def push(self, pcm: Pcm, at: float) -> None:
        """Add audio captured until `at`."""
        self._held.append(pcm)
        self._held_count += len(pcm)
        while self._held_count >= (size := self._next_size()):
            whole = self._held[0] if len(self._held) == 1 else np.concatenate(self._held)
            self._pack(whole[:size], at)
            self._held = [whole[size:]] if len(whole) > size else []
            self._held_count -= size

    def due(self, at: float) -> list[Packet]:
        """The packets that have arrived by now."""
        ready = []
        while self._waiting and self._waiting[0].due <= at:
            ready.append(self._waiting.popleft())
        return ready

    def _next_size(self) -> int:
        sizes = self._faults.chunk_ms
        return sizes[self._packets % len(sizes)] * RATE_HZ // 1000

    def _pack(self, pcm: Pcm, at: float) -> None:
        timestamp_ms = self._sent * 1000 // RATE_HZ
        self._sent += len(pcm)
        self._packets += 1
        if self._faults.loss and self._random.random() < self._faults.loss:
            self.lost += 1
            return
        due = at
        if self._faults.jitter_ms:
            due += self._random.uniform(0, self._faults.jitter_ms) / 1000
        for stall_at, stall_s in self._faults.stalls:
            if stall_at <= due < stall_at + stall_s:
                due = stall_at + stall_s
        self._latest = max(self._latest, due)
        self._waiting.append(Packet(timestamp_ms, pcm, self._latest))
