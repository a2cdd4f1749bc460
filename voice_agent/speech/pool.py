"""Bounded inference shared by all calls: a fixed number of threads and a short, fair queue.

Calls take turns however much each of them requests; a newer request for the same utterance replaces
an older one that is still waiting; a request that cannot be served in time is refused at once
rather than served late. A thread serves several requests together, one from each call in turn, if
batching is faster for the engine. Nothing here blocks the event loop: a request is a short locked
append.
"""

import asyncio
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import anyio

from voice_agent.errors import TranscriptionFailed

Outcome = tuple[Any, Exception | None]
"""A result, or the error."""
T = TypeVar("T")
Part = TypeVar("Part")
Answer = TypeVar("Answer")


class PoolOverloaded(TranscriptionFailed):
    """Too many requests are waiting; retrying at once will not help."""

    code = "pool-overloaded"


class Superseded(TranscriptionFailed):
    """A newer request for the same utterance replaced this one."""

    code = "superseded"


class PoolClosed(TranscriptionFailed):
    """The engine was shut down."""

    code = "pool-closed"
    retryable = False


@dataclass(frozen=True, slots=True)
class Shared(Generic[Part, Answer, T]):
    """Work may return this instead of its result: a part for the engine, batched with other parts,
    and the function that makes the result from the engine's answer."""

    part: Part
    then: Callable[[Answer], T]


@dataclass
class PoolCounts:
    """What a pool has done so far."""

    done: int = 0
    failed: int = 0
    late: int = 0
    together: int = 0
    """Requests served in a batch."""
    superseded: int = 0
    refused: int = 0
    busy_s: float = 0.0
    waited_s: float = 0.0


@dataclass(eq=False)
class Ticket(Generic[T]):
    """One request. `finish` is called once, from a pool thread, with a result or an error."""

    call_id: str
    key: str
    work: Callable[[], T | Shared[Any, Any, T]]
    finish: Callable[[T | None, Exception | None], None]
    expires_at: float
    asked_at: float = field(default_factory=time.monotonic)


