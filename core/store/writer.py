"""The only thread that writes: commits many callers' work in fair batches off the event loop.

Each lane (a conversation, say) keeps its order; a batch takes one piece of work from every lane in
turn, so that a busy lane cannot hold up the others. Work may run again after a failed commit and
must depend only on its connection.
"""

import asyncio
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from core.errors import StoreFailed, first_line
from core.store.database import retryable

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[sa.Connection], T]

BATCH = 128
BACKLOG = 10_000
"""Most queued pieces of work; more are refused. Callers that await never reach this."""
SLOW_S = 1.0
"""A commit that takes this long is named in the log: the facts of all calls waited for it."""
MOST_NAMED = 5
RETRIES_S = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Pauses between retries of a batch that found the database locked or down."""


def failed(error: BaseException) -> StoreFailed:
    """The error a waiter sees, in one line: what happened and whether to retry, without the data,
    because it is logged."""
    failure = StoreFailed(f"{type(error).__name__}: {first_line(error)}")
    failure.retryable = retryable(error)
    failure.__cause__ = error
    return failure


@dataclass(slots=True)
class _Item:
    lane: str
    work: Work[Any]
    done: Future[Any]


class Writer:
    """Runs work in write transactions. `submit` is safe from any thread and never blocks."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine.execution_options(writes=True)
        self._lanes: OrderedDict[str, deque[_Item]] = OrderedDict()
        self._waiting = 0
        self._closing = False
        self._wake = threading.Condition()
        self._closed = threading.Event()
        self.committed: list[Callable[[Sequence[str]], None]] = []
        """Called on the writer's thread with the lanes of each commit."""
        self.timed: list[Callable[[float], None]] = []
        """Called on the writer's thread with the seconds each commit took, retries included."""
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, lane: str, work: Work[T]) -> "Future[T]":
        """Queue work; the future holds its result once committed, or `StoreFailed`."""
        done: Future[T] = Future()
        done.set_running_or_notify_cancel()  # from here on it cannot be cancelled
        with self._wake:
            if self._closing or self._waiting >= BACKLOG:
                full = StoreFailed("closed" if self._closing else "too much is waiting")
                full.retryable = not self._closing
                done.set_exception(full)
                return done
            self._lanes.setdefault(lane, deque()).append(_Item(lane, work, done))
            self._waiting += 1
            self._wake.notify()
        return done

    async def run(self, lane: str, work: Work[T]) -> T:
        """Queue work and wait for its commit. A cancelled wait does not undo the write.

        Raises: StoreFailed.
        """
        waited = asyncio.wrap_future(self.submit(lane, work))
        waited.add_done_callback(lambda f: f.cancelled() or f.exception())
        return await asyncio.shield(waited)

    def close(self) -> None:
        """Write what is queued, then stop. Blocks; idempotent."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._take():
            self._commit(batch)

    def _take(self) -> list[_Item]:
        """The next batch in lane order; empty when closed and drained."""
        with self._wake:
            while not self._waiting and not self._closing:
                self._wake.wait()
            batch: list[_Item] = []
            while self._lanes and len(batch) < BATCH:
                lane, items = self._lanes.popitem(last=False)
                batch.append(items.popleft())
                if items:
                    self._lanes[lane] = items
            self._waiting -= len(batch)
        # PostgreSQL: all servers lock rows in one order, so that batches do not deadlock.
        return sorted(batch, key=lambda item: item.lane)

    def _commit(self, batch: list[_Item]) -> None:
        began = time.perf_counter()
        try:
            results = self._transact(batch)
        except Exception as error:
            if len(batch) > 1 and not retryable(error):
                for item in batch:  # one bad piece of work must fail alone
                    self._commit([item])
                return
            failure = error
            if not isinstance(error, StoreFailed):
                failure = failed(error)
                if not isinstance(error, sa.exc.SQLAlchemyError):
                    log.exception("writing fell over")
            for item in batch:
                item.done.set_exception(failure)
            return
        lanes = [item.lane for item in batch]
        self._measure(time.perf_counter() - began, lanes)
        _inform(self.committed, lanes)
        for item, result in zip(batch, results, strict=True):
            item.done.set_result(result)

    def _measure(self, took_s: float, lanes: Sequence[str]) -> None:
        _inform(self.timed, took_s)
        if took_s >= SLOW_S:
            named = ", ".join(dict.fromkeys(lanes[:MOST_NAMED]))
            log.warning("a commit took %.1f s; everything else waited: %s", took_s, named)

    def _transact(self, batch: list[_Item]) -> list[Any]:
        for pause in (*RETRIES_S, None):
            try:
                with self._engine.begin() as connection:
                    return [item.work(connection) for item in batch]
            except sa.exc.DBAPIError as error:
                if pause is None or not retryable(error):
                    raise
                self._closed.wait(pause)
        raise AssertionError("the last try returns or raises")


def _inform(listeners: Sequence[Callable[[T], None]], told: T) -> None:
    for listener in listeners:
        try:
            listener(told)
        except Exception:  # what is committed stays so, and other work goes on
            log.exception("telling of what was stored fell over")
