"""The times a conversation may offer now: the rep's free slots for the buyer's meeting. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.geography.zones import CallerZone, shared_gap
from core.scheduling.board import Board, Booking
from core.scheduling.slots import MOST_OFFERED, Slot, free_slots, meeting_for, named, spread
from core.scheduling.wishes import Wish, nearest
from knowledge.profile import Company

APART = timedelta(hours=2)
"""Times this close to a declined one will hardly suit better."""


@dataclass(frozen=True, slots=True)
class Openings:
    """The bookable times of one rep for one buyer, according to the board."""

    company: Company
    board: Board
    rep: str
    segment: str | None
    fast: bool
    """Fast track: a shorter notice suffices."""
    zone: CallerZone | None
    now: datetime
    by_mail: bool = False
    """Offers are read hours later: nothing today, unless the buyer wishes for today."""
    visit: bool = False
    """The buyer wants someone to come on site."""

    def offer(
        self, wish: Wish, passed: tuple[str, ...] = (), moving: Booking | None = None
    ) -> tuple[tuple[Slot, ...], bool]:
        """A few times to offer, and whether they match the wish."""
        own = self._own()
        free = self._free(moving)
        if self.by_mail and not (wish.soonest or len(wish.days) == 1):
            today = self.now.astimezone(own).date()
            free = [s for s in free if s.start.astimezone(own).date() > today] or free
        if wish.at is None:  # "tomorrow morning" is not midnight, wherever the rep is
            free = [s for s in free if 7 <= s.start.astimezone(own).hour < 22] or free
        apart = [s for s in free if not any(_beside(s, p) for p in passed)]
        found, exact = nearest(apart or [s for s in free if s.id not in passed], wish, own)
        if wish.soonest and not wish.names_a_time:
            return tuple(found[:2]), True
        if not exact:
            return tuple(sorted(found[:2])), False
        return spread(found if wish.names_an_hour else _by_day(found, own), own, self._most()), True

    @property
    def until(self) -> date | None:
        """The last day that can be booked; None if there is no meeting to book."""
        meeting = meeting_for(self.company, self.segment, visit=self.visit)
        if meeting is None:
            return None
        return (self.now + timedelta(days=meeting.horizon_days)).astimezone(self._own()).date()

    def _most(self) -> int:
        """How many times are offered: fewer if each must be said in two zones."""
        rep = self.company.rep(self.rep)
        if rep is None or shared_gap(self._own(), ZoneInfo(rep.timezone), self.now) is not None:
            return MOST_OFFERED
        return MOST_OFFERED - 1

    def _own(self) -> ZoneInfo:
        if self.zone is not None:
            return self.zone.zone
        rep = self.company.rep(self.rep)
        return ZoneInfo(rep.timezone if rep else self.company.timezone)

    def _free(self, moving: Booking | None) -> list[Slot]:
        theirs = self.company.rep(moving.rep) if moving else None
        rep = theirs or self.company.rep(self.rep)  # who has left the team moves no meeting
        kinds = {m.id: m for m in self.company.meeting_types}
        fits = meeting_for(self.company, self.segment, visit=self.visit)
        meeting = kinds.get(moving.meeting) if moving else fits
        if rep is None or meeting is None:
            return []
        notice = timedelta(minutes=meeting.fast_notice) if self.fast else None
        busy = self.board.busy.get(rep.id, ())
        slots = free_slots(rep, self.company, meeting, busy, self.now, notice)
        return [s for s in slots if moving is None or s.start != moving.start]


def _beside(slot: Slot, passed: str) -> bool:
    """Whether a time is close to one that did not suit."""
    rep, start = named(passed)
    return slot.rep == rep and abs(slot.start - start) < APART


def _by_day(slots: list[Slot], zone: ZoneInfo) -> list[Slot]:
    """The slots without those at night, if any others are left."""
    for first, last in ((8, 18), (7, 22)):
        civil = [s for s in slots if first <= s.start.astimezone(zone).hour < last]
        if civil:
            return civil
    return slots
