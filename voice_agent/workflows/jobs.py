"""`Jobs`: durable work of other folders. A job is asked for by kind and key, and runs until done.

DBOS keeps what was asked for, also for a time in days, and no thread waits for it meanwhile.
"""

import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from core.errors import StoreFailed
from voice_agent.workflows.ledger import asked
from voice_agent.workflows.ports import Job

log = logging.getLogger(__name__)

QUEUE = "jobs"
AT_ONCE = 4
POLL_S = 1.0
UNSERVED_S = 600.0
"""When a job that nobody here can do is looked at again."""
FELL_OVER_S = 3600.0
"""When work that fell over is tried again: other code, or other data, may be able to do it."""

Run = Callable[[str, Callable[[str], Awaitable[Any]], str], Any]
"""Runs a step of a workflow on the server's own loop: its name, what it does, its key."""


class Jobs:
    """Durable jobs of one server. What is found at its start waits until `begin`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._jobs: dict[str, Job] = {}
        self._begun = threading.Event()
        self._workflow: Callable[[str, str, int], None] | None = None

    def serve(self, kind: str, job: Job) -> None:
        """Do jobs of a kind with this."""
        self._jobs[kind] = job

    async def begin(self) -> None:
        """Every kind is served now: take up what waits. Raises: StoreFailed."""
        if self._jobs:
            await asked(_register_queue)
        self._begun.set()

    def release(self) -> None:
        """Let what waits for `begin` run into the end of the server."""
        self._begun.set()

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        """Have a job done, once for its kind, key and try. Raises: StoreFailed."""
        await asked(self._enqueue, kind, key, tries, after_s)

    def define(self) -> None:
        """Tell DBOS of the workflow; before it is launched."""
        from dbos import DBOS

        @DBOS.workflow(name="job")
        def job(kind: str, key: str, tries: int) -> None:
            self._begun.wait()
            again = self._run(kind, partial(self._do, kind, tries=tries), key)
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
        except Exception as error:  # DBOS would never run it again
            if isinstance(error, StoreFailed) and error.retryable:
                raise
            log.exception("%s of %s fell over, tried again in an hour", kind, key)
            return FELL_OVER_S

    def _enqueue(self, kind: str, key: str, tries: int, after_s: float) -> None:
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        assert self._workflow is not None, "define() comes first"
        name = f"{kind}-{key}" + (f"-{tries}" if tries else "")
        delay = SetEnqueueOptions(delay_seconds=after_s if after_s > 0 else None)
        with SetWorkflowID(name), delay:
            DBOS.enqueue_workflow(QUEUE, self._workflow, kind, key, tries)


def _register_queue() -> None:
    from dbos import DBOS

    DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_S)
