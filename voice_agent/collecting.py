"""When Python looks through all its objects: between calls, as far as calls leave a between.

A full collection stops every call for as long as it takes, a tenth of a second with a hundred
calls, and Python would begin one in the middle of their talking.
"""

import gc
from collections.abc import Callable

import anyio

YOUNG = (2_000, 20)
"""New objects before the youngest are looked through, and how often before the next older are."""
NEVER = 1_000_000
LOOK_S = 2.0
LONGEST_S = 120.0
"""Between collections where calls never pause: what lives in circles stays this long."""


def settle() -> None:
    """What stands at start-up, models and knowledge among it, is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG, NEVER)


class Collecting:
    """Decides when. Pure: how many calls there are at an instant in, a verdict out."""

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
