"""`Watch`: the server's own health, for admission and for alerts.

The loop's lag is what every call feels; unfinished wrap-ups are what reps wait for.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

import anyio
import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Gauge, Histogram

from core.clock import Clock
from core.errors import StoreFailed
from core.store.store import Store
from core.store.tables import ConversationRow
from voice_agent.rounds import regularly
from voice_agent.server.headroom import EVERY_S, Headroom, Sample

log = logging.getLogger(__name__)
LAG_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)
COMMIT_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
STORE_EVERY_S = 15.0
LEFT_OVER = timedelta(minutes=5)
"""A conversation that ended this long ago should have been written up."""

_conversation = ConversationRow.__table__


class Watch:
    """Measures while it runs; `run` ends only by being cancelled."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        registry: CollectorRegistry,
        max_calls: int,
        headroom: Headroom,
        load: Callable[[], tuple[int, int]],
    ) -> None:
        """`load`: calls in progress, and frames of speech sent late since the start."""
        self._store = store
        self._clock = clock
        self._headroom = headroom
        self._load = load
        prefix = "voice_agent_"
        self._lag = Histogram(
            prefix + "loop_lag_seconds", "How late the event loop was for a timer",
            buckets=LAG_BUCKETS_S, registry=registry,
        )  # fmt: skip
        self._busy = Gauge(
            prefix + "loop_busy_ratio", "Share of the last five seconds in which the loop computed",
            registry=registry, multiprocess_mode="livemax",
        )  # fmt: skip
        self._room = Gauge(
            prefix + "headroom", "Whether the loop has room for further calls",
            registry=registry, multiprocess_mode="livemin",
        )  # fmt: skip
        commits = Histogram(
            prefix + "store_commit_seconds", "How long the only writer took for a commit",
            buckets=COMMIT_BUCKETS_S, registry=registry,
        )  # fmt: skip
        store.measure(commits.observe)
        self._left = Gauge(
            prefix + "wrap_ups_overdue",
            "Conversations that ended over five minutes ago and are not written up",
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        self._reachable = Gauge(
            prefix + "database_up", "Whether the database answered when last asked",
            registry=registry, multiprocess_mode="livemin",
        )  # fmt: skip
        Gauge(
            prefix + "calls_limit", "Calls this server takes at once", registry=registry,
            multiprocess_mode="livesum",
        ).set(max_calls)  # fmt: skip

    async def run(self) -> None:
        """Sample the loop continuously, the database now and then."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch_loop)
            tasks.start_soon(
                regularly, "looking at the database", self._look_at_store, STORE_EVERY_S
            )

    async def _watch_loop(self) -> None:
        computed, wall, (_, late) = time.thread_time(), time.perf_counter(), self._load()
        while True:
            due = anyio.current_time() + EVERY_S
            await anyio.sleep_until(due)
            lag_s = max(0.0, anyio.current_time() - due)
            self._lag.observe(lag_s)
            computed_before, wall_before, late_before = computed, wall, late
            computed, wall, (calls, late) = time.thread_time(), time.perf_counter(), self._load()
            busy = (computed - computed_before) / max(1e-3, wall - wall_before)
            self._judge(Sample(lag_s, busy, late - late_before, calls))

    def _judge(self, sample: Sample) -> None:
        room = self._headroom
        if room.feed(sample):
            told = f"no further calls for now: {room.why}" if room.why else "calls are taken again"
            log.warning("%s; %d going on", told, sample.calls)
        self._busy.set(room.busy)
        self._room.set(room.why is None)

    async def _look_at_store(self) -> None:
        try:
            self._left.set(await self._store.query(self._overdue))
            if lost := self._store.lost:
                raise StoreFailed(lost)
        except StoreFailed:
            self._reachable.set(0)
            raise
        self._reachable.set(1)

    def _overdue(self, connection: sa.Connection) -> int:
        ended = _conversation.c.ended_at
        query = (
            sa.select(sa.func.count())
            .select_from(_conversation)
            .where(_conversation.c.wrapped_up_at.is_(None), ended < self._clock() - LEFT_OVER)
        )
        return int(connection.execute(query).scalar_one())
