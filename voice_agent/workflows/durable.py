"""`Workflows`: what must happen after a conversation, exactly once, whatever crashes.

DBOS records which steps are done: in a SQLite file beside a SQLite database, or in the schema
`dbos` of the PostgreSQL database. A workflow's id is derived from its conversation, so enqueueing
it twice is the same as once. One `Workflows` at a time per process: DBOS allows only one of itself.
"""

import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import anyio
from anyio import from_thread, to_thread
from anyio.lowlevel import EventLoopToken, current_token

from core.clock import Clock, utc_now
from core.crm.sync import CrmSync
from core.errors import CalendarFailed, CrmFailed, StoreFailed
from core.events import Fact
from core.scheduling.ports import Calendar
from core.store.database import normalise, sqlite_file
from core.store.database_file import make_private
from core.store.servers import BEAT_S
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.rounds import regularly
from voice_agent.workflows import ledger
from voice_agent.workflows.jobs import FELL_OVER_S, Jobs
from voice_agent.workflows.later import Later
from voice_agent.workflows.sweep import FOUND, Outcome, Repair, Sweep
from voice_agent.workflows.wrapup import Draw, Notify, WrapUp

if TYPE_CHECKING:
    from dbos import DBOSConfig

log = logging.getLogger(__name__)

Step = Callable[[str], Awaitable[Any]]

QUEUE = "wrap-up"
AT_ONCE = 4
"""Wrap-ups one server runs concurrently."""
POLL_S = 0.5
"""Polling interval; each poll costs 4 ms of the interpreter that calls need."""
VERSION = "4"
"""Never change it: waiting work, some of it for days, is only taken up under the version it was
enqueued with. A different order of steps is a workflow with a new name, and the old one stays."""
ORDER = ("notify", "calendar", "crm", "peaks", "finish")
"""The steps after the brief: people first, so that no external system keeps a lead from them."""
AFTER_ALL = 1
"""The revision of a server's own account of a conversation that a sweep had ended before."""
TRIES = 2
"""Immediate tries of a write to an external system. After that a job of its own writes it, so that
a CRM outage keeps no other conversation waiting."""
LONGEST_PAUSE_S = 60.0
AGAIN = "wrap-up"
"""The job that repeats a wrap-up in which a step raised an unexpected error."""
KEPT = timedelta(days=90)
"""How long DBOS remembers finished work, during which enqueueing it again does nothing."""
RETRIES_KEPT = timedelta(days=1)
"""How long DBOS remembers finished retries of jobs, of which an outage makes many."""
TIDY_S = 6 * 3600.0
DRAIN_S = 10.0
"""How long stopping waits for running wrap-ups."""


def broken_off(facts: Sequence[Fact]) -> str:
    """The outcome of a lost conversation when no better one is computed."""
    return "broken_off"


def system_url(url: str) -> str:
    """The URL of DBOS's own database, for the database at `url`."""
    made = normalise(url)
    if made.get_backend_name() != "sqlite" or not made.database:
        return made.render_as_string(hide_password=False)
    stem, dot, suffix = made.database.rpartition(".")
    name = (
        f"{stem}-workflows.{suffix}" if dot and "/" not in suffix else f"{made.database}-workflows"
    )
    return f"sqlite:///{name}"


