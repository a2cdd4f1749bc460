"""`Enrolment`: enrols buyers who are not ready, releases those who come back, reminds when due.

The list is our own; an external system is sent each change until it has it.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from core.clock import Clock
from core.nurture import Lead, lead_of, never, words
from core.ports import Matter, Notify
from core.store.nurture_tables import NurtureRow
from core.store.nurturing import BACK, ERASED_WHY, Nurturing
from knowledge.profile import Company
from voice_agent.nurture.ports import Nurture, NurtureFailed
from voice_agent.patience import TWO_DAYS
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
DUE, TELL = "nurture-due", "nurture-tell"
SOON_S = 1.0
LATELY = timedelta(days=2)
"""Rows older than this were enqueued by an earlier sweep."""


class Enrolment:
    """Durable jobs on the list. `other` is None when no external system is set up."""

    def __init__(
        self,
        nurturing: Nurturing,
        other: Nurture | None,
        notify: Notify,
        jobs: DurableJobs,
        company: Callable[[], Company],
        pages: Callable[[], Mapping[str, str]],
        clock: Clock,
    ) -> None:
        self._list = nurturing
        self._other = other
        self._notify = notify
        self._company = company
        self._pages = pages
        self._clock = clock
        self._jobs = jobs
        jobs.serve(DUE, self.due)
        jobs.serve(TELL, self.tell)

    async def begin(self) -> None:
        """Enqueue what a dead server or an erasure left behind. Raises: StoreFailed."""
        since = self._clock() - LATELY
        for conversation_id, status in await self._list.unsettled(self._other is not None, since):
            await self._ask(conversation_id, status)

    async def finished(self, document: Mapping[str, Any]) -> None:
        """Act on a conversation by its document; idempotent. Raises: StoreFailed."""
        at = self._clock()
        for earlier in await self._list.came_back(document["id"]):
            await self.leave(earlier, BACK)
        lead = lead_of(document, self._company(), self._pages(), at)
        if lead is not None:
            row = await self._list.enrol(lead, never(lead, self._company()), at)
            await self._ask(row.conversation_id, row.status)
        elif document["verdict"]["result"] != "insufficient":
            await self.leave(document["id"], f"is {document['verdict']['result']} now")

    async def leave(self, conversation_id: str, why: str) -> bool:
        """Stop keeping in touch; False when we were not. Raises: StoreFailed."""
        left = await self._list.change(conversation_id, "left", why, self._clock())
        if left:
            await self._ask(conversation_id, "left")
        return left

    async def _ask(self, conversation_id: str, status: str) -> None:
        if self._other is not None and status != "suppressed":
            await self._jobs.ask(TELL, f"{status}/{conversation_id}")
        row = await self._list.get(conversation_id) if status == "enrolled" else None
        if row is not None:
            wait = (row.re_engage_on - self._clock()).total_seconds()
            await self._jobs.ask(DUE, conversation_id, after_s=max(wait, 0.0))

    async def due(self, conversation_id: str, tries: int) -> float | None:
        """Remind the owner to contact the buyer again; a job. Raises: StoreFailed, NotifyFailed."""
        row = await self._list.get(conversation_id)
        if row is None or row.status != "enrolled":
            return None
        if why := await self._list.suppressed(row):
            await self.leave(conversation_id, why)
            return None
        owner = self._company().owner(row.owner)
        if owner is not None:
            told = "\n".join(words(_lead(row)))
            matter = Matter(
                "nurture-due", f"nurture:{conversation_id}", "Time to come back to a buyer", told,
                about=conversation_id, conversation_id=conversation_id,
            )  # fmt: skip
            await self._notify.tell(owner, matter)
        await self._list.change(conversation_id, "due", "", self._clock(), ("enrolled",))
        await self._ask(conversation_id, "due")
        return None

    async def tell(self, key: str, tries: int) -> float | None:
        """Send the external system an enrolment's state; a job. Raises: StoreFailed."""
        _, _, conversation_id = key.partition("/")
        row = await self._list.get(conversation_id)
        if row is None or self._other is None or row.synced == row.status:
            return None
        try:
            await self._other.put(row)
        except NurtureFailed as error:
            await self._list.told(row, str(error)[:300])
            pause_s = TWO_DAYS.after(tries, error.after_s) if error.retryable else None
            if pause_s is None and (error.retryable or row.why == ERASED_WHY):
                pause_s = TWO_DAYS.pauses_s[-1]  # nobody else would tell it; an erasure must be
            if pause_s is None:
                log.error("nurture of a conversation was not told: %s", error)
            else:
                log.warning("nurture waits: %s", error)
            return pause_s
        return None if await self._list.told(row, "") else SOON_S


def _lead(row: NurtureRow) -> Lead:
    return Lead(
        row.conversation_id, row.name, row.company, row.email, row.phone, row.owner, row.reason,
        tuple(row.resources), row.re_engage_on,
    )  # fmt: skip
