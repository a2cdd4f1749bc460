"""A call's recording: its lanes on one timeline, on disk during the call, never before consent.

Sample 0 of the file is the start of the call, so a transcript's milliseconds seek in it directly;
what must not be or was not recorded is silence. Samples are placed by their call-clock instant in a
window of a few seconds, which accepts late, early, repeated and overlapping audio; what leaves the
window is written by a worker thread. Losses are counted in `flags`, never raised.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

import anyio
import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.archive import LaneWriter
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.wav import WavWriter

log = logging.getLogger(__name__)

State = Literal["held", "recording", "closed"]

CALLER, AGENT, REP = 0, 1, 2

LATE_S = 1.0
"""How late caller audio may arrive and still be placed."""

WINDOW_S = 8.0
"""Audio kept in memory: bounds what may be ahead (agent audio sent before it plays)."""

BLOCK_S = 1.0
"""Audio per disk write."""

MAX_PENDING = 12
"""Most blocks waiting for a slow disk; more are written as silence and flagged."""

GRACE_S = 12.0
"""Audio allowed by a notice alone stays in memory this long, or until the caller has spoken."""

LACKS = {
    "disk-failed": "the disk took no more of it: the recording ends early",
    "disk-slow": "the disk was too slow: stretches of it are silent",
}
"""Descriptions of the flags that a listener will notice."""

SNAP = 80
"""Samples (10 ms) within which audio joins what came before: jitter of marks makes no clicks."""

MAX_JUMP_S = 600.0
"""An instant further ahead than this is a broken timestamp, not a gap."""

_LATE, _WINDOW, _BLOCK = int(LATE_S * RATE_HZ), int(WINDOW_S * RATE_HZ), int(BLOCK_S * RATE_HZ)


class Recording:
    """One call's file. Starts held: `allow` lets it record, `settle` lets it be stored.

    It has two lanes, and a third once a colleague is first recorded. Until the caller has had a
    chance to refuse what a notice allows, nothing of it is on disk. Run `run` in the call's task
    group; all other methods but `close` return at once.
    """

    def __init__(
        self, path: Path, *, writer: Callable[[Path, int], LaneWriter] = WavWriter
    ) -> None:
        self.path = path
        self._new_writer = writer
        self._state: State = "held"
        self._lanes: NDArray[np.int16] = np.zeros((2, 0), np.int16)  # grows when first allowed
        self._base = 0  # timeline index of the window's first sample
        self._ends = [0, 0, 0]  # per lane, the timeline index after its last sample
        self._pending: deque[NDArray[np.int16] | int] = deque()  # blocks, or samples of silence
        self._room = MAX_PENDING
        self._flags: dict[str, int] = {}
        self._writer: LaneWriter | None = None
        self._broken = False
        self._silenced: list[tuple[int, int]] = []
        """Spans of the caller's lane still to be silenced on disk."""
        self._delete = False
        """What is on disk has to be deleted."""
        self._grace_from: int | None = None
        """Timeline index from which audio waits for `settle`; None once settled."""
        self._settled = False
        self._wake = anyio.Event()
        self._writing = anyio.Lock()

    @property
    def lanes(self) -> int:
        """The number of lanes in the file."""
        return self._writer.lanes if self._writer is not None else 2

    @property
    def flags(self) -> dict[str, int]:
        """What went wrong, and how often: `late`, `misplaced`, `disk-slow`, `disk-failed`."""
        return dict(self._flags)

    @property
    def lacks(self) -> str:
        """What is missing, for a person; empty when nothing is."""
        return "; ".join(why for name, why in LACKS.items() if name in self._flags)

    def allow(self, *, settled: bool = True) -> None:
        """Consent is given: record from now on. No effect once closed.

        `settled`: given by a yes; with a notice alone it waits for `settle`.
        """
        if self._state == "held":
            self._state = "recording"
            if not self._lanes.size:
                self._lanes = np.zeros((2, _WINDOW), np.int16)
            if not settled and not self._settled:
                self._grace_from = max(self._ends)
                self._room = MAX_PENDING + int(GRACE_S / BLOCK_S)
                return
        self.settle()

    def settle(self) -> None:
        """The caller has had their say and did not refuse: what is allowed may be stored."""
        if self._state == "recording" and not self._settled:
            self._settled, self._grace_from = True, None
            self._wake.set()

    def hold(self) -> None:
        """Record silence from now on, until `allow`; what was settled is kept."""
        if self._state == "recording":
            if self._settled:
                self._state = "held"
            else:
                self.discard()

    def discard(self) -> None:
        """Delete the recording and record nothing more, until `allow`."""
        if self._state != "closed":
            self._state, self._delete = "held", True
            self._base = 0
            self._lanes = np.zeros((2, 0), np.int16)
            self._pending.clear()
            self._settled, self._grace_from = False, None
            self._wake.set()

    def shut(self) -> None:
        """Record nothing, whatever is allowed: another server has the conversation's file."""
        self._state = "closed"

    def caller(self, pcm: Pcm, at: float) -> None:
        """Place caller audio; `at` is the instant of its first sample."""
        self._place(CALLER, pcm, at)
        if self._lanes.size and self._ends[CALLER] - _LATE - self._base >= _BLOCK:
            self._flush(self._ends[CALLER] - _LATE)
        grace = self._grace_from
        if grace is not None and self._ends[CALLER] - grace >= GRACE_S * RATE_HZ:
            self.settle()

    def agent(self, pcm: Pcm, at: float) -> None:
        """Place agent audio; `at` is when its first sample is expected to play."""
        self._place(AGENT, pcm, at)

    def rep(self, pcm: Pcm, at: float) -> None:
        """Place the audio of a colleague speaking in the agent's place; `at` is when it is sent."""
        self._place(REP, pcm, at)

    def silence_caller(self, spans_ms: Sequence[tuple[int, int]]) -> None:
        """Silence these spans of the caller's lane, on disk and in memory."""
        for start_ms, end_ms in spans_ms:
            first, last = (max(0, _index(ms / 1000)) for ms in (start_ms, end_ms))
            if self._lanes.size:
                inside = slice(max(0, first - self._base), max(0, last - self._base))
                self._lanes[CALLER, inside] = 0
            self._silenced.append((first, last))
            self._wake.set()

    def retract_agent(self, after_at: float) -> None:
        """Agent audio from this instant on was cleared before it played."""
        cut = max(_index(after_at), 0)
        if cut < self._ends[AGENT]:
            self._ends[AGENT] = cut
            self._lanes[AGENT, max(cut - self._base, 0) :] = 0

    async def run(self) -> None:
        """Write blocks as they leave the window, until `close`."""
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            await self._drain()
            if self._state == "closed":
                return

    async def close(self) -> int:
        """Write the rest; returns milliseconds recorded, 0 when there is no file. Idempotent."""
        if self._state != "closed":
            if self._grace_from is not None:  # they left at the notice: that is no consent
                self.discard()
            if self._lanes.size:
                self._room += int(WINDOW_S / BLOCK_S)  # a call's end must never be what is lost
                self._flush(max(self._ends))
                self._lanes = np.zeros((2, 0), np.int16)
            self._state = "closed"
            self._wake.set()
        with anyio.CancelScope(shield=True):
            await self._drain()
        return 0 if self._writer is None else self._writer.duration_ms

    # --- placing: on the event loop, microseconds ------------------------------------------------

    def _place(self, lane: int, pcm: Pcm, at: float) -> None:
        if self._state == "closed" or not len(pcm):
            return
        start = _index(at)
        if start > max(self._ends) + MAX_JUMP_S * RATE_HZ or start < -_WINDOW:
            return self._flag("misplaced")
        if abs(start - self._ends[lane]) <= SNAP:
            start = self._ends[lane]
        self._ends[lane] = max(self._ends[lane], start + len(pcm))
        if self._lanes.size:
            for first in range(0, len(pcm), _BLOCK):
                self._write(lane, pcm[first : first + _BLOCK], start + first)

    def _write(self, lane: int, pcm: Pcm, start: int) -> None:
        if (over := start + len(pcm) - _WINDOW) > self._base:
            self._flush(over + _BLOCK)
        if self._state != "recording":
            return
        if lane >= len(self._lanes):
            self._lanes = np.vstack((self._lanes, np.zeros((1, _WINDOW), np.int16)))
        offset = start - self._base
        if offset < 0:
            self._flag("late")
            pcm, offset = pcm[-offset:], 0
        self._lanes[lane, offset : offset + len(pcm)] = pcm

    def _flush(self, upto: int) -> None:
        """Move the window's start to `upto`; what leaves it waits for the disk."""
        if upto <= self._base:
            return
        count = min(upto - self._base, _WINDOW)
        for first in range(0, count, _BLOCK):
            self._hand_over(self._lanes[:, first : min(first + _BLOCK, count)].copy())
        if upto - self._base > _WINDOW:
            self._hand_over(upto - self._base - _WINDOW)
        self._lanes[:, : _WINDOW - count] = self._lanes[:, count:]
        self._lanes[:, _WINDOW - count :] = 0
        self._base = upto
        self._wake.set()

    def _hand_over(self, block: NDArray[np.int16] | int) -> None:
        if not isinstance(block, int) and not block.any():
            block = block.shape[1]
        if not isinstance(block, int) and len(self._pending) >= self._room:
            self._flag("disk-slow")
            block = block.shape[1]
        if isinstance(block, int) and self._pending and isinstance(self._pending[-1], int):
            block += self._pending.pop()
        self._pending.append(block)

    def _flag(self, kind: str) -> None:
        self._flags[kind] = self._flags.get(kind, 0) + 1

    # --- writing: in a worker thread -------------------------------------------------------------

    async def _drain(self) -> None:
        async with self._writing:
            blocks: list[NDArray[np.int16] | int] = []
            if self._grace_from is None:
                blocks = list(self._pending)
                self._pending.clear()
            silent: list[tuple[int, int]] = []
            if self._grace_from is None:  # audio waiting for a yes is silenced once it is written
                silent, self._silenced = self._silenced, []
            delete, self._delete = self._delete, False
            closing = self._state == "closed"  # read here: while a thread writes, more may come
            if blocks or delete or silent or closing:
                work = partial(self._to_disk, blocks, delete, silent, closing)
                await anyio.to_thread.run_sync(work)

    def _to_disk(
        self,
        blocks: list[NDArray[np.int16] | int],
        delete: bool,
        silent: list[tuple[int, int]],
        closing: bool,
    ) -> None:
        if delete:
            self._remove()
        try:
            for block in blocks:
                self._append(block)
        except OSError as error:
            self._given_up(error)
        try:
            for first, last in silent:
                if self._writer is not None:
                    self._writer.silence(CALLER, first, last)
        except OSError as error:  # what must not be kept is deleted altogether
            self._given_up(error)
            self._remove()
        if self._writer is not None and closing:
            try:
                self._writer.close()
            except OSError as error:
                self._given_up(error)

    def _given_up(self, error: OSError) -> None:
        log.error("recording %s ends early: %s", self.path.stem, error)
        self._broken = True
        self._flag("disk-failed")

    def _append(self, block: NDArray[np.int16] | int) -> None:
        if self._broken:
            return
        lanes = 2 if isinstance(block, int) else len(block)
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._new_writer(self.path, lanes)
        if lanes > self._writer.lanes:
            self._writer.widen()
        if not isinstance(block, int):
            return self._writer.write(*block)
        silence = np.zeros(_BLOCK, np.int16)
        for left in range(block, 0, -_BLOCK):
            self._writer.write(*[silence[:left]] * self._writer.lanes)

    def _remove(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(OSError):  # a full disk; what it refuses was to be deleted anyway
                writer.close()
            self.path.unlink(missing_ok=True)


def _index(at: float) -> int:
    """The sample at a call-clock second; the first one is at 0."""
    return round(at * RATE_HZ)
