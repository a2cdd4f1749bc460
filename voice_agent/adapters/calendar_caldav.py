"""`CalDavDiary`: a rep's calendar on a CalDAV server."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from anyio import to_thread

from core.clock import Clock
from core.errors import CalendarFailed
from core.scheduling.ics import Invitation, ics
from core.scheduling.ports import CalendarEntry
from knowledge.profile import Rep
from voice_agent.adapters.caldav_events import blanked, revised, standing, taken
from voice_agent.adapters.caldav_wire import CalDav, Target
from voice_agent.adapters.diary import Found, Kept, Without


class CalDavDiary:
    """Implements `Diary` and `Tried`."""

    def __init__(self, dav: CalDav, target: Target, clock: Clock) -> None:
        self._dav = dav
        self._target = target
        self._clock = clock

    async def tried(self, rep: Rep) -> str:
        """The calendar's address, if it can be read and written. Raises: CalendarFailed."""
        if not await self._dav.is_calendar(self._target):
            why = "is no calendar that can be written to; give the address of one, or share it"
            raise CalendarFailed(f"{self._target.url} {why} with {self._target.user}")
        return self._target.url

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """The time taken in a range. Raises: CalendarFailed."""
        texts = await self._dav.between(self._target, start, end)
        zone = ZoneInfo(rep.timezone)
        return await to_thread.run_sync(partial(taken, texts, start, end, zone, rep.email))

    async def find(self, rep: Rep, uid: str) -> Kept | None:
        """The object of a meeting of ours, wherever it is. Raises: CalendarFailed."""
        stored = await self._dav.find(self._target, uid)
        if stored is None:
            return None
        return Kept(uid, standing(stored.text, uid, ZoneInfo(rep.timezone)), stored)

    async def add(self, rep: Rep, entry: CalendarEntry) -> bool:
        """Store a new object. Raises: CalendarFailed."""
        invitation = Invitation(
            entry.uid, entry.sequence, entry.start, entry.end, rep.timezone, entry.title,
            entry.notes, (rep.name, rep.email), ("", entry.guest) if entry.guest else None,
            self._clock(),
        )  # fmt: skip
        return await self._dav.put_new(self._target, entry.uid, ics(invitation, stored=True))

    async def change(self, rep: Rep, kept: Kept, to: CalendarEntry | Without) -> bool:
        """Replace the object we have seen, or remove it. Raises: CalendarFailed."""
        if to is Without.IT:
            return await self._dav.delete(self._target, kept.event)
        if to is Without.WORDS:
            text = blanked(kept.event.text, kept.uid, rep)
        else:
            at = self._clock()
            text = revised(kept.event.text, kept.uid, to.start, to.end, to.sequence, at)
        return await self._dav.put_over(self._target, kept.event, text)
