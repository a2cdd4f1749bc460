"""`Sending`: delivers every subscribed fact, in order within its conversation.

Facts are queued by their place in the log as soon as they are committed; those a crash left out are
found again by that place. An endpoint that does not answer gets the rest of a conversation later,
after what it missed; after two days a fact is dead and listed, and the next one is sent. During an
outage one conversation at a time finds out whether it is over: for the others a try passes without
a request. A fact sent but not recorded because of a crash is sent twice, under the same id.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

import anyio
import httpx

from core.clock import Clock
from core.errors import StoreFailed
from core.projections.outgoing import told
from core.store.outgoing import LANE, Outgoing, Run
from core.store.webhook_tables import WebhookDeliveryRow
from voice_agent.patience import TWO_DAYS, asked_s
from voice_agent.rounds import regularly
from voice_agent.webhooks.signing import signed
from voice_agent.workflows.ports import WEBHOOKS, DurableJobs

log = logging.getLogger(__name__)
JOB = "webhook"
LOOK_S, SWEEP_S, OWED_S, TIDY_S = 0.3, 60.0, 900.0, 86_400.0
TIMEOUT_S = 15.0
LONGEST_DOWN = 3
"""Which of the pauses is the longest between two requests to an endpoint that does not answer."""
RUN = 50
"""Facts sent per job: other conversations are waiting too."""
SOON_S = 1.0
LATELY = timedelta(days=3)
"""Age of the conversations that every sweep looks at; older ones are looked at once a day."""
KEPT = timedelta(days=30)
"""How long deliveries stay listed."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook endpoint."""

    id: str
    url: str
    key: bytes


@dataclass(frozen=True, slots=True)
class _Outage:
    """An endpoint that did not answer `failures` times in a row is left alone until an instant."""

    until: datetime
    failures: int


