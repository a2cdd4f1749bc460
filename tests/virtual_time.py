"""An event loop whose clock jumps when every task waits, so a ten-minute call takes milliseconds.

It jumps only when nothing but its own timers can wake it: while a socket is registered or a worker
thread is busy it waits in real time, so the outside world is never raced. Your own thread that
calls back with `call_soon_threadsafe` is invisible to it: mark such a test `real_clock`.
"""

import asyncio
import selectors
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

STUCK_AFTER_S = 30.0
"""Real seconds without any event, timer, socket or thread after which a test counts as stuck."""


PATIENT_TURNS, SPIN_S = 1000, 1e-6
"""After this many turns of the loop at one instant each costs this much: real clocks move while
tasks spin, and a task that waits for less than a rounding error would otherwise wait forever."""


class Stuck(RuntimeError):
    """Every task waits and nothing can wake one."""


class JumpingSelector(selectors.DefaultSelector):
    """When asked to wait, advances the loop's clock instead if only timers are pending."""

    now = 0.0
    turns = 0
    busy: Callable[[], bool] = staticmethod(lambda: False)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            self.turns += 1
            self.now += SPIN_S if self.turns > PATIENT_TURNS else 0.0
            return ready
        self.turns = 0
        outside = len(self.get_map()) > 1 or self.busy()
        if timeout is not None and not outside:
            self.now += timeout
            return ready
        began = time.monotonic()
        patience = STUCK_AFTER_S if timeout is None and not outside else timeout
        ready = super().select(patience)
        self.now += time.monotonic() - began
        if not ready and timeout is None:
            raise Stuck("every task waits, and no timer, socket or thread can wake one")
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """The loop given to every async test that is not marked `engine`, `slow` or `real_clock`."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)
        self._jobs = 0
        self._jumping.busy = lambda: self._jobs > 0 or _anyio_threads_busy(self)

    def time(self) -> float:
        return self._jumping.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> "asyncio.Future[T]":
        future = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._job_done)
        return future

    def _job_done(self, _: object) -> None:
        self._jobs -= 1


def _anyio_threads_busy(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether `anyio.to_thread.run_sync` has work in progress; threads know loop and idle list."""
    return any(
        getattr(thread, "loop", None) is loop and thread not in getattr(thread, "idle_workers", ())
        for thread in threading.enumerate()
    )
