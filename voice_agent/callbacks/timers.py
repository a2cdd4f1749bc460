"""`CallbackTimers`: makes sure that promised calls are kept, on durable timers.

A timer that fires computes what is due at that moment, so firing late, twice or on another server
does no harm. Notices to people are stored first and sent until delivered.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from core.callbacks.dial import Not
from core.callbacks.due import Break, Dial, Escalate, HandOn, Remind, Step, due
from core.callbacks.notice import matter
from core.callbacks.record import Promise
from core.clock import Clock
from core.errors import NotifyFailed
from core.events import Flagged
from core.ports import Notify
from core.store.store import Store
from knowledge.profile import Company, Rep, Steward
from voice_agent.callbacks.ports import Dials
from voice_agent.rounds import regularly
from voice_agent.workflows.ports import PEOPLE, DurableJobs

log = logging.getLogger(__name__)
KIND = "callback"
LOOK_S = 5.0
"""Interval between looks for new promises, from whatever channel and server."""
LATE = timedelta(seconds=90)
"""A timer overdue by this was lost, or the clock jumped."""
AGAIN_S = 60.0
"""Delay before a failed notice is retried."""
MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class CallbackTimers:
    """Keeps the promises of one company."""

    store: Store
    notify: Notify
    company: Callable[[], Company]
    clock: Clock
    jobs: DurableJobs
    dials: Dials | None = None
    """Places the agent's own calls; None: it cannot, and people call."""
    public_url: str = ""

    def __post_init__(self) -> None:
        self.jobs.serve(KIND, self.work, PEOPLE)

    async def watch(self) -> None:
        """Set timers for new promises; runs until cancelled."""
        await regularly("looking after promised calls", self.plan, LOOK_S)

    async def plan(self) -> None:
        """Enqueue jobs for promises that have none, or whose timer did not fire."""
        now = self.clock()
        for callback_id, version in await self.store.callbacks.unplanned(now, LATE):
            await self.jobs.ask(KIND, f"{callback_id}/{version}/{_minute(now)}")
            await self.store.callbacks.planned(callback_id, version, now)

    async def work(self, key: str, tries: int) -> float | None:
        """A timer fired; a job. Raises: StoreFailed."""
        callback_id, version, _ = key.split("/")
        for _ in range(MOST_STEPS):
            found = await self.store.callbacks.standing(callback_id)
            if found is None or found[0].version != int(version):
                return None
            promise, barred = found
            now = self.clock()
            next_one = due(promise, now, self.company(), barred=barred)
            if next_one.step is None:
                break
            await self._do(next_one.step, promise, now)
        told = await self._tell(callback_id)
        if next_one.again is not None:
            await self.store.callbacks.planned(callback_id, int(version), next_one.again)
            after_s = max(0.0, (next_one.again - self.clock()).total_seconds())
            key = f"{callback_id}/{version}/{next_one.again.timestamp():.0f}"
            await self.jobs.ask(KIND, key, after_s=after_s)
        return None if told else AGAIN_S

    async def _do(self, step: Step, promise: Promise, now: datetime) -> None:
        callbacks, rules = self.store.callbacks, self.company().callbacks
        above = rules.escalate_to or self.company().default_owner
        match step:
            case Remind():
                await callbacks.remind(promise, now, promise.claimed_by or promise.owner)
            case Escalate():
                await callbacks.escalate(promise, now, above)
            case HandOn(why):
                await callbacks.hand_on(promise, now, why, promise.owner)
            case Break():
                if await callbacks.lapse(promise, now, above):
                    await self._flag(promise, now)
            case Dial():
                refused = await self.dials.dial(promise.id) if self.dials else Not("off")
                if refused is not None and refused.again is None:
                    await callbacks.hand_on(promise, now, refused.reason, promise.owner)
            case _:
                assert_never(step)

    async def _flag(self, promise: Promise, now: datetime) -> None:
        """Flag the conversation in which it was promised, once per window."""
        row = await self.store.callbacks.get(promise.id)
        if row is not None and "callback_overdue" not in self.company().flags.off:
            note = f"{promise.owner} was to call {row['said']}"
            flag = Flagged("callback_overdue", row["turn"], 0, note)
            key = f"callback:broken:{promise.version}"
            await self.store.log.append_once(row["conversation_id"], now, [flag], key)

    async def _tell(self, callback_id: str) -> bool:
        """Send people their pending notices; False when one could not be delivered."""
        row, now = await self.store.callbacks.get(callback_id), self.clock()
        for event in await self.store.callbacks.untold(callback_id):
            assert row is not None, "what has a history is there"
            person = self._person(event.tells)
            news = matter(
                row, event.kind, event.seq, event.note, person, self.company(), now, self.public_url
            )
            try:
                await self.notify.tell(person, news)
            except NotifyFailed as error:
                log.warning("nobody told of a promised call: %s", error, extra={"id": callback_id})
                return False
            await self.store.callbacks.told(callback_id, event.seq, now)
        return True

    def _person(self, named: str) -> Rep | Steward:
        """A team member; the default owner in place of one who has left."""
        person = self.company().owner(named)
        assert person is not None, "the default owner is one of the team"
        return person


def _minute(now: datetime) -> str:
    """A key for the look, so that servers looking at the same time enqueue one job."""
    return f"look{now.timestamp() // 60:.0f}"
