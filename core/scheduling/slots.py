"""A rep's free times for a meeting, and which few of them are offered. Pure.

A slot's id fully describes it, so that any holder of the id can check the slot again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.presence import shifts_between
from knowledge.profile import Company, MeetingType, Rep

CELL = timedelta(minutes=15)
"""Calendars are divided into cells of this size; every time zone offset is a multiple of it."""
STEP = timedelta(minutes=30)
"""Meetings begin on the hour or the half hour of the rep's clock."""
MOST_OFFERED = 3


_START = "%Y%m%dT%H%MZ"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time that could be booked. Instants are UTC; `meeting` is the id of a meeting type."""

    start: datetime
    end: datetime
    rep: str
    meeting: str

    @property
    def id(self) -> str:
        """The slot's id, used to book it."""
        return f"{self.rep}/{self.meeting}/{self.start:{_START}}"


def named(slot_id: str) -> tuple[str, datetime]:
    """The rep and the start of the slot with this id."""
    rep, _, start = slot_id.rsplit("/", 2)
    return rep, datetime.strptime(start, _START).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """A busy span of a calendar. UTC instants; `end` is exclusive."""

    start: datetime
    end: datetime


def meeting_for(
    company: Company, segment: str | None, *, visit: bool = False
) -> MeetingType | None:
    """The meeting type offered to a buyer of this segment; None when the company offers none.

    `visit`: they want someone to come on site, if that is offered for their segment.
    """
    every = company.meeting_types
    fits = [m for m in every if segment in m.segments] if segment else []
    anyone = [m for m in every if not m.segments]
    visits = [m for m in (*fits, *anyone) if visit and m.visit]
    return next(iter((*visits, *fits, *anyone, *every)), None)


def free_slots(
    rep: Rep, company: Company, meeting: MeetingType, busy: Sequence[Busy], now: datetime,
    notice: timedelta | None = None,
) -> Iterator[Slot]:  # fmt: skip
    """All free times of the rep for it, soonest first. `notice` replaces the meeting's own."""
    least = timedelta(minutes=meeting.notice_minutes) if notice is None else notice
    horizon = now + timedelta(days=meeting.horizon_days)
    lasts, buffer = timedelta(minutes=meeting.minutes), timedelta(minutes=meeting.buffer_minutes)
    zone = ZoneInfo(rep.timezone)
    taken = sorted(busy)
    for begins, ends in shifts_between(company, now, horizon, rep):
        start = _on_step(max(begins, now + least), zone)
        while start + lasts <= ends and start <= horizon:
            if not _meets(taken, start - buffer, start + lasts + buffer):
                yield Slot(start, start + lasts, rep.id, meeting.id)
            start += STEP


def still_free(slot: Slot, company: Company, busy: Sequence[Busy], now: datetime) -> str | None:
    """Why a slot cannot be booked now; None when it can. Notice is not checked again."""
    rep = company.rep(slot.rep)
    meeting = next((m for m in company.meeting_types if m.id == slot.meeting), None)
    if rep is None or meeting is None:
        return "no such rep or meeting any more"
    if slot.start <= now:
        return "it has passed"
    if slot.end - slot.start != timedelta(minutes=meeting.minutes):
        return "the meeting has another length now"
    shifts = shifts_between(company, slot.start, slot.end, rep)
    if not any(begins <= slot.start and slot.end <= ends for begins, ends in shifts):
        return "the rep is not working then"
    buffer = timedelta(minutes=meeting.buffer_minutes)
    if _meets(sorted(busy), slot.start - buffer, slot.end + buffer):
        return "it is taken"
    return None


def cells(start: datetime, end: datetime) -> list[datetime]:
    """The cells a time range touches, as their start instants, in order."""
    size = int(CELL.total_seconds())
    first = int(start.timestamp()) // size * size
    last = -(-int(end.timestamp()) // size) * size
    return [datetime.fromtimestamp(at, UTC) for at in range(first, last, size)]


def spread(slots: Iterable[Slot], zone: ZoneInfo, most: int = MOST_OFFERED) -> tuple[Slot, ...]:
    """A few of the slots: the soonest, another day, another half of a day in the buyer's zone."""
    every = list(slots)
    chosen = every[:1]
    while every and len(chosen) < most:
        days = {s.start.astimezone(zone).date() for s in chosen}
        halves = {s.start.astimezone(zone).hour < 12 for s in chosen}
        other_day = [s for s in every if s.start.astimezone(zone).date() not in days]
        other_half = [s for s in other_day if (s.start.astimezone(zone).hour < 12) not in halves]
        same_day = [
            s for s in every
            if (s.start.astimezone(zone).hour < 12) not in halves and s not in chosen
        ]  # fmt: skip
        later = [s for s in every if s.start >= chosen[-1].end + 2 * STEP]
        pick = next(iter((*other_half[:1], *other_day[:1], *same_day[:1], *later[:1])), None)
        if pick is None or pick in chosen:
            break
        chosen.append(pick)
    return tuple(sorted(chosen))


def _on_step(at: datetime, zone: ZoneInfo) -> datetime:
    """The first full or half hour of a local clock at or after an instant."""
    local = at.astimezone(zone)
    over = timedelta(
        minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond
    )
    return (at + (STEP - over if over else timedelta())).astimezone(UTC)


def _meets(taken: Sequence[Busy], start: datetime, end: datetime) -> bool:
    return any(b.start < end and start < b.end for b in taken)
