"""`News`: wakes whoever waits for a conversation's next commit by this process."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import anyio


class Following:
    """One follower's view of a lane."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._there = anyio.Event()

    def wake(self) -> None:
        """There was a commit. Safe from any thread."""
        self._loop.call_soon_threadsafe(lambda: self._there.set())

    async def next(self, within_s: float) -> None:
        """Return at the first commit since this last returned, or after so many seconds."""
        with anyio.move_on_after(within_s):
            await self._there.wait()
        self._there = anyio.Event()


class News:
    """Who follows which lane. A conversation's lane is its id."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Following]] = {}
        self._lock = threading.Lock()

    def committed(self, lanes: Sequence[str]) -> None:
        """These lanes were written to. Called on the writer's thread."""
        with self._lock:
            for lane in lanes:
                for follower in self._followers.get(lane, ()):
                    follower.wake()

    @contextmanager
    def following(self, lane: str) -> Iterator[Following]:
        """Follow a lane from now on: begin before reading, and no commit goes unnoticed."""
        follower = Following()
        with self._lock:
            self._followers.setdefault(lane, set()).add(follower)
        try:
            yield follower
        finally:
            with self._lock:
                self._followers[lane].discard(follower)
                if not self._followers[lane]:
                    del self._followers[lane]
