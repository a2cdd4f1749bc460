"""`Tracing`: conversations as OpenTelemetry traces once they are written up; off by default.

Nothing is measured for it: a trace is read off the log afterwards. An unreachable collector costs a
call nothing; its backlog is bounded, and the excess lost.
"""

import logging
import platform
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Protocol

import anyio
from prometheus_client import CollectorRegistry, Counter

from core.events import Logged
from core.projections.spans import Trace, trace
from voice_agent.adapters.otlp import CollectorFailed, OtlpCollector, headers_of
from voice_agent.config import Settings

log = logging.getLogger(__name__)
MOST_WAITING = 1000
"""Conversations waiting for the collector; beyond this the oldest are dropped."""
AT_ONCE = 20
TRIES, PAUSE_S = 3, 5.0
GATHER_S = 1.0
"""Conversations that end within this are sent together."""
FAREWELL_S = 2.0
"""How long a stopping server gives the collector for the rest."""


class Collector(Protocol):
    """Where traces go."""

    async def send(self, traces: Sequence[Trace]) -> None:
        """Send these. Raises: CollectorFailed."""

    async def aclose(self) -> None:
        """Close the connection."""


Read = Callable[[str], Awaitable[list[Logged]]]


class Tracing:
    """Sends what it is offered while `run` runs; does nothing without a collector."""

    def __init__(
        self, collector: Collector | None, read: Read, registry: CollectorRegistry
    ) -> None:
        self._collector = collector
        self._read = read
        self._waiting: deque[str] = deque()
        self._news = anyio.Event()
        self._sent = Counter(
            "voice_agent_traces", "Conversations as traces for the collector, by what became of it",
            ["outcome"], registry=registry,
        )  # fmt: skip

    def offer(self, conversation_id: str) -> None:
        """Queue a conversation that was written up; never waits."""
        if self._collector is None or conversation_id in self._waiting:
            return
        self._waiting.append(conversation_id)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._sent.labels("lost").inc()
        self._news.set()

    async def run(self) -> None:
        """Send until cancelled."""
        if self._collector is None:
            return
        while True:
            await self._news.wait()
            self._news = anyio.Event()
            await anyio.sleep(GATHER_S)
            while self._waiting:
                await self._send_some(self._collector)

    async def aclose(self) -> None:
        """Send the rest, briefly."""
        if self._collector is None:
            return
        with anyio.move_on_after(FAREWELL_S, shield=True):
            while self._waiting:
                await self._send_some(self._collector, tries=1)
        await self._collector.aclose()

    async def _send_some(self, collector: Collector, tries: int = TRIES) -> None:
        some = [self._waiting[n] for n in range(min(AT_ONCE, len(self._waiting)))]
        outcome = await self._delivered(collector, await self._made(some), tries)
        for conversation_id in some:
            if conversation_id in self._waiting:
                self._waiting.remove(conversation_id)
                self._sent.labels(outcome).inc()

    async def _made(self, some: Sequence[str]) -> list[Trace]:
        found = []
        for conversation_id in some:
            try:
                made = trace(conversation_id, await self._read(conversation_id))
            except Exception:
                log.exception("conversation %s is not traced", conversation_id)
                continue
            if made is not None:
                found.append(made)
        return found

    async def _delivered(self, collector: Collector, made: list[Trace], tries: int) -> str:
        for n in range(tries):
            try:
                if made:
                    await collector.send(made)
                return "sent"
            except CollectorFailed as error:
                log.warning("traces are not taken: %s", error)
                if not error.retryable:
                    break
                if n + 1 < tries:
                    await anyio.sleep(PAUSE_S)
        return "lost"


@asynccontextmanager
async def traces_of(
    settings: Settings, read: Read, registry: CollectorRegistry
) -> AsyncIterator[Callable[[str], None]]:
    """The callback for each conversation that is written up, while tracing runs."""
    made = Tracing(_collector(settings), read, registry)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(made.run)
        yield made.offer
        tasks.cancel_scope.cancel()
    await made.aclose()


def _collector(settings: Settings) -> Collector | None:
    if not settings.otlp_endpoint:
        return None
    headers = headers_of(settings.otlp_headers.get_secret_value())
    resource = {
        "service.name": settings.otel_service_name, "service.version": version("voice-agent"),
        "host.name": platform.node(),
    }  # fmt: skip
    return OtlpCollector(settings.otlp_endpoint, headers, resource)
