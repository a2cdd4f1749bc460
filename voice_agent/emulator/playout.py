"""Twilio's playback as pure bookkeeping: a buffer drained at 8 kHz, its marks and clears.

Instants are seconds since the stream's `start`. Nothing here waits: `deadline` says when the next
mark is reached.
"""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass

import numpy as np

from voice_agent.audio import g711
from voice_agent.audio.pcm import RATE_HZ, Pcm, level_dbfs

MAX_BUFFER_S = 600.0
"""Twilio drops audio buffered beyond ten minutes."""

AUDIBLE_DBFS = -45.0
"""A 20 ms block at or above this level is speech to the caller; below it, silence."""

BREATH_S = 0.35
"""Pauses up to this long inside what the agent says do not end it."""

_BLOCK = 160


@dataclass(frozen=True, slots=True)
class Echo:
    """A mark to send back: reached by playback, or returned by a clear."""

    name: str
    at: float
    cleared: bool


@dataclass(slots=True)
class Span:
    """A span of audible agent speech, as played."""

    start: float
    end: float


class Playout:
    """What one caller hears. `keep_audio` off saves memory in load tests."""

    def __init__(self, *, keep_audio: bool = True) -> None:
        self.spans: list[Span] = []
        """Audible spans in order, future ones included; a clear removes the unplayed part."""
        self.dropped_bytes = 0
        self._keep_audio = keep_audio
        self._pieces: list[tuple[float, bytes]] = []
        self._marks: deque[tuple[str, float]] = deque()
        self._dry_at = 0.0

    def media(self, payload: bytes, at: float) -> None:
        """µ-law bytes arrived: they play after what is buffered."""
        start = max(at, self._dry_at)
        if start - at > MAX_BUFFER_S:
            self.dropped_bytes += len(payload)
            return
        self._dry_at = start + len(payload) / RATE_HZ
        if self._keep_audio:
            self._pieces.append((start, payload))
        self._listen(g711.decode(payload), start)

    def mark(self, name: str, at: float) -> None:
        """A mark arrived: due when what precedes it has played, at once if nothing does."""
        self._marks.append((name, max(at, self._dry_at)))

    def clear(self, at: float) -> list[Echo]:
        """Empty the buffer; returns every pending mark, in order."""
        self._dry_at = min(self._dry_at, at)
        while self._pieces and self._pieces[-1][0] >= at:
            self._pieces.pop()
        if self._pieces:
            start, payload = self._pieces[-1]
            self._pieces[-1] = (start, payload[: round((at - start) * RATE_HZ)])
        while self.spans and self.spans[-1].start >= at:
            self.spans.pop()
        if self.spans:
            self.spans[-1].end = min(self.spans[-1].end, at)
        returned = [Echo(name, at, cleared=due > at) for name, due in self._marks]
        self._marks.clear()
        return returned

    def reached(self, at: float) -> list[Echo]:
        """Marks reached by now, in order; each is returned once."""
        echoes = []
        while self._marks and self._marks[0][1] <= at:
            name, due = self._marks.popleft()
            echoes.append(Echo(name, due, cleared=False))
        return echoes

    def deadline(self) -> float | None:
        """When the next mark is reached; None when none is pending."""
        return self._marks[0][1] if self._marks else None

    def buffered_s(self, at: float) -> float:
        """Audio not yet played."""
        return max(0.0, self._dry_at - at)

    def speaking_since(self, at: float) -> float | None:
        """When the agent's current speech began; None while it is silent."""
        n = self._span_before(at)
        if n < 0 or at - self.spans[n].end > BREATH_S:
            return None
        while n > 0 and self.spans[n].start - self.spans[n - 1].end <= BREATH_S:
            n -= 1
        return self.spans[n].start

    def silent_since(self, at: float) -> float | None:
        """End of the last audible sample before this instant, 0 if none; None while audible."""
        n = self._span_before(at)
        if n < 0:
            return 0.0
        return None if self.spans[n].end > at else self.spans[n].end

    def lane(self, length: int) -> Pcm:
        """What was played, as one lane of `length` samples."""
        lane = np.zeros(length, np.int16)
        for start, payload in self._pieces:
            first = round(start * RATE_HZ)
            pcm = g711.decode(payload)[: max(0, length - first)]
            lane[first : first + len(pcm)] = pcm
        return lane

    def _span_before(self, at: float) -> int:
        return bisect_right(self.spans, at, key=lambda span: span.start) - 1

    def _listen(self, pcm: Pcm, start: float) -> None:
        for first in range(0, len(pcm), _BLOCK):
            block = pcm[first : first + _BLOCK]
            if level_dbfs(block) < AUDIBLE_DBFS:
                continue
            begin = start + first / RATE_HZ
            end = begin + len(block) / RATE_HZ
            if self.spans and begin - self.spans[-1].end < 0.021:
                self.spans[-1].end = end
            else:
                self.spans.append(Span(begin, end))