class InferencePool:
    """Threads that serve tickets, one call after the other, or several tickets in a batch.

    `infer` answers the parts of `Shared` work, in order.
    """

    def __init__(
        self,
        workers: int = 1,
        waiting_limit: int = 64,
        per_call_limit: int = 4,
        infer: Callable[[list[Any]], list[Any]] = list,
        together: int = 1,
    ) -> None:
        self.workers = workers
        self.together = together
        """Most tickets a thread takes at once."""
        self._infer = infer
        self.counts = PoolCounts()
        self._waiting_limit = waiting_limit
        self._per_call_limit = per_call_limit
        self._queues: OrderedDict[str, deque[Ticket[Any]]] = OrderedDict()
        self._waiting = 0
        self._busy = 0
        self._closed = False
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; idempotent."""
        while len(self._threads) < self.workers:
            name = f"inference-{len(self._threads)}"
            thread = threading.Thread(target=self._serve, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    @property
    def idle(self) -> bool:
        """Whether a request made now would be served at once."""
        return self._busy + self._waiting < self.workers

    @property
    def waiting(self) -> int:
        return self._waiting

    def offer(
        self,
        call_id: str,
        key: str,
        work: Callable[[], T | Shared[Any, Any, T]],
        finish: Callable[[T | None, Exception | None], None],
        deadline_s: float,
    ) -> Ticket[T]:
        """Queue work and return; `key` names the utterance. From any thread.

        `finish` gets the outcome: a result, what the work raised, Superseded, or a
        TranscriptionFailed when no thread was free in time. Raises: PoolOverloaded, PoolClosed.
        """
        ticket = Ticket(call_id, key, work, finish, time.monotonic() + deadline_s)
        with self._changed:
            replaced = self._admit(ticket)
            self._changed.notify()
        if replaced is not None:
            replaced.finish(None, Superseded("a newer request for this utterance was made"))
        return ticket

    async def run(
        self, call_id: str, key: str, work: Callable[[], T | Shared[Any, Any, T]], deadline_s: float
    ) -> T:
        """The result of `work`, run in a pool thread within `deadline_s`.

        Raises: TranscriptionFailed (deadline, overload, superseded, closed), and what it raised.
        """
        answer = _Answer[T](asyncio.get_running_loop(), anyio.Event())
        ticket = self.offer(call_id, key, work, answer.finish, deadline_s)
        with anyio.move_on_after(deadline_s):
            try:
                await answer.told.wait()
            finally:
                self.withdraw(ticket)
        if not answer.told.is_set():
            self.counts.late += 1
            raise TranscriptionFailed(f"no transcript within {deadline_s:.1f} s")
        if answer.error is not None:
            raise answer.error
        return answer.value  # type: ignore[return-value]

    def withdraw(self, ticket: Ticket[Any]) -> None:
        """Remove a waiting ticket from the queue; one being served runs to its end."""
        with self._changed:
            queue = self._queues.get(ticket.call_id)
            if queue is not None and ticket in queue:
                self._remove(queue, ticket)

    async def aclose(self) -> None:
        """Refuse all waiting tickets and stop the threads; waits briefly for work in progress."""
        with self._changed:
            self._closed = True
            left = [ticket for queue in self._queues.values() for ticket in queue]
            self._queues.clear()
            self._waiting = 0
            self._changed.notify_all()
        for ticket in left:
            ticket.finish(None, PoolClosed("the engine was shut down"))
        for thread in self._threads:
            await anyio.to_thread.run_sync(thread.join, 5.0)
        self._threads.clear()

    # --- with the lock held ----------------------------------------------------------------

    def _admit(self, ticket: Ticket[Any]) -> Ticket[Any] | None:
        """Queue the ticket; returns the older one it replaces."""
        if self._closed:
            raise PoolClosed("the engine was shut down")
        queue = self._queues.setdefault(ticket.call_id, deque())
        for place, older in enumerate(queue):
            if older.key == ticket.key:
                queue[place] = ticket
                self.counts.superseded += 1
                return older
        if self._waiting >= self._waiting_limit or len(queue) >= self._per_call_limit:
            if not queue:
                del self._queues[ticket.call_id]
            self.counts.refused += 1
            raise PoolOverloaded(f"{self._waiting} requests wait for the recogniser")
        queue.append(ticket)
        self._waiting += 1
        return None

    def _remove(self, queue: deque[Ticket[Any]], ticket: Ticket[Any]) -> None:
        queue.remove(ticket)
        self._waiting -= 1
        if not queue:
            del self._queues[ticket.call_id]

    def _take(self) -> list[Ticket[Any]]:
        """The next tickets, from the calls whose turn it is; none once closed."""
        while not self._waiting and not self._closed:
            self._changed.wait()
        taken: list[Ticket[Any]] = []
        while self._waiting and not self._closed and len(taken) < self.together:
            call_id, queue = next(iter(self._queues.items()))
            self._queues.move_to_end(call_id)
            taken.append(queue[0])
            self._remove(queue, queue[0])
        return taken

    # --- in the threads --------------------------------------------------------------------

    def _serve(self) -> None:
        while True:
            with self._changed:
                tickets = self._take()
                if not tickets:
                    return
                self._busy += 1
            outcomes = self._done(tickets)
            with self._changed:
                self._busy -= 1  # before reporting: the receiver may ask again at once
            for ticket, (result, error) in zip(tickets, outcomes, strict=True):
                ticket.finish(result, error)

    def _done(self, tickets: list[Ticket[Any]]) -> list[Outcome]:
        """The outcome of each ticket: its result or its error."""
        began = time.monotonic()
        begun = [self._begun(ticket, began) for ticket in tickets]
        parts = [made.part for made, _ in begun if isinstance(made, Shared)]
        self.counts.together += len(parts) if len(parts) > 1 else 0
        answers = iter(self._answers(parts))
        outcomes = [
            _concluded(made, next(answers)) if isinstance(made, Shared) else (made, error)
            for made, error in begun
        ]
        failed = sum(error is not None for _, error in outcomes)
        late = sum(ticket.expires_at <= began for ticket in tickets)
        self.counts.late += late
        self.counts.failed += failed - late
        self.counts.done += len(tickets) - failed
        self.counts.busy_s += time.monotonic() - began
        return outcomes

    def _begun(self, ticket: Ticket[Any], began: float) -> Outcome:
        self.counts.waited_s += began - ticket.asked_at
        if began >= ticket.expires_at:
            return None, TranscriptionFailed("no thread was free in time")
        return _tried(ticket.work)

    def _answers(self, parts: list[Any]) -> list[Outcome]:
        """The engine's answer to each part; a part it rejects fails alone."""
        if not parts:
            return []
        answers, error = _tried(lambda: self._infer(parts))
        if error is None:
            return [(answer, None) for answer in answers]
        if len(parts) == 1:
            return [(None, error)]
        return [answer for part in parts for answer in self._answers([part])]


def _tried(work: Callable[[], Any]) -> Outcome:
    try:
        return work(), None
    except Exception as error:
        return None, error


def _concluded(made: Shared[Any, Any, Any], answer: Outcome) -> Outcome:
    value, error = answer
    return (None, error) if error is not None else _tried(lambda: made.then(value))


@dataclass(eq=False)
class _Answer(Generic[T]):
    """Carries an outcome from any thread to the waiting task, without blocking."""

    loop: asyncio.AbstractEventLoop
    told: anyio.Event
    value: T | None = None
    error: Exception | None = None

    def finish(self, value: T | None, error: Exception | None) -> None:
        self.value, self.error = value, error
        with suppress(RuntimeError):  # the loop is closed: nobody is waiting
            self.loop.call_soon_threadsafe(self.told.set)
