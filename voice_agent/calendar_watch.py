"""`CalendarWatch`: notices changes people make to our meetings in calendars, and reports them.

It does not change our bookings: the buyer agreed to a time, and somebody has to talk to them.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.errors import CalendarFailed, NotifyFailed, StoreFailed
from core.events import Flagged
from core.ports import Matter, Notify
from core.scheduling.board import Booking
from core.scheduling.ports import Entry
from core.store.bookings import by_uids
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.adapters.calendar_served import ServedCalendar
from voice_agent.adapters.diary import Ours, Standing
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
JOB = "calendar-watch"
EVERY_S = 900.0


@dataclass(slots=True)
class CalendarWatch:
    """Checks each meeting on a calendar server until it begins."""

    store: Store
    calendar: ServedCalendar
    notify: Notify
    company: Callable[[], Company]
    clock: Clock
    jobs: DurableJobs | None = None

    def serve(self, jobs: DurableJobs) -> None:
        """Watch every meeting written from now on."""
        self.jobs = jobs
        jobs.serve(JOB, self.look)
        self.calendar.written = self._written

    async def _written(self, entry: Entry) -> None:
        if self.jobs is not None:
            await self.jobs.ask(JOB, f"{entry.sequence}/{entry.uid}", after_s=EVERY_S)

    async def look(self, key: str, tries: int) -> float | None:
        """Compare a meeting with its calendar; a job. Raises: StoreFailed."""
        sequence, _, uid = key.partition("/")
        booking, stands = (await self._books([uid])).get(uid, (None, False))
        if booking is None or not stands or str(booking.sequence) != sequence:
            return None
        if booking.start <= self.clock() or not self.calendar.keeps(booking.rep):
            return None
        try:
            found = await self.calendar.look_up(booking.rep, uid)
        except CalendarFailed as error:
            log.warning("the meeting %s is not looked after: %s", booking.id, error)
            return EVERY_S
        for what, note in changes(booking, found, self.company()):
            await self._tell(booking, what, note)
        return EVERY_S

    async def _tell(self, booking: Booking, what: str, note: str) -> None:
        """Flag it in the conversation that booked the meeting, and tell the meeting's rep, once."""
        key = f"calendar:{booking.uid}:{booking.sequence}:{what}"
        flag = Flagged("calendar_changed", 0, 0, note)
        which = booking.conversation_id
        await self.store.log.append_once(which, self.clock(), [flag], key)
        person = self.company().person(booking.rep)
        if person is None:
            return
        matter = Matter(
            "meeting-changed", key, note, f"{note}\nThe buyer has not been told by us.",
            about=booking.id, conversation_id=which, urgent=True,
        )  # fmt: skip
        try:
            await self.notify.tell(person, matter)
        except NotifyFailed as error:
            raise StoreFailed(str(error)) from error  # retried, like any work on the store

    async def _books(self, uids: Collection[str]) -> Mapping[str, tuple[Booking, bool]]:
        return await self.store.query(lambda c: by_uids(c, list(uids)))


def changes(booking: Booking, found: Standing | None, company: Company) -> list[tuple[str, str]]:
    """What differs in the calendar: for each change a key and a line that tells it."""
    rep = company.rep(booking.rep)
    zone = ZoneInfo(rep.timezone if rep else company.timezone)
    name, when = rep.name if rep else booking.rep, _said(booking.start, zone)
    if found is None or found.cancelled:
        return [("removed", f"The meeting of {when} was removed from {name}'s calendar.")]
    told = []
    if found.sequence >= booking.sequence and found.start != booking.start:
        moved = _said(found.start, zone)
        line = f"The meeting of {when} was moved to {moved} in {name}'s calendar."
        told.append((f"moved:{found.start.isoformat()}", line))
    for who in found.declined:
        mine = rep is not None and who == rep.email.lower()
        said = name if mine else "The buyer"
        key = f"declined:{'rep' if mine else 'guest'}"
        told.append((key, f"{said} declined the meeting of {when}."))
    return told


def _said(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A, %B} {local.day} at {local:%H:%M} ({zone})"


async def ours(store: Store, uids: Collection[str]) -> Mapping[str, Ours]:
    """The meetings with these UIDs as we booked them. Raises: StoreFailed."""
    found: Mapping[str, tuple[Booking, bool]] = await store.query(lambda c: by_uids(c, list(uids)))
    return {uid: Ours(b.start, b.end, b.sequence, stands) for uid, (b, stands) in found.items()}
