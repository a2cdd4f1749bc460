"""`Jobs`: durable jobs of other packages. A job is enqueued by kind and key, and runs until done.

DBOS stores enqueued jobs, even for days ahead, without a waiting thread.
"""

import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

from core.errors import CoreError, StoreFailed
from voice_agent.workflows.ledger import AGAIN, asked
from voice_agent.workflows.ports import PEOPLE, WEBHOOKS, WORK, Job

log = logging.getLogger(__name__)

AT_ONCE = {WORK: 4, PEOPLE: 4, WEBHOOKS: 8}
"""Jobs of each queue that one server runs concurrently, and takes up at each poll."""
POLL_S = {WORK: 3.0, PEOPLE: 1.0, WEBHOOKS: 1.0}
"""Polling interval of each queue; each poll costs 4 ms of the interpreter that calls need."""
UNSERVED_S = 600.0
"""Delay before a job that this server cannot do is looked at again."""
PUT_OFF_S = 60.0
"""Delay before a job is retried that something outside kept from being done."""
FELL_OVER_S = 3600.0
"""Delay before a job that raised a bug is retried: other code or data may succeed."""

Run = Callable[[str, Callable[[str], Awaitable[Any]], str], Any]
"""Runs a step of a workflow on the server's own loop: its name, its function, its key."""


class Jobs:
    """The durable jobs of one server. Jobs found at its start wait until `begin`."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._queues: dict[str, str] = {}
        self._begun = threading.Event()
        self._workflow: Callable[[str, str, int], None] | None = None

    def serve(self, kind: str, job: Job, queue: str = WORK) -> None:
        """Register the function for a kind of job, and its queue."""
        self._jobs[kind], self._queues[kind] = job, queue

    async def begin(self) -> None:
        """All kinds are registered: take up waiting jobs. Raises: StoreFailed."""
        await asked(_register, {WORK, *self._queues.values()})
        self._begun.set()

    def release(self) -> None:
        """Unblock jobs waiting for `begin`, so that the server can end."""
        self._begun.set()

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        """Enqueue a job, once per kind, key and try. Raises: StoreFailed."""
        await asked(self._enqueue, kind, key, tries, after_s)

    def define(self, run: Run) -> None:
        """Register the workflow with DBOS, before its launch; `run` runs its steps."""
        from dbos import DBOS

        @DBOS.workflow(name="job")
        def job(kind: str, key: str, tries: int) -> None:
            self._begun.wait()
            again = run(kind, partial(self._do, kind, tries=tries), key)
            if again is not None:
                self._enqueue(kind, key, tries + 1, again)

        self._workflow = job

    async def _do(self, kind: str, key: str, *, tries: int) -> float | None:
        job = self._jobs.get(kind)
        if job is None:
            log.warning("%s of %s waits: this server does no such work", kind, key)
            return UNSERVED_S
        try:
            return await job(key, tries)
        except Exception as error:  # else DBOS would never run it again
            if isinstance(error, StoreFailed) and error.retryable:
                raise
            if isinstance(error, CoreError) and error.retryable:
                log.warning("%s of %s is put off: %s", kind, key, error)
                return PUT_OFF_S
            log.exception("%s of %s fell over, tried again in an hour", kind, key)
            return FELL_OVER_S

    def _enqueue(self, kind: str, key: str, tries: int, after_s: float) -> None:
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        assert self._workflow is not None, "define() comes first"
        name = f"{AGAIN}{kind}-{key}-{tries}" if tries else f"{kind}-{key}"
        delay = SetEnqueueOptions(delay_seconds=after_s if after_s > 0 else None)
        with SetWorkflowID(name), delay:
            queue = self._queues.get(kind, WORK)
            DBOS.enqueue_workflow(queue, self._workflow, kind, key, tries)


def _register(queues: Collection[str]) -> None:
    from dbos import DBOS

    for queue in queues:
        DBOS.register_queue(
            queue, worker_concurrency=AT_ONCE[queue], polling_interval_sec=POLL_S[queue]
        )
