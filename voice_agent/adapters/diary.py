"""`Diary`: one rep's calendar on its service, and what is read there."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Busy
from knowledge.profile import Rep

Event = Mapping[str, Any]
"""An event as a JSON service represents it."""
DAY = timedelta(days=1)
NO_EVENT = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
"""What reading a malformed event can raise, whatever a server sends."""
_AWAY = re.compile(
    r"\b(away|vacation|holidays?|(?:on|annual|parental|sick) leave|sick|pto|ooo"
    r"|out of (?:the )?office"
    r"|days? off|off work|urlaub|abwesend|krank|vacaciones|cong[ée]s?|ferie)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ours:
    """A meeting of ours as we booked it; `stands` until it is cancelled."""

    start: datetime
    end: datetime
    sequence: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting of ours as the calendar shows it. Instants are UTC."""

    start: datetime
    end: datetime
    sequence: int
    declined: tuple[str, ...] = ()
    """Addresses of the attendees who declined."""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The time an event takes, and the UID it belongs to."""

    busy: Busy
    uid: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An event of ours as last read; `event` is its service's representation."""

    uid: str
    stands: Standing | None
    """None when something else is stored under our UID."""
    event: Any


class Without(Enum):
    """Changes to an event other than a new time."""

    WORDS = "words"
    """Keep its time taken, and remove all words."""
    IT = "it"
    """Remove the event."""


class Diary(Protocol):
    """One rep's calendar. All raise CalendarFailed with the remedy."""

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """The time taken in a range, by our meetings too, in order."""

    async def find(self, rep: Rep, uid: str) -> Kept | None:
        """The event of a meeting of ours; None when there is none."""

    async def add(self, rep: Rep, entry: CalendarEntry) -> bool:
        """Insert an event; False when one for that meeting exists or existed."""

    async def change(self, rep: Rep, kept: Kept, to: CalendarEntry | Without) -> bool:
        """Change the event we have seen; False when somebody else changed it meanwhile. What people
        added to it stays, except for `Without.WORDS`, which leaves only time and colleagues."""


class Tried(Protocol):
    """A calendar that can be tested before anything depends on it."""

    async def tried(self, rep: Rep) -> str:
        """The calendar's address, if it can be read and written. Raises: CalendarFailed."""


def besides(found: Iterable[Found], ours: Mapping[str, Ours]) -> tuple[Busy, ...]:
    """The time taken by other events, and by ours where a person moved them.

    The desk knows the time of our meetings; an event whose change we have yet to write is skipped.
    """
    kept = []
    for one in found:
        known = ours.get(one.uid)
        if known is not None:
            same = (known.start, known.end) == (one.busy.start, one.busy.end)
            if same or not known.stands or one.sequence < known.sequence:
                continue
        kept.append(one.busy)
    return tuple(kept)


def says_away(words: str) -> bool:
    """Whether the words of an all-day event say its owner is away although it is marked as free."""
    return bool(_AWAY.search(words))


def of_events(
    events: Any, read: Callable[[Event], Found | None], start: datetime, end: datetime
) -> Iterator[Found]:
    """The time that listed events take in a range; malformed entries are skipped. `read`: an
    event's time; None when it blocks nobody."""
    for event in events if isinstance(events, list) else ():
        try:
            found = read(event)
        except NO_EVENT:
            continue
        if found is not None and within(found.busy, start, end):
            yield found


def stamp(at: datetime) -> str:
    """An instant in the form of JSON services: RFC 3339, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def within(span: Busy, start: datetime, end: datetime) -> bool:
    """Whether two ranges of time overlap."""
    return span.start < end and span.end > start and span.start < span.end


def instant(at: date | datetime, zone: ZoneInfo) -> datetime:
    """In UTC; a date, or a time without zone, counts in the person's own."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def colleague(address: str, rep: Rep) -> bool:
    """Whether an address is at the rep's own company."""
    return address.lower().endswith("@" + rep.email.lower().rpartition("@")[2])
