"""`Keeper`: deletes once a day what the company no longer wants kept.

A day's round is a durable job that enqueues the next day's. It looks everything up afresh, in small
commits, so it may be interrupted anywhere and repeated.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial

from anyio import to_thread
from prometheus_client import CollectorRegistry, Counter

from core.clock import Clock
from core.store.erasing import Erasure, names_of
from core.store.expiring import What, due, expire, expire_mails, persons_due
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.privacy.ports import Forgets
from voice_agent.rounds import each
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
KIND = "retention"
LANE = "retention"
AT = time(3, 30)
"""Start of the day's round, UTC."""
BATCH = 100


class Keeper:
    """Deletes what is due. All raise StoreFailed."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        forgets: Forgets,
        jobs: DurableJobs,
        company: Callable[[], Company],
        clock: Clock,
        registry: CollectorRegistry,
    ) -> None:
        self._store = store
        self._archive = archive
        self._forgets = forgets
        self._company = company
        self._clock = clock
        self._jobs = jobs
        jobs.serve(KIND, self._round)
        self._deleted = Counter(
            "voice_agent_retention_deleted", "Conversations, persons and mails whose time was over",
            ["what"], registry=registry,
        )  # fmt: skip

    async def begin(self) -> None:
        """Schedule daily rounds, beginning today."""
        await self._jobs.ask(KIND, self._clock().date().isoformat())

    async def _round(self, day: str, tries: int) -> float | None:
        counts = await self.tidy()
        if any(counts.values()):
            log.info("deleted what was due", extra={"day": day, **counts})
        now = self._clock()
        then = datetime.combine(now.date() + timedelta(days=1), AT, UTC)
        wait_s = max(0.0, (then - now).total_seconds())
        await self._jobs.ask(KIND, then.date().isoformat(), after_s=wait_s)
        return None

    async def tidy(self) -> dict[str, int]:
        """Delete everything due now; returns counts by kind."""
        kept, now = self._company().retention, self._clock()
        counts = {"audio": 0, "words": 0, "consent": 0, "mail": 0, "contact": 0}
        if kept.contact_days:  # first: it deletes the rest with it
            counts["contact"] = await self._persons(now - timedelta(days=kept.contact_days))
        times: tuple[tuple[What, int], ...] = (
            ("audio", kept.audio_days), ("words", kept.words_days), ("consent", kept.consent_days),
        )  # fmt: skip
        for what, days in times:
            if days:
                counts[what] = await self._conversations(what, now - timedelta(days=days))
        if kept.mail_days:
            counts["mail"] = await self._mails(now - timedelta(days=kept.mail_days))
        for name, count in counts.items():
            self._deleted.labels(name).inc(count)
        if any(counts.values()):
            await self._store.scrub()
        return counts

    async def _conversations(self, what: What, before: datetime) -> int:
        gone: list[str] = []
        delete = partial(self._expire, what, gone)
        while found := await self._store.query(lambda c: due(c, what, before, BATCH)):
            if await each(f"deleting {what} that is due", found, delete) == len(found):
                break  # the next round retries these
        return len(gone)

    async def _expire(self, what: What, gone: list[str], conversation_id: str) -> None:
        if what == "audio":
            await self._delete_recording(conversation_id)
        at, server = self._clock(), self._store.server
        work = partial(expire, conversation_id=conversation_id, what=what, server=server, at=at)
        if await self._store.write(conversation_id, work):
            gone.append(conversation_id)

    async def _delete_recording(self, conversation_id: str) -> None:
        for name in await self._store.query(lambda c: names_of(c, conversation_id)):
            await to_thread.run_sync(self._archive.delete, name)

    async def _mails(self, before: datetime) -> int:
        count = 0
        while n := await self._store.write(LANE, lambda c: expire_mails(c, before, BATCH)):
            count += n
        return count

    async def _persons(self, before: datetime) -> int:
        count, seen = 0, set[str]()

        async def forget(person: str) -> None:
            nonlocal count
            done = await self._forgets.erase(person, "retention", "retention")
            count += isinstance(done, Erasure)

        while found := await self._store.query(lambda c: persons_due(c, before, BATCH)):
            new = [person for person in found if person not in seen]
            seen.update(new)
            await each("forgetting who is due", new, forget)
            if not new:
                break
        return count
