"""`CalDavCalendar`: reps' calendars on CalDAV servers.

What is read for offering times is remembered for seconds, and for a quarter of an hour where the
server is slow or away; after that its rep is offered to nobody, until it is back. What is about to
be booked is always asked for. A write knows its event by UID: where the answer to it was lost, it
finds its own event and is done; where a person changed the event, it keeps what they added.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import anyio
from anyio import to_thread

from core.clock import Clock
from core.errors import CalendarFailed
from core.scheduling.ics import Invitation, ics
from core.scheduling.ports import Entry
from core.scheduling.slots import Busy
from knowledge.profile import Company, Rep
from voice_agent.adapters.caldav_events import (
    Ours,
    Standing,
    besides,
    blanked,
    revised,
    standing,
    taken,
)
from voice_agent.adapters.caldav_wire import CalDav, Stored, Target

log = logging.getLogger(__name__)
READ_S = 4.0
"""A calendar that is not read within this is away, for whoever is on the telephone."""
WRITE_S = 20.0
FRESH = timedelta(seconds=20)
STALE = timedelta(minutes=15)
"""What was read is good for offering times this long, while the server does not answer."""
DOWN = timedelta(seconds=15)
"""How long a calendar that did not answer is not asked again, but for what is being booked."""
TURNS = 4
"""Times a write is begun anew because somebody else wrote in between."""

Books = Callable[[Collection[str]], Awaitable[Mapping[str, Ours]]]
"""How our books have the meetings of these UIDs. Raises: StoreFailed."""
Written = Callable[[Entry], Awaitable[None]]
"""Told of every entry that stands in a calendar. Raises: StoreFailed."""


@dataclass(frozen=True, slots=True)
class _Read:
    at: datetime
    start: datetime
    end: datetime
    busy: tuple[Busy, ...]

    def covers(self, start: datetime, end: datetime) -> bool:
        return self.start <= start + FRESH and end <= self.end + STALE


class CalDavCalendar:
    """Implements `core.scheduling.ports.Calendar` for the reps in `targets`."""

    def __init__(
        self,
        dav: CalDav,
        targets: Mapping[str, Target],
        company: Callable[[], Company],
        books: Books,
        clock: Clock,
        read_s: float = READ_S,
    ) -> None:
        self._read_s = read_s
        self._dav = dav
        self._targets = dict(targets)
        self._current = company
        self._books = books
        self._clock = clock
        self._reads: dict[str, _Read] = {}
        self._down: dict[str, datetime] = {}
        self.written: Written | None = None

    @property
    def _company(self) -> Company:
        """The company as it is now."""
        return self._current()

    def keeps(self, rep: str) -> bool:
        """Whether a rep's calendar is here."""
        return rep in self._targets and self._company.rep(rep) is not None

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """What is taken in a stretch of time, by rep. A rep whose calendar is away is taken
        throughout. Raises: CalendarFailed, if it is fresh and away, or all are away.
        """
        found: dict[str, tuple[Busy, ...]] = {}
        failed: list[CalendarFailed] = []

        async def one(rep: str) -> None:
            try:
                found[rep] = await self._of(rep, start, end, fresh)
            except CalendarFailed as error:
                log.warning("the calendar of %s is away: %s", rep, error)
                failed.append(error)
                found[rep] = (Busy(start, end),)

        async with anyio.create_task_group() as tasks:
            for rep in reps:
                tasks.start_soon(one, rep)
        if failed and (fresh or len(failed) == len(reps)):
            raise failed[0]
        return found

    async def create(self, entry: Entry) -> None:
        """Put an entry in; one that is there is brought up to it. Raises: CalendarFailed."""
        target = self._target(entry)
        with _within(WRITE_S):
            if not await self._dav.put_new(target, entry.uid, self._text(entry)):
                await self._bring_up(target, entry)
        await self._told(entry)

    async def move(self, entry: Entry) -> None:
        """Change an entry's time, or whose it is. Raises: CalendarFailed."""
        target = self._target(entry)
        with _within(WRITE_S):
            await self._bring_up(target, entry)
            await self.leave_others(entry)
        await self._told(entry)

    async def cancel(self, entry: Entry) -> None:
        """Take an entry out; one that is not there is no error. Raises: CalendarFailed."""
        self._reads.clear()
        with _within(WRITE_S):
            await self._remove(self._target(entry), entry.uid)
            await self.leave_others(entry)

    async def blank(self, rep: str, uid: str) -> None:
        """Take all words out of a meeting of ours; one that is gone is no error.

        Raises: CalendarFailed.
        """
        known, target = self._company.rep(rep), self._targets.get(rep)
        if known is None or target is None:
            raise CalendarFailed(f"{rep} has no calendar here")

        async def without_words(stored: Stored) -> bool:
            return await self._dav.put_over(target, stored, blanked(stored.text, uid, known.email))

        with _within(WRITE_S):
            await self._change(target, uid, without_words)

    async def look_up(self, rep: str, uid: str) -> Standing | None:
        """How a meeting of ours stands in a rep's calendar; None where it does not.

        Raises: CalendarFailed.
        """
        known = self._company.rep(rep)
        if known is None or rep not in self._targets:
            raise CalendarFailed(f"{rep} has no calendar here")
        with _within(WRITE_S):
            stored = await self._dav.find(self._targets[rep], uid)
        return standing(stored.text, uid, ZoneInfo(known.timezone)) if stored else None

    async def _of(self, rep: str, start: datetime, end: datetime, fresh: bool) -> tuple[Busy, ...]:
        now, known = self._clock(), self._reads.get(rep)
        if known is not None and not fresh and known.covers(start, end):
            age = now - known.at
            if age < FRESH or (age < STALE and now < self._down.get(rep, now)):
                return known.busy
        if not fresh and now < self._down.get(rep, now):
            raise CalendarFailed("it did not answer a moment ago")
        try:
            with _within(self._read_s):
                busy = await self._read(rep, start, end)
        except CalendarFailed:
            self._down[rep] = now + DOWN
            if fresh or known is None or now - known.at > STALE or not known.covers(start, end):
                raise
            log.warning("the calendar of %s does not answer; what was read lately is used", rep)
            return known.busy
        self._down.pop(rep, None)
        if fresh:
            self._reads.pop(rep, None)  # whoever is refused now is offered what it is like now
        else:
            self._reads[rep] = _Read(now, start, end, busy)
        return busy

    async def _read(self, rep: str, start: datetime, end: datetime) -> tuple[Busy, ...]:
        known = self._company.rep(rep)
        if known is None:
            raise CalendarFailed(f"{rep} is not in the team any more")
        texts = await self._dav.between(self._targets[rep], start, end)
        zone = ZoneInfo(known.timezone)
        found = await to_thread.run_sync(partial(taken, texts, start, end, zone, known.email))
        mine = {one.uid for one in found if one.uid.endswith(".voice-agent")}
        return besides(found, await self._books(mine) if mine else {})

    async def _bring_up(self, target: Target, entry: Entry) -> None:
        """Have the entry stand as it is now; a later change of ours is left as it is."""
        zone = ZoneInfo(self._rep(entry).timezone)
        for _ in range(TURNS):
            stored = await self._dav.find(target, entry.uid)
            if stored is None:
                if await self._dav.put_new(target, entry.uid, self._text(entry)):
                    return
                continue
            stands = standing(stored.text, entry.uid, zone)
            if stands is not None and _done(stands, entry):
                return
            if await self._dav.put_over(target, stored, self._changed(stored, entry)):
                return
        raise CalendarFailed(f"the event {entry.uid} was changed by others all the while")

    def _changed(self, stored: Stored, entry: Entry) -> str:
        at = self._clock()
        return revised(stored.text, entry.uid, entry.start, entry.end, entry.sequence, at)

    async def _remove(self, target: Target, uid: str) -> None:
        await self._change(target, uid, partial(self._dav.delete, target))

    async def _change(
        self, target: Target, uid: str, change: Callable[[Stored], Awaitable[bool]]
    ) -> None:
        """Change an event, anew where others were first; one that is gone stays so."""
        for _ in range(TURNS):
            stored = await self._dav.find(target, uid)
            if stored is None or await change(stored):
                return
        raise CalendarFailed(f"the event {uid} was changed by others all the while")

    async def leave_others(self, entry: Entry) -> None:
        """Take an entry out of the calendars of all who do not have the meeting.

        Raises: CalendarFailed.
        """
        for rep, target in self._targets.items():
            if rep != entry.rep:
                await self._remove(target, entry.uid)

    async def _told(self, entry: Entry) -> None:
        self._reads.pop(entry.rep, None)
        if self.written is not None:
            await self.written(entry)

    def _text(self, entry: Entry) -> str:
        rep = self._rep(entry)
        invitation = Invitation(
            entry.uid, entry.sequence, entry.start, entry.end, rep.timezone, entry.title,
            entry.notes, (rep.name, rep.email), ("", entry.guest) if entry.guest else None,
            self._clock(),
        )  # fmt: skip
        return ics(invitation, stored=True)

    def _rep(self, entry: Entry) -> Rep:
        rep = self._company.rep(entry.rep)
        if rep is None:
            raise CalendarFailed(f"{entry.rep} is not in the team any more")
        return rep

    def _target(self, entry: Entry) -> Target:
        self._rep(entry)
        return self._targets[entry.rep]


def _done(stands: Standing, entry: Entry) -> bool:
    """Whether the calendar has this change or a later one, also where a person moved it since."""
    return stands.sequence >= entry.sequence and not stands.cancelled


@contextmanager
def _within(limit_s: float) -> Iterator[None]:
    """Ends what takes longer. Raises: CalendarFailed."""
    try:
        with anyio.fail_after(limit_s):
            yield
    except TimeoutError as late:
        raise CalendarFailed("it did not answer in time") from late
