"""What happens after a conversation, in idempotent steps.

Every step reads the log, does one thing, and appends the result under a key of its own, so a step
interrupted after its effect is not recorded twice. `durable` runs them in order.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.clock import Clock
from core.crm.sync import CrmSync
from core.errors import CalendarFailed, CrmFailed
from core.events import Fact, Flagged, MeetingRecorded, Noted
from core.facts.standing import every, meeting, unmerged
from core.flags.rules import flagged
from core.handoff.brief import brief
from core.handoff.meeting import TOLD, entry
from core.projections.document import document
from core.scheduling.ports import Calendar
from core.store.bookings import elsewhere
from core.store.forgotten import among
from core.store.store import Store
from knowledge.profile import Company

log = logging.getLogger(__name__)

Notify = Callable[[dict[str, Any]], Awaitable[None]]
"""Notifies people of a finished conversation by its document; idempotent per id."""
Draw = Callable[[str], Awaitable[None]]
"""Prepares a recording's waveform; idempotent."""
AskLater = Callable[[str, float], Awaitable[None]]
"""Enqueues a key (a conversation's id, and what distinguishes its tries) after so many seconds."""


@dataclass(frozen=True, slots=True)
class WrapUp:
    """The steps, with what they work on. All run on the server's event loop."""

    store: Store
    crm: CrmSync
    clock: Clock
    company: Callable[[], Company | None] = lambda: None
    notify: Notify | None = None
    calendar: Calendar | None = None
    later: AskLater | None = None
    """Writes a conversation's records later; without it nothing is retried."""
    calendar_later: AskLater | None = None
    """The same for its meeting."""
    draw: Draw | None = None
    """Prepares the waveform of a conversation's recording."""
    traced: Callable[[str], None] | None = None
    """Called with a conversation for which nothing is left to do."""
    revision: int = 0
    """The turn up to which an ongoing written conversation is written up; 0: its end."""

    async def write_brief(self, conversation_id: str) -> bool:
        """Flag what a person should look at, and fix the rep's brief as of now.

        False when nothing is known of the conversation.
        """
        facts = await self._facts(conversation_id)
        if not facts:
            return False
        company = self.company()
        if company is not None:
            flags = flagged(conversation_id, facts, company)
            await self._append(conversation_id, "flags", flags)
            facts = [*facts, *flags]
        await self._note(conversation_id, "handoff", brief(facts, company))
        for met in {fact.booking_id: fact for fact in every(facts, MeetingRecorded)}.values():
            await self._rewrite_brief(conversation_id, met)
        return True

    async def _rewrite_brief(self, conversation_id: str, met: MeetingRecorded) -> None:
        """Fix the brief of the conversation that booked a meeting anew, once it is changed here."""
        which = await self.store.query(lambda c: elsewhere(c, met.booking_id, conversation_id))
        if which is None:
            return
        facts = await self._facts(which)
        if any(note.kind == "handoff" for note in every(facts, Noted)):
            noted = [Noted("handoff", brief(facts, self.company()))]
            key = f"handoff:{met.booking_id}:{met.sequence}"
            await self.store.log.append_once(which, self.clock(), noted, key)

    async def write_crm(self, conversation_id: str, again: str = "") -> None:
        """Write the records to the CRM and note them. Raises: CrmFailed, StoreFailed.

        `again`: identifies a later try.
        """
        records = await self.crm.write(await self._document(conversation_id))
        await self._note_records(conversation_id, records, again)

    async def give_up_crm(self, conversation_id: str, error: Exception) -> None:
        """Retry later or, when that is no use, note it for a person. Raises: StoreFailed."""
        if self.later is not None and isinstance(error, CrmFailed) and error.retryable:
            log.warning("crm of conversation %s is written later: %s", conversation_id, error)
            await self.later(f"{conversation_id}/{self.revision}", error.after_s)
            return
        await self.fail_crm(conversation_id, error)

    async def fail_crm(self, conversation_id: str, error: Exception, again: str = "") -> bool:
        """Note for a person that the CRM could not be written; False, since it now waits for them.

        Raises: StoreFailed.
        """
        log.error("crm not written for conversation %s: %s", conversation_id, error)
        records = await self.crm.given_up(conversation_id, error)
        await self._note_records(conversation_id, records, again, failed=True)
        return False

    async def _note_records(
        self, conversation_id: str, records: list[dict[str, Any]], again: str, failed: bool = False
    ) -> None:
        """Note the records' state, with a flag for what a person has to look into."""
        failed = failed or any(r["status"] == "failed" for r in records)
        facts: list[Fact] = [
            Noted("crm", {"status": "failed" if failed else "written", "records": records})
        ]
        told = [f"{r['object']}: {r['error']} {r['remedy']}" for r in records if r.get("remedy")]
        if failed or told:
            kind = "crm_failed" if failed else "crm_incomplete"
            flag = Flagged(kind, 0, 0, told[0].strip() if told else "nothing was written")
            if flag not in await self._facts(conversation_id):  # else each revision would repeat it
                facts.append(flag)
        key = f"crm:{again}" if again else self._key("crm")
        await self.store.log.append_once(conversation_id, self.clock(), facts, key)

    async def write_calendar(self, conversation_id: str, again: str = "") -> None:
        """Put a meeting in the rep's calendar as it stands.

        `again`: identifies a later try. Raises: CalendarFailed, StoreFailed.
        """
        if self.calendar is None:
            return
        made = await self._document(conversation_id)
        booking = made["booking"]
        if booking is None:
            return
        change = {
            "booked": self.calendar.create,
            "moved": self.calendar.move,
            "cancelled": self.calendar.cancel,
        }[booking["status"]]
        await change(entry(booking, made["handoff"]["summary"]))
        await self._note_calendar(
            conversation_id, [Noted("calendar", {"status": "written"})], again
        )

    async def give_up_calendar(
        self, conversation_id: str, error: CrmFailed | CalendarFailed
    ) -> None:
        """Retry later, and note at once what a person has to fix. Raises: StoreFailed."""
        if not error.retryable or self.calendar_later is None:
            await self.fail_calendar(conversation_id, error)
        if self.calendar_later is not None:
            log.warning("calendar of conversation %s is written later: %s", conversation_id, error)
            await self.calendar_later(f"{conversation_id}/{self.revision}", error.after_s)

    async def fail_calendar(self, conversation_id: str, error: Exception, again: str = "") -> bool:
        """Note for a person, once, that the calendar could not be written; returns whether the
        meeting is still to come. Raises: StoreFailed."""
        log.error("calendar not written for conversation %s: %s", conversation_id, error)
        facts = await self._facts(conversation_id)
        told = next((n for n in every(facts, Noted)[::-1] if n.kind == "calendar"), None)
        if told is None or told.data.get("status") != "failed":
            flag = Flagged("calendar_failed", 0, 0, f"The meeting is not in the calendar: {error}")
            noted = Noted("calendar", {"status": "failed", "error": str(error)})
            await self._note_calendar(conversation_id, [noted, flag], again)
        return meeting(facts) is not None and not await self.begins_within(conversation_id, 0.0)

    async def begins_within(self, conversation_id: str, pause_s: float) -> bool:
        """Whether the meeting, if there is one, begins within a pause. Raises: StoreFailed."""
        booked = meeting(await self._facts(conversation_id))
        until = self.clock() + timedelta(seconds=pause_s)
        return booked is not None and datetime.fromisoformat(booked.start) <= until

    async def _note_calendar(self, conversation_id: str, facts: list[Fact], again: str) -> None:
        key = f"calendar:{again}" if again else self._key("calendar")
        await self.store.log.append_once(conversation_id, self.clock(), facts, key)

    async def tell_people(self, conversation_id: str) -> None:
        """Pass the finished document to the notifier, if there is one, unless the buyer was
        forgotten meanwhile. Raises what that raises."""
        gone = await self.store.query(lambda c: among(c, [conversation_id]))
        if self.notify is not None and not gone:
            await self.notify(await self._document(conversation_id))
            await self._note(conversation_id, TOLD, {})

    async def draw_recording(self, conversation_id: str) -> None:
        """Prepare the recording's waveform for viewers of the conversation."""
        if self.draw is not None and not self.revision:
            await self.draw(conversation_id)

    async def finish(self, conversation_id: str) -> None:
        """Report that nothing is left to do, if the conversation has ended."""
        if self.revision:
            return
        await self.store.conversations.mark_wrapped(conversation_id, self.clock())
        if self.traced is not None:
            self.traced(conversation_id)

    async def _facts(self, conversation_id: str) -> Sequence[Fact]:
        return unmerged([entry.fact for entry in await self.store.log.read(conversation_id)])

    async def _document(self, conversation_id: str) -> dict[str, Any]:
        told = partial(document, conversation_id, company=self.company())
        return await self.store.log.fold(conversation_id, told)

    async def _note(self, conversation_id: str, kind: str, data: dict[str, Any]) -> None:
        await self._append(conversation_id, kind, [Noted(kind, data)])

    async def _append(self, conversation_id: str, kind: str, facts: Sequence[Fact]) -> None:
        if facts:
            key = self._key(kind)
            await self.store.log.append_once(conversation_id, self.clock(), facts, key)

    def _key(self, kind: str) -> str:
        return f"wrapup:{kind}:{self.revision}" if self.revision else f"wrapup:{kind}"