class Sending:
    """Delivers facts. `committed` may be called from any thread."""

    def __init__(
        self,
        outgoing: Outgoing,
        endpoints: Sequence[Endpoint],
        client: httpx.AsyncClient,
        jobs: DurableJobs,
        clock: Clock,
        public_url: str = "",
    ) -> None:
        self._outgoing = outgoing
        self._endpoints = {endpoint.id: endpoint for endpoint in endpoints}
        self._client = client
        self._clock = clock
        self._public_url = public_url
        self._jobs = jobs
        jobs.serve(JOB, self.work, WEBHOOKS)
        self._new: set[str] = set()
        self._lock = Lock()
        self._down: dict[str, _Outage] = {}

    async def begin(self) -> None:
        """Note where new endpoints start, and queue what was left. Raises: StoreFailed."""
        await self._outgoing.begin(self._clock())
        await self._tidy()
        await self._owed()

    async def _tidy(self) -> None:
        """Queue what is left of any age, and delete what was delivered long ago."""
        await self._outgoing.prune(self._clock() - KEPT)
        await self._feed(await self._outgoing.behind())

    async def _owed(self) -> None:
        await self._ask(await self._outgoing.owed())

    def committed(self, lanes: Sequence[str]) -> None:
        """These lanes have new facts in the database; a conversation's lane is its id."""
        with self._lock:
            self._new.update(lane for lane in lanes if lane != LANE)

    async def watch(self) -> None:
        """Queue new facts at once, and those a dead server left within a minute."""
        async with anyio.create_task_group() as tasks:
            for what, work, every_s in (
                ("new webhooks", self.look, LOOK_S),
                ("webhooks that were left", self.sweep, SWEEP_S),
                ("webhooks that are owed", self._owed, OWED_S),
                ("webhooks of long ago", self._tidy, TIDY_S),
            ):
                tasks.start_soon(partial(regularly, what, work, every_s, first_s=every_s))

    async def look(self) -> None:
        """Queue what has been committed since. Raises: StoreFailed."""
        with self._lock:
            new, self._new = self._new, set()
        try:
            if new:
                await self._feed(await self._outgoing.behind(new))
        except StoreFailed:
            self.committed(list(new))
            raise

    async def sweep(self) -> None:
        """Queue what no server has queued of lately. Raises: StoreFailed."""
        await self._feed(await self._outgoing.behind(since=self._clock() - LATELY))

    async def again(self, endpoint: str, conversation_id: str, seq: int) -> bool:
        """Send a fact again; False when it was never due. Raises: StoreFailed."""
        run = await self._outgoing.again(endpoint, conversation_id, seq)
        self._down.pop(endpoint, None)
        await self._ask([run] if run else [])
        return run is not None

    async def revive(self, endpoint: str) -> int:
        """Send everything again that an endpoint did not take in two days; returns of how many
        conversations. Raises: StoreFailed."""
        count = 0
        self._down.pop(endpoint, None)
        while runs := await self._outgoing.revive(endpoint):
            await self._ask(runs)
            count += len(runs)
        return count

    @property
    def endpoints(self) -> Sequence[str]:
        """The ids of the endpoints there are."""
        return tuple(self._endpoints)

    async def _feed(self, conversations: Sequence[str]) -> None:
        waiting = list(conversations)
        while waiting:
            for conversation_id in waiting:
                await self._ask(await self._outgoing.feed(conversation_id, self._clock()))
            waiting = await self._outgoing.behind(waiting)

    async def _ask(self, runs: Sequence[Run]) -> None:
        for run in runs:
            await self._jobs.ask(JOB, f"{run.endpoint}/{run.generation}/{run.conversation_id}")

    async def work(self, key: str, tries: int) -> float | None:
        """Send a conversation's queued facts; a job. Raises: StoreFailed."""
        name, generation, conversation_id = key.split("/", 2)
        run = Run(name, int(generation), conversation_id)
        for _ in range(RUN):
            row = await self._outgoing.next(run)
            if row is not None:
                pause = await self._deliver(row)
                if pause is not None:
                    return pause
            elif await self._outgoing.rest(run):
                return None
        return SOON_S

    async def _deliver(self, row: WebhookDeliveryRow) -> float | None:
        """Send one; returns seconds until a retry."""
        endpoint = self._endpoints.get(row.endpoint)
        if endpoint is None:
            await self._dead(row, "this address is not in company.yaml any more")
            return None
        if self._left_alone_s(endpoint) > 0:
            return await self._put_off(row, endpoint, row.why or "it did not answer a moment ago")
        logged = await self._outgoing.fact(row)
        if logged is None:
            await self._dead(row, "the fact is not there any more")
            return None
        body = json.dumps(told(logged, self._public_url), separators=(",", ":")).encode()
        why, wait = await self._post(endpoint, f"{row.conversation_id}.{row.seq}", body)
        if not why:
            self._down.pop(endpoint.id, None)
            await self._outgoing.settle(
                row, status="sent", tries=row.tries + 1, why="", sent_at=self._clock()
            )
            return None
        if wait is None:
            await self._dead(row, why)
            return None
        self._failed(endpoint, wait)
        return await self._put_off(row, endpoint, why)

    def _failed(self, endpoint: Endpoint, asked_s: float) -> None:
        """Leave an endpoint alone for longer with each failure, and as long as it asks."""
        failures = self._down[endpoint.id].failures if endpoint.id in self._down else 0
        pause_s = TWO_DAYS.after(min(failures, LONGEST_DOWN), asked_s)
        until = self._clock() + timedelta(seconds=pause_s or 0.0)
        self._down[endpoint.id] = _Outage(until, failures + 1)

    def _left_alone_s(self, endpoint: Endpoint) -> float:
        outage = self._down.get(endpoint.id)
        return (outage.until - self._clock()).total_seconds() if outage else 0.0

    async def _put_off(self, row: WebhookDeliveryRow, endpoint: Endpoint, why: str) -> float | None:
        """Count a try in vain; returns seconds until the next, None when it was the last."""
        pause_s = TWO_DAYS.after(row.tries)
        if pause_s is None:
            await self._dead(row, why)
            return None
        await self._outgoing.settle(row, tries=row.tries + 1, why=why[:300])
        log.warning("%s was not told of %s: %s", endpoint.id, row.kind, why)
        return max(pause_s, self._left_alone_s(endpoint))

    async def _dead(self, row: WebhookDeliveryRow, why: str) -> None:
        log.error("%s is not told of %s: %s", row.endpoint, row.kind, why)
        await self._outgoing.settle(row, status="dead", tries=row.tries + 1, why=why[:300])

    async def _post(
        self, endpoint: Endpoint, message_id: str, body: bytes
    ) -> tuple[str, float | None]:
        """The error, empty on success, and the least delay of a retry; None for no retry."""
        headers = {
            "content-type": "application/json",
            **signed(endpoint.key, message_id, self._clock(), body),
        }
        try:
            with anyio.fail_after(TIMEOUT_S):
                answer = await self._client.post(endpoint.url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return f"{type(error).__name__}: {error}", 0.0
        if answer.is_success:
            return "", 0.0
        gone = answer.status_code == httpx.codes.GONE
        wait_s = None if gone else asked_s(answer.headers, self._clock())
        return f"it answered {answer.status_code}", wait_s
