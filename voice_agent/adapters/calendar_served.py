"""`ServedCalendar`: reps' calendars on servers, in whatever protocol each speaks.

For offering times, reads are cached for seconds, and for a quarter of an hour while the server is
slow or down; after that its rep is not offered until the server is back. A time about to be booked
is always read afresh. A write identifies its event by UID: if the answer to an earlier write was
lost, it finds the event there and is done; if a person changed the event, it keeps what they added.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio

from core.clock import Clock
from core.errors import CalendarFailed
from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Busy
from knowledge.profile import Company, Rep
from voice_agent.adapters.diary import Diary, Ours, Standing, Without, besides

log = logging.getLogger(__name__)
READ_S = 4.0
"""A calendar that takes longer to read counts as down: somebody is on the phone."""
WRITE_S = 20.0
FRESH = timedelta(seconds=20)
STALE = timedelta(minutes=15)
"""While the server does not answer, a cached read is good for offering times this long."""
DOWN = timedelta(seconds=15)
"""How long a calendar that did not answer is left alone, except for bookings; longer where its
server says so."""
TURNS = 4
"""Attempts at a write when somebody else keeps writing in between."""
AT_ONCE = 8
"""Other people's calendars searched at a time."""

Books = Callable[[Collection[str]], Awaitable[Mapping[str, Ours]]]
"""The meetings with these UIDs as we booked them. Raises: StoreFailed."""
Written = Callable[[str, int], Awaitable[None]]
"""Called with UID and sequence of every entry stored in a calendar. Raises: StoreFailed."""


@dataclass(frozen=True, slots=True)
class _Read:
    at: datetime
    start: datetime
    end: datetime
    busy: tuple[Busy, ...]

    def covers(self, start: datetime, end: datetime) -> bool:
        return self.start <= start + FRESH and end <= self.end + STALE