class Workflows:
    """The durable work of one server."""

    def __init__(
        self,
        store: Store,
        crm: CrmSync,
        jobs: Jobs | None = None,
        *,
        calendar: Calendar | None = None,
        company: Callable[[], Company | None] = lambda: None,
        notify: Notify | None = None,
        outcome: Outcome = broken_off,
        repair: Repair | None = None,
        draw: Draw | None = None,
        traced: Callable[[str], None] | None = None,
        clock: Clock = utc_now,
        retry_s: float = 1.0,
    ) -> None:
        self._store = store
        self._clock = clock
        self.jobs = jobs or Jobs()
        self.jobs.serve(AGAIN, self._again)
        once = WrapUp(store, crm, clock, company, calendar=calendar)
        self.crm_later = Later("crm", once.write_crm, once.fail_crm, self.jobs)
        self.calendar_later = Later(
            "calendar", once.write_calendar, once.fail_calendar, self.jobs, once.begins_within
        )
        self._steps = replace(
            once, notify=notify, later=self.crm_later.ask, draw=draw, traced=traced,
            calendar_later=self.calendar_later.ask,
        )  # fmt: skip
        self._sweep = Sweep(store, clock, outcome, repair)
        self._retry_s = retry_s
        self._token: EventLoopToken | None = None
        self._workflow: Callable[[str, int], None] | None = None
        """Wraps up a conversation at a revision."""
        self._running: list[anyio.CancelScope] = []
        self._active = 0
        self._idle = anyio.Event()
        self._stopping = threading.Event()
        self._destroyed = threading.Event()

    async def start(self) -> None:
        """Register this server and take up queued work. Raises: StoreFailed."""
        self._token = current_token()
        await self._store.servers.beat(self._clock())
        # In a thread, else DBOS would adopt this loop's default executor.
        await to_thread.run_sync(self._launch)

    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None:
        """Enqueue a conversation's wrap-up; returns once it is certain to happen.

        `revision`: the turn up to which an ongoing conversation is written up. A conversation that
        was given up as lost, while its server was only out of reach, is written up again.
        Raises: StoreFailed.
        """
        if not revision and await self._store.log.written(conversation_id, FOUND):
            row = await self._store.conversations.get(conversation_id)
            revision = AFTER_ALL if row is not None and row.status == "completed" else 0
        await ledger.asked(self._enqueue, conversation_id, revision)

    async def wrapped_up(self, conversation_id: str, revision: int = 0) -> None:
        """Wait until an enqueued wrap-up is done. Raises: StoreFailed."""
        which = workflow_id(conversation_id, revision)
        await ledger.asked(ledger.result, which, abandon=True)

    async def sweep(self) -> list[str]:
        """Take over what dead servers left; returns the conversations now being wrapped up.

        Raises: StoreFailed.
        """
        living = await self._store.servers.living()
        await ledger.asked(ledger.adopt, living)
        found = await self._sweep.leftovers()
        for conversation_id in found:
            await self.wrap_up(conversation_id)
        return found

    async def end_lost(self, conversation_id: str) -> None:
        """End a conversation known to be on no server any more, and wrap it up.

        Raises: StoreFailed.
        """
        if (row := await self._store.conversations.get(conversation_id)) is not None:
            await self._sweep.end(row)
            await self.wrap_up(conversation_id)

    async def watch(self) -> None:
        """Send heartbeats, sweep and tidy regularly; runs until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(regularly, "tidying durable work", self.tidy, TIDY_S)
            tasks.start_soon(partial(regularly, "sweep", self._round, BEAT_S, first_s=BEAT_S))

    async def tidy(self) -> None:
        """Delete old, finished durable work. Raises: StoreFailed."""
        await ledger.asked(ledger.forget, self._clock() - KEPT, self._clock() - RETRIES_KEPT)

    async def _round(self) -> None:
        await self._store.servers.beat(self._clock())
        await self._store.servers.look()
        await self.sweep()

    async def aclose(self) -> None:
        """Finish running work, sign off and stop. The rest continues when a server starts."""
        if self._token is None or self._stopping.is_set():
            return
        with anyio.move_on_after(DRAIN_S):
            if self._active:
                await self._idle.wait()
        self._stopping.set()
        self.jobs.release()
        try:
            await self._store.servers.sign_off(self._clock())
        finally:
            await to_thread.run_sync(ledger.destroy)
            self._destroyed.set()
            for scope in self._running:
                scope.cancel()

    def _launch(self) -> None:
        from dbos import DBOS

        DBOS(config=self._config())

        def wrapping(name: str, *order: str) -> Callable[[str, int], None]:
            """A workflow resumes from its last finished step: see `VERSION` before changing
            this."""

            @DBOS.workflow(name=name)
            def wrap_up(conversation_id: str, revision: int) -> None:
                steps = self._named(revision)
                with self._counted():
                    if self._soundly("brief", steps["brief"], conversation_id, revision):
                        for step in order:
                            self._soundly(step, steps[step], conversation_id, revision)

            return wrap_up

        wrapping("wrap_up", "calendar", "crm", "notify", "peaks", "finish")  # the earlier order
        self._workflow = wrapping("told_and_written", *ORDER)
        self.jobs.define(self._job)
        try:
            DBOS.launch()
        except Exception as error:  # as in `ledger`: DBOS names no errors for a database
            ledger.destroy()  # else the next one of this process would open the same state
            raise ledger.unstored(error) from error
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_S)

    def _config(self) -> "DBOSConfig":
        url = system_url(self._store.url)
        if (file := sqlite_file(url)) is not None:
            make_private(file)
        return {
            "name": "voice-agent",
            "system_database_url": url,
            "sys_db_pool_size": 5,
            "application_version": VERSION,
            "executor_id": self._store.server,
            "log_level": "WARNING",
            "enable_otlp": False,
        }

    def _enqueue(self, conversation_id: str, revision: int) -> None:
        from dbos import DBOS, SetWorkflowID

        assert self._workflow is not None, "start() comes first"
        with SetWorkflowID(workflow_id(conversation_id, revision)):
            DBOS.enqueue_workflow(QUEUE, self._workflow, conversation_id, revision)

    def _step(self, name: str, step: Step, conversation_id: str) -> Any:
        """Run one step on the server's own loop, where the adapters' connections live."""
        from dbos import DBOS

        if self._stopping.is_set():
            self._destroyed.wait()  # an error before that would be recorded as the workflow's own
            raise RuntimeError("stopped")
        # In a context of its own: in DBOS's, a step could enqueue no further work.
        on_loop = partial(
            Context().run, from_thread.run, partial(self._patiently, step, conversation_id),
            token=self._token,
        )  # fmt: skip
        return DBOS.run_step({"name": name}, on_loop)

    def _named(self, revision: int) -> dict[str, Step]:
        """The steps; all but the brief run only if there is something to report."""
        steps = replace(self._steps, revision=revision)
        return {
            "brief": steps.write_brief,
            "notify": steps.tell_people,
            "calendar": partial(
                self._trying, "calendar", steps.write_calendar, steps.give_up_calendar),
            "crm": partial(self._trying, "crm", steps.write_crm, steps.give_up_crm),
            "peaks": steps.draw_recording,
            "finish": steps.finish,
        }  # fmt: skip

    def _soundly(self, name: str, step: Step, conversation_id: str, revision: int) -> Any:
        """Run a step so that a bug in it stops no other step, and it is repeated later."""

        async def sound(conversation_id: str) -> Any:
            try:
                return await step(conversation_id)
            except Exception as error:  # else DBOS would never run the wrap-up again
                if isinstance(error, StoreFailed) and error.retryable:
                    raise
                log.exception("%s of conversation %s fell over", name, conversation_id)
                await self.jobs.ask(AGAIN, f"{conversation_id}/{revision}", after_s=FELL_OVER_S)
                return True

        return self._step(name, sound, conversation_id)

    async def _again(self, key: str, tries: int) -> None:
        """Run all steps of a wrap-up, each of which is idempotent."""
        conversation_id, _, revision = key.partition("/")
        steps = self._named(int(revision))
        for name in ("brief", *ORDER):
            await steps[name](conversation_id)

    def _job(self, name: str, step: Step, key: str) -> Any:
        with self._counted():
            return self._step(name, step, key)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a workflow as running, for `aclose`, which waits until none is."""
        from_thread.run_sync(self._count, 1, token=self._token)
        try:
            yield
        finally:
            from_thread.run_sync(self._count, -1, token=self._token)

    def _count(self, change: int) -> None:
        self._active += change
        if not self._active:
            self._idle.set()
        elif self._idle.is_set():
            self._idle = anyio.Event()

    async def _patiently(self, step: Step, conversation_id: str) -> Any:
        """Retry until the database is up: an error here would end the workflow for good."""
        with anyio.CancelScope() as scope:
            self._running.append(scope)
            try:
                for pause in self._pauses():
                    try:
                        return await step(conversation_id)
                    except StoreFailed as error:
                        if not error.retryable:
                            raise
                        log.warning("wrap-up of %s waits: %s", conversation_id, error)
                    await anyio.sleep(pause)
            finally:
                self._running.remove(scope)
        raise RuntimeError("stopped")

    async def _trying(
        self,
        name: str,
        step: Step,
        give_up: Callable[[str, CrmFailed | CalendarFailed], Awaitable[None]],
        conversation_id: str,
    ) -> None:
        """Write to an external system: try at once and soon again, then leave it for later."""
        for tries, pause in enumerate(self._pauses(), start=1):
            try:
                await step(conversation_id)
                return
            except (CrmFailed, CalendarFailed) as error:
                if not error.retryable or tries == TRIES or error.after_s > LONGEST_PAUSE_S:
                    return await give_up(conversation_id, error)
                log.warning("%s write of %s failed, tried again: %s", name, conversation_id, error)
                pause = max(pause, error.after_s)
            await anyio.sleep(pause)

    def _pauses(self) -> Iterator[float]:
        return (min(self._retry_s * 2**n, LONGEST_PAUSE_S) for n in count())


def workflow_id(conversation_id: str, revision: int = 0) -> str:
    """One wrap-up per conversation and revision."""
    return f"wrapup-{conversation_id}-{revision}" if revision else f"wrapup-{conversation_id}"
