"""Durable work, for the packages that ask for it: `durable.Workflows` and `jobs.Jobs` do it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

WORK, PEOPLE, WEBHOOKS = "jobs", "people", "webhooks"
"""The queues of jobs, none of which waits for another: a slow mail server, model or receiver must
not delay what people wait for."""
Job = Callable[[str, int], Awaitable[float | None]]
"""Does the job for a key; `tries` counts earlier ones. Returns seconds until a retry, None when it
is done. It may run twice for one try, if a server dies in between."""


class DurableJobs(Protocol):
    """Jobs by kind and key that survive the server that enqueued them."""

    def serve(self, kind: str, job: Job, queue: str = WORK) -> None:
        """Register the function for a kind of job, and its queue."""

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        """Enqueue a job, once per kind, key and try. Raises: StoreFailed."""


class WrapUps(Protocol):
    """The durable work after a conversation, or after a part of a written one."""

    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None:
        """Make sure the work is done, exactly once per revision; 0 is the end. Raises:
        StoreFailed."""
