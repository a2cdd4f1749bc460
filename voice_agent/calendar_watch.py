"""`CalendarWatch`: notices changes people make to our meetings in calendars, and reports them.

So it does when a meeting's rep has left the team: somebody else has to attend it. It does not
change our bookings: the buyer agreed to a time, and somebody has to talk to them.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from core.clock import Clock
from core.errors import CalendarFailed
from core.events import Flagged
from core.handoff.wording import moment
from core.ports import Matter, Notify
from core.scheduling.board import Booking
from core.store import bookings
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.adapters.calendar_served import ServedCalendar
from voice_agent.adapters.diary import Ours, Standing
from voice_agent.rounds import each
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
JOB = "calendar-watch"
LANE = "calendar"
EVERY_S = 900.0


@dataclass(frozen=True, slots=True)
class CalendarWatch:
    """Compares all upcoming meetings with their calendars, in one durable round after another."""

    store: Store
    calendar: ServedCalendar | None
    """The calendars on servers; None: the agent keeps everybody's."""
    notify: Notify
    company: Callable[[], Company]
    clock: Clock
    jobs: DurableJobs

    def __post_init__(self) -> None:
        self.jobs.serve(JOB, self.look)

    async def begin(self) -> None:
        """Schedule the next round, once for all servers. Raises: StoreFailed."""
        now_s = self.clock().timestamp()
        due_s = (now_s // EVERY_S + 1) * EVERY_S
        await self.jobs.ask(JOB, f"{due_s:.0f}", after_s=due_s - now_s)

    async def look(self, key: str, tries: int) -> float | None:
        """Compare the meetings, and schedule the next round; a job.

        Raises: StoreFailed, NotifyFailed.
        """
        sequence, _, uid = key.partition("/")
        if uid:  # an earlier version's job, of one meeting
            await entered(self.store, uid, int(sequence))
            return None
        at, company = self.clock(), self.company()
        left = await self.store.query(lambda c: bookings.without_rep(c, company, at))
        await each("telling of a meeting without its rep", left, self._left)
        if self.calendar is not None:
            upcoming = await self.store.query(lambda c: bookings.on_servers(c, at))
            compare = partial(self._compare, self.calendar, set())
            await each("looking after a meeting", upcoming, compare)
        await self.begin()
        return None

    async def _left(self, booking: Booking) -> None:
        """Report a meeting whose rep has left the team."""
        when = moment(booking.start, self.company().timezone)
        note = f"{booking.rep} has left the team and has a meeting on {when}: somebody must attend."
        await self._tell(booking, "left", note)

    async def _compare(self, calendar: ServedCalendar, away: set[str], booking: Booking) -> None:
        """Look a meeting up; `away`: the reps whose calendars did not answer in this round."""
        if booking.rep in away or not calendar.keeps(booking.rep):
            return
        try:
            found = await calendar.look_up(booking.rep, booking.uid)
        except CalendarFailed as error:
            log.warning("the meetings of %s are not looked after: %s", booking.rep, error)
            away.add(booking.rep)
            return
        told = changes(booking, found, self.company())
        if told and await self._stands(booking):
            for what, note in told:
                await self._tell(booking, what, note)

    async def _stands(self, booking: Booking) -> bool:
        """Whether we have not changed a meeting ourselves meanwhile."""
        known = await self.store.query(lambda c: bookings.by_uids(c, [booking.uid]))
        return known.get(booking.uid) == (booking, True)

    async def _tell(self, booking: Booking, what: str, note: str) -> None:
        """Flag it in the conversation that booked the meeting, and tell the meeting's rep, or the
        default owner for one who has left, once."""
        key = f"calendar:{booking.uid}:{booking.sequence}:{what}"
        flag = Flagged("calendar_changed", 0, 0, note)
        which = booking.conversation_id
        await self.store.log.append_once(which, self.clock(), [flag], key)
        person = self.company().owner(booking.rep)
        if person is None:
            return
        matter = Matter(
            "meeting-changed", key, note, f"{note}\nThe buyer has not been told by us.",
            about=booking.id, conversation_id=which, urgent=True,
        )  # fmt: skip
        await self.notify.tell(person, matter)


def changes(booking: Booking, found: Standing | None, company: Company) -> list[tuple[str, str]]:
    """What differs in the calendar: for each change a key and a line that tells it."""
    rep = company.rep(booking.rep)
    zone = rep.timezone if rep else company.timezone
    name, when = rep.name if rep else booking.rep, moment(booking.start, zone)
    if found is None or found.cancelled:
        return [("removed", f"The meeting of {when} was removed from {name}'s calendar.")]
    told = []
    if found.sequence >= booking.sequence and found.start != booking.start:
        moved = moment(found.start, zone)
        line = f"The meeting of {when} was moved to {moved} in {name}'s calendar."
        told.append((f"moved:{found.start.isoformat()}", line))
    for who in found.declined:
        mine = rep is not None and who == rep.email.lower()
        said = name if mine else "The buyer"
        key = f"declined:{'rep' if mine else 'guest'}"
        told.append((key, f"{said} declined the meeting of {when}."))
    return told


async def entered(store: Store, uid: str, sequence: int) -> None:
    """Watch a meeting that was written to a calendar, as of a change. Raises: StoreFailed."""
    await store.write(LANE, lambda c: bookings.entered(c, uid, sequence))


async def ours(store: Store, uids: Collection[str]) -> Mapping[str, Ours]:
    """The meetings with these UIDs as we booked them. Raises: StoreFailed."""
    found = await store.query(lambda c: bookings.by_uids(c, list(uids)))
    return {uid: Ours(b.start, b.end, b.sequence, stands) for uid, (b, stands) in found.items()}
