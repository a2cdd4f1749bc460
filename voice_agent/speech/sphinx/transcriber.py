"""Recognition with pocketsphinx: streaming, offline, in worker processes; the embedded default.

An utterance holds one decoder of one worker from `open` to `close`. When all decoders are held,
utterances wait with their audio buffered: those of calls that hold the fewest go first, then the
oldest. When the queue is full too, or an utterance outgrows its limits, it fails.
"""

import os
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import anyio
import anyio.to_thread

from knowledge.profile import Company
from voice_agent.errors import EngineUnavailable
from voice_agent.speech.sphinx import caller_language, wire
from voice_agent.speech.sphinx.process import WorkerProcess
from voice_agent.speech.sphinx.utterance import SphinxUtterance

DECODERS_PER_WORKER = 12
"""About as many callers as one core can follow while all speak, and half as many again."""
WAITING_PER_DECODER = 2
CALLERS_REMEMBERED = 1000
START_DEADLINE_S = 20.0
MAX_FAILED_STARTS = 3


class SphinxTranscriber:
    """pocketsphinx with the language of this company's callers, shared by all calls."""

    name = "sphinx"

    def __init__(
        self,
        company: Company,
        phrases: Sequence[str],
        cache: Path,
        workers: int | None = None,
        deadline_s: float = 1.5,
        wordings: Sequence[str] = (),
    ) -> None:
        self.deadline_s = deadline_s
        self._company, self._phrases, self._cache = company, tuple(phrases), cache
        self._wordings = tuple(wordings)
        self._count = workers or os.cpu_count() or 1
        self._workers: list[WorkerProcess] = []
        self._open: dict[int, SphinxUtterance] = {}
        self._waiting: deque[SphinxUtterance] = deque()
        self._cmn: OrderedDict[str, str] = OrderedDict()
        self._leaving: dict[int, str] = {}
        """Utterances whose decoder was recalled, with their calls."""
        self._numbers = 0
        self._failed_starts = 0
        self._all_ready: anyio.Event

    async def load(self) -> None:
        """Build or find the caller language, start the workers, and wait until they are warm."""
        if find_spec("pocketsphinx") is None:
            raise EngineUnavailable("pocketsphinx is not installed")
        try:
            self._language = await anyio.to_thread.run_sync(
                caller_language.prepare, self._company, self._phrases, self._cache, self._wordings
            )
        except OSError as error:  # shutil reports each file of a folder, with its error
            why = error.strerror or str(error.args[0][0][-1] if error.args[0] else error)
            raise EngineUnavailable(
                f"the caller language, some 15 MB, cannot be kept in {self._cache}: {why}"
            ) from error
        self._all_ready = anyio.Event()
        for _ in range(self._count):
            self._start()
        with anyio.move_on_after(START_DEADLINE_S):
            await self._all_ready.wait()
        if not self._workers or not all(worker.ready for worker in self._workers):
            await self.aclose()
            raise EngineUnavailable("pocketsphinx's decoding processes did not start")

    def open(self, call_id: str) -> SphinxUtterance:
        """Begin an utterance; it waits for a decoder if none is free."""
        self._numbers += 1
        utterance = SphinxUtterance(self, self._numbers, call_id)
        if not self._workers:
            utterance.fail("no decoding process is running")
        elif len(self._waiting) >= WAITING_PER_DECODER * DECODERS_PER_WORKER * len(self._workers):
            utterance.fail("too many callers speak at once")
        else:
            self._open[utterance.number] = utterance
            self._waiting.append(utterance)
            self._seat_waiting()
        return utterance

    async def aclose(self) -> None:
        """Stop the worker processes; open utterances fail."""
        for utterance in list(self._open.values()):
            utterance.fail("the transcriber is closed")
        self._open.clear()
        self._waiting.clear()
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.hang_up()
        with anyio.CancelScope(shield=True):
            for worker in workers:
                await anyio.to_thread.run_sync(worker.reap, 2.0)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers, for logs and tests."""
        return [worker.pid for worker in self._workers]

    def closed(self, utterance: SphinxUtterance) -> None:
        """Recall the decoder; it comes back with the caller's cepstral mean."""
        self._open.pop(utterance.number, None)
        if utterance in self._waiting:
            self._waiting.remove(utterance)
        elif utterance.worker is not None and utterance.number in utterance.worker.held:
            if utterance.partial().words:
                self._leaving[utterance.number] = utterance.call_id
            utterance.worker.send(wire.DROP, utterance.number)

    def overdue(self, worker: WorkerProcess) -> None:
        """Kill a worker that missed two deadlines without a sign of life in between."""
        worker.missed += 1
        if worker.missed >= 2:
            worker.kill()

    def _start(self) -> None:
        worker = WorkerProcess(self._language, DECODERS_PER_WORKER)
        worker.start(self._frame, self._died)
        self._workers.append(worker)

    def _frame(self, worker: WorkerProcess, kind: int, number: int, payload: bytes) -> None:
        utterance = self._open.get(number)
        if kind == wire.READY:
            self._failed_starts = 0
            if all(w.ready for w in self._workers):
                self._all_ready.set()
            self._seat_waiting()
        elif kind == wire.DROPPED:
            worker.held.discard(number)
            self._remember(number, payload.decode())
            self._seat_waiting()
        elif utterance is None:
            return
        elif kind == wire.PARTIAL:
            utterance.heard(wire.unpack_hypothesis(payload))
        elif kind == wire.SETTLED:
            ticket, rest = wire.split_ticket(payload)
            utterance.heard(wire.unpack_hypothesis(rest), ticket)
        elif kind == wire.FAILED:
            utterance.fail("the decoder failed")

    def _remember(self, number: int, cmn: str) -> None:
        """Keep the cepstral mean of a caller who was understood, for their next utterance."""
        call_id = self._leaving.pop(number, None)
        if call_id is None:
            return
        self._cmn[call_id] = cmn
        self._cmn.move_to_end(call_id)
        if len(self._cmn) > CALLERS_REMEMBERED:
            self._cmn.popitem(last=False)

    def _seat_waiting(self) -> None:
        """Assign free decoders: to calls that hold the fewest, then to the oldest."""
        while self._waiting:
            worker = max(self._workers, key=lambda w: w.free, default=None)
            if worker is None or worker.free == 0:
                return
            seated = Counter(u.call_id for u in self._open.values() if u.worker is not None)
            utterance = min(self._waiting, key=lambda u: (seated[u.call_id], u.number))
            self._waiting.remove(utterance)
            utterance.seated(worker, self._cmn.get(utterance.call_id, ""))

    def _died(self, worker: WorkerProcess) -> None:
        """Fail the dead worker's utterances, and replace it."""
        self._workers.remove(worker)
        for number in worker.held:
            self._leaving.pop(number, None)
            if (utterance := self._open.pop(number, None)) is not None:
                utterance.fail("the decoding process died")
        self._failed_starts += 1
        if self._failed_starts <= MAX_FAILED_STARTS:
            self._start()
        elif not self._workers:
            self._all_ready.set()
            for utterance in self._waiting:
                utterance.fail("no decoding process is running")
            self._waiting.clear()
