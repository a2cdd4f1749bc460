"""An utterance in a decoding process, as its call sees it."""

from typing import Protocol

import anyio

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.ports import NOTHING, Hypothesis
from voice_agent.speech.sphinx import wire
from voice_agent.speech.sphinx.process import WorkerProcess

BATCH_SAMPLES = RATE_HZ * 60 // 1000
MAX_UTTERANCE_S = 120.0


class Owner(Protocol):
    """What an utterance needs from the transcriber that opened it."""

    deadline_s: float

    def closed(self, utterance: "SphinxUtterance") -> None:
        """Called when an utterance is finished with."""

    def overdue(self, worker: WorkerProcess) -> None:
        """Called when a settle missed its deadline."""


class SphinxUtterance:
    """One stretch of caller speech, decoded in a worker."""

    def __init__(self, owner: Owner, number: int, call_id: str) -> None:
        self.number = number
        self.call_id = call_id
        self.worker: WorkerProcess | None = None
        self.kept: list[tuple[int, bytes]] = []
        """Frames buffered while no decoder is free."""
        self._owner = owner
        self._batch: list[bytes] = []
        self._batched = 0
        self._samples = 0
        self._latest = NOTHING
        self._failure: str | None = None
        self._closed = False
        self._settling: dict[int, anyio.Event] = {}
        self._settled: dict[int, Hypothesis] = {}
        self._tickets = 0

    def push(self, pcm: Pcm) -> None:
        """Add samples; sent on in batches of 60 ms."""
        if self._closed or self._failure:
            return
        self._samples += len(pcm)
        if self._samples > MAX_UTTERANCE_S * RATE_HZ:
            self.fail(f"the utterance is longer than {MAX_UTTERANCE_S:.0f} s")
            return
        self._batch.append(pcm.tobytes())
        self._batched += len(pcm)
        if self._batched >= BATCH_SAMPLES:
            self._flush()

    def partial(self) -> Hypothesis:
        """The best path so far; its last word may change."""
        return self._latest

    async def settle(self) -> Hypothesis:
        """The hypothesis for everything pushed. Raises: TranscriptionFailed."""
        self._flush()
        self._tickets += 1
        ticket, done = self._tickets, anyio.Event()
        self._settling[ticket] = done
        try:
            if not self._failure:
                self._send(wire.SETTLE, wire.with_ticket(ticket))
                with anyio.move_on_after(self._owner.deadline_s):
                    await done.wait()
            if (settled := self._settled.pop(ticket, None)) is not None:
                return settled
            if not self._failure and not self._closed and self.worker is not None:
                self._owner.overdue(self.worker)
            raise TranscriptionFailed(self._failure or "no hypothesis before the deadline")
        finally:
            del self._settling[ticket]

    def close(self) -> None:
        """Release the decoder."""
        if not self._closed:
            self._closed = True
            self.fail("the utterance is closed")
            self._owner.closed(self)

    def heard(self, hypothesis: Hypothesis, ticket: int | None = None) -> None:
        """Take a hypothesis from the worker; with a ticket it answers that `settle`."""
        self._latest = hypothesis
        if ticket in self._settling and ticket is not None:
            self._settled[ticket] = hypothesis
            self._settling[ticket].set()

    def fail(self, why: str) -> None:
        """Make every pending and later `settle` raise."""
        self._failure = self._failure or why
        self._batch, self.kept = [], []
        for event in self._settling.values():
            event.set()

    def seated(self, worker: WorkerProcess, cmn: str) -> None:
        """Take a decoder of `worker` and send it the buffered frames."""
        self.worker = worker
        worker.held.add(self.number)
        worker.send(wire.OPEN, self.number, cmn.encode())
        kept, self.kept = self.kept, []
        for kind, payload in kept:
            worker.send(kind, self.number, payload)

    def _flush(self) -> None:
        if self._batch:
            self._send(wire.PCM, b"".join(self._batch))
        self._batch, self._batched = [], 0

    def _send(self, kind: int, payload: bytes) -> None:
        if self.worker is None:
            self.kept.append((kind, payload))
        else:
            self.worker.send(kind, self.number, payload)
