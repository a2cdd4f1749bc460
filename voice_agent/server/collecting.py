"""When Python collects garbage: between calls, as long as calls leave gaps.

A full collection stops every call while it runs, a tenth of a second with a hundred calls, and
Python would start one in the middle of a conversation.
"""

import gc
from collections.abc import Callable

import anyio

YOUNG = (2_000, 20)
"""New objects before a collection of the youngest, and how many of those before the next older."""
NEVER = 1_000_000
LOOK_S = 2.0
LONGEST_S = 120.0
"""Longest time between collections when calls never pause; reference cycles live this long."""


def settle() -> None:
    """Exempt what exists at start-up, models and knowledge included, from collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG, NEVER)


class Collecting:
    """Decides when. Pure: number of calls and time in, decision out."""

    def __init__(self, now: float) -> None:
        self._latest = now
        self._busy = False

    def due(self, calls: int, now: float) -> bool:
        """Whether to collect now, with `calls` going on."""
        ended, self._busy = self._busy and not calls, calls > 0
        if not ended and now - self._latest < LONGEST_S:
            return False
        self._latest = now
        return True


async def collect(calls: Callable[[], int], over: anyio.Event) -> None:
    """Collect whenever it is due, until it is over."""
    collecting = Collecting(anyio.current_time())
    while not over.is_set():
        if collecting.due(calls(), anyio.current_time()):
            gc.collect()
        with anyio.move_on_after(LOOK_S):
            await over.wait()