class ServedCalendar:
    """Implements `core.scheduling.ports.Calendar` for the reps in `diaries`."""

    def __init__(
        self,
        diaries: Mapping[str, Diary],
        company: Callable[[], Company],
        books: Books,
        clock: Clock,
        read_s: float = READ_S,
        failed: Callable[[str], None] = lambda rep: None,
        written: Written | None = None,
    ) -> None:
        self._read_s = read_s
        self._failed = failed
        self._diaries = dict(diaries)
        self._company = company
        self._knew = {rep.id: rep for rep in company().team}
        self._books = books
        self._clock = clock
        self._reads: dict[str, _Read] = {}
        self._down: dict[str, datetime] = {}
        self._written = written

    def keeps(self, rep: str) -> bool:
        """Whether a rep's calendar is on a server."""
        return rep in self._diaries and self._company().rep(rep) is not None

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """The time taken in a range, by rep. A rep whose calendar is down is taken throughout.
        Raises: CalendarFailed, if `fresh` and one is down, or all are down."""
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

    async def create(self, entry: CalendarEntry) -> None:
        """Add an entry, or update the one there. Raises: CalendarFailed, StoreFailed."""
        rep, diary = self._whose(entry.rep)
        if not await self._is_old(entry):
            with _within(WRITE_S):
                if not await diary.add(rep, entry):
                    await self._bring_up(entry)
            await self._told(entry)
        await self._remove_if_old(entry)

    async def move(self, entry: CalendarEntry) -> None:
        """Change an entry's time or its rep. Raises: CalendarFailed, StoreFailed."""
        if not await self._is_old(entry):
            with _within(WRITE_S):
                await self._bring_up(entry)
                await self.leave_others(entry)
            await self._told(entry)
        await self._remove_if_old(entry)

    async def cancel(self, entry: CalendarEntry) -> None:
        """Remove an entry; a missing one is no error. Raises: CalendarFailed."""
        self._reads.clear()
        with _within(WRITE_S):
            await self._change(*self._whose(entry.rep), entry.uid, Without.IT)
            await self.leave_others(entry)

    async def blank(self, rep: str, uid: str) -> None:
        """Remove all words from a meeting of ours; a missing one is no error.

        Raises: CalendarFailed.
        """
        with _within(WRITE_S):
            await self._change(*self._whose(rep), uid, Without.WORDS)

    async def look_up(self, rep: str, uid: str) -> Standing | None:
        """The state of a meeting of ours in a rep's calendar; None when it is not there.

        Raises: CalendarFailed.
        """
        known, diary = self._whose(rep)
        with _within(WRITE_S):
            kept = await diary.find(known, uid)
        return kept.stands if kept else None

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
        except CalendarFailed as error:
            self._failed(rep)
            self._down[rep] = now + max(DOWN, min(timedelta(seconds=error.after_s), STALE))
            if fresh or known is None or now - known.at > STALE or not known.covers(start, end):
                raise
            log.warning("the calendar of %s is away: %s; what was read lately is used", rep, error)
            return known.busy
        self._down.pop(rep, None)
        if fresh:
            self._reads.pop(rep, None)  # an offer after a refusal must see the current state
        else:
            self._reads[rep] = _Read(now, start, end, busy)
        return busy

    async def _read(self, rep: str, start: datetime, end: datetime) -> tuple[Busy, ...]:
        known, diary = self._whose(rep)
        found = await diary.taken(known, start, end)
        mine = {one.uid for one in found if one.uid.endswith(".voice-agent")}
        return besides(found, await self._books(mine) if mine else {})

    async def _bring_up(self, entry: CalendarEntry) -> None:
        """Make the event match the entry; a later change of ours is left alone."""
        rep, diary = self._whose(entry.rep)
        for _ in range(TURNS):
            kept = await diary.find(rep, entry.uid)
            if kept is None:
                if await diary.add(rep, entry):
                    return
                continue
            if kept.stands is not None and _done(kept.stands, entry):
                return
            if await diary.change(rep, kept, entry):
                return
        raise CalendarFailed(f"the event {entry.uid} was changed by others all the while")

    async def _change(
        self, rep: Rep, diary: Diary, uid: str, to: Without, upto: int | None = None
    ) -> None:
        """Change an event, again when others were faster; a missing one stays missing, and one
        with a later change of ours than `upto` as it is."""
        for _ in range(TURNS):
            kept = await diary.find(rep, uid)
            if kept is None or (upto is not None and kept.stands and kept.stands.sequence > upto):
                return
            if await diary.change(rep, kept, to):
                return
        raise CalendarFailed(f"the event {uid} was changed by others all the while")

    async def leave_others(self, entry: CalendarEntry) -> None:
        """Remove an entry from the calendars of everybody who does not have the meeting. An
        unusable calendar does not keep the others from being corrected.

        Raises: CalendarFailed.
        """
        failed: list[CalendarFailed] = []
        few = anyio.CapacityLimiter(AT_ONCE)

        async def one(rep: str, diary: Diary) -> None:
            try:
                async with few:
                    await self._change(self._knew[rep], diary, entry.uid, Without.IT)
            except CalendarFailed as error:
                log.warning("%s is not looked for with %s: %s", entry.uid, rep, error)
                failed.append(error)

        async with anyio.create_task_group() as tasks:
            for rep, diary in self._diaries.items():
                if rep != entry.rep:
                    tasks.start_soon(one, rep, diary)
        for error in failed:
            if error.retryable:
                raise error

    async def _remove_if_old(self, entry: CalendarEntry) -> None:
        """Remove what was written after the meeting had changed, by this try or one whose answer
        was lost: whoever changed it may have looked before it was there."""
        diary = self._diaries.get(entry.rep)
        if diary is None or not await self._is_old(entry):
            return
        with _within(WRITE_S):
            known, it = self._knew[entry.rep], Without.IT
            await self._change(known, diary, entry.uid, it, upto=entry.sequence)

    async def _is_old(self, entry: CalendarEntry) -> bool:
        """Whether the meeting has changed since. Whoever changed it writes it."""
        known = (await self._books([entry.uid])).get(entry.uid)
        return known is not None and known.sequence > entry.sequence

    async def _told(self, entry: CalendarEntry) -> None:
        self._reads.pop(entry.rep, None)
        if self._written is not None:
            await self._written(entry.uid, entry.sequence)

    def _whose(self, rep: str) -> tuple[Rep, Diary]:
        """A rep's current profile, and their calendar."""
        known, diary = self._company().rep(rep), self._diaries.get(rep)
        if known is None:
            raise CalendarFailed(f"{rep} is not in the team any more")
        if diary is None:
            raise CalendarFailed(f"{rep} has no calendar here")
        return known, diary


def _done(stands: Standing, entry: CalendarEntry) -> bool:
    """Whether the calendar has this change or a later one, even if a person has moved it since."""
    return stands.sequence >= entry.sequence and not stands.cancelled


@contextmanager
def _within(limit_s: float) -> Iterator[None]:
    """Time out what takes longer. Raises: CalendarFailed."""
    try:
        with anyio.fail_after(limit_s):
            yield
    except TimeoutError as late:
        raise CalendarFailed("it did not answer in time") from late
