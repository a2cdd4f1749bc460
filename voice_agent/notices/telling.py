"""`Telling`: puts notices in the inbox at once, and delivers them on every other channel.

A refused delivery is retried for two days, with the delays the channel asks for; then it shows in
the inbox as dead. A crash right after a delivery may repeat it.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from core.clock import Clock
from core.errors import NotifyFailed, StoreFailed
from core.handoff.matter import matter_of, meeting_matter
from core.ports import Matter
from core.privacy.erasure import ERASED
from core.store.notices import Notices
from knowledge.profile import Company, Rep, Steward
from voice_agent.notices.ports import NotDelivered, Way
from voice_agent.patience import TWO_DAYS
from voice_agent.workflows.ports import PEOPLE, DurableJobs

log = logging.getLogger(__name__)
JOB, SHOW = "notice", "notice-again"


class Telling:
    """Implements `core.ports.Notify`."""

    def __init__(
        self,
        notices: Notices,
        ways: Sequence[Way],
        jobs: DurableJobs,
        company: Callable[[], Company],
        clock: Clock,
        public_url: str = "",
    ) -> None:
        self._notices = notices
        self._ways = {way.name: way for way in ways}
        self._company = company
        self._clock = clock
        self._public_url = public_url
        self._jobs = jobs
        jobs.serve(JOB, self.work, PEOPLE)
        jobs.serve(SHOW, self.show_again, PEOPLE)

    async def begin(self) -> None:
        """Enqueue the deliveries that a crash left behind. Raises: StoreFailed."""
        for notice, way in await self._notices.waiting():
            await self._jobs.ask(JOB, f"{notice}/{way}")

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        """Notify a person; returns once the notice is stored. Raises: NotifyFailed."""
        try:
            await self._keep(person, matter)
        except StoreFailed as error:
            raise NotifyFailed(f"the inbox cannot be reached: {error}") from error

    async def lead(self, document: dict[str, Any]) -> None:
        """Notify the owner of a lead, by the conversation's document, and a meeting's rep of its
        change. Raises: StoreFailed."""
        company = self._company()
        for about in (matter_of, meeting_matter):
            found = about(document, company, self._public_url)
            if found is not None and (person := company.owner(found[0])) is not None:
                await self._keep(person, found[1])

    async def _keep(self, person: Rep | Steward, matter: Matter) -> None:
        ways = [name for name, way in self._ways.items() if way.reaches(person.id)]
        made = await self._notices.keep(person.id, matter, self._clock(), ways)
        for name in ways:
            await self._jobs.ask(JOB, f"{made}/{name}")
        log.info("%s for %s", matter.kind, person.id, extra={"about": matter.about})

    async def again(self, notice: str, way: str, attempt: str) -> bool:
        """Retry a delivery if it is dead; False when it is not."""
        revived = {"status": "queued", "why": "", "at": self._clock()}
        if not await self._notices.change(notice, way, revived, was="dead"):
            return False
        await self._jobs.ask(JOB, f"{notice}/{way}/{attempt}")
        return True

    async def changed(self, conversation_id: str, change: str) -> None:
        """Update a conversation's delivered notices, on channels that can. Raises: StoreFailed."""
        for name in self._ways:
            for sent in await self._notices.sent_of(conversation_id, name):
                if sent.ref:
                    await self._jobs.ask(SHOW, f"{sent.notice_id}/{name}/{change}")

    async def work(self, key: str, tries: int) -> float | None:
        """Deliver a notice on one channel; a job. Raises: StoreFailed."""
        notice_id, name, *_ = key.split("/")
        delivery = await self._notices.delivery(notice_id, name)
        notice = await self._notices.get(notice_id)
        way = self._ways.get(name)
        if delivery is None or notice is None or delivery.status != "queued":
            return None
        if notice.title == ERASED:  # its person was forgotten before it was delivered
            await self._notices.change(notice_id, name, {"status": "erased", "at": self._clock()})
            return None
        try:
            if way is None:  # it was when the notice was stored
                raise NotDelivered(f"{name} is not set up")
            ref = await way.deliver(notice, {})
        except NotDelivered as error:
            return await self._refused(notice_id, name, error, tries)
        sent = {"status": "sent", "tries": tries + 1, "why": "", "ref": dict(ref)}
        await self._notices.change(notice_id, name, {**sent, "at": self._clock()})
        return None

    async def show_again(self, key: str, tries: int) -> float | None:
        """Update a delivered notice on one channel; a job. Raises: StoreFailed."""
        notice_id, name, *_ = key.split("/")
        delivery = await self._notices.delivery(notice_id, name)
        notice = await self._notices.get(notice_id)
        way = self._ways.get(name)
        if delivery is None or notice is None or way is None or not delivery.ref:
            return None
        try:
            await way.deliver(notice, delivery.ref)
        except NotDelivered as error:
            pause_s = TWO_DAYS.after(tries, error.after_s) if error.retryable else None
            if pause_s is not None:
                return pause_s
            log.error("%s does not show a change: %s", name, error)
        return None

    async def _refused(
        self, notice: str, way: str, error: NotDelivered, tries: int
    ) -> float | None:
        pause_s = TWO_DAYS.after(tries, error.after_s) if error.retryable else None
        if pause_s is not None:
            log.warning("a notice waits for %s: %s", way, error, extra={"notice": notice})
            await self._notices.change(notice, way, {"tries": tries + 1, "why": str(error)[:300]})
            return pause_s
        log.error("a notice could not be told by %s: %s", way, error, extra={"notice": notice})
        dead = {"status": "dead", "tries": tries + 1, "why": str(error)[:300]}
        await self._notices.change(notice, way, {**dead, "at": self._clock()})
        return None
