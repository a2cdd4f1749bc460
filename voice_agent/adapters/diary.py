"""`Diary`: one rep's calendar where it is kept, as each service has it; what is read there."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.scheduling.ports import Entry
from core.scheduling.slots import Busy
from knowledge.profile import Rep

Event = Mapping[str, Any]
"""An event as a service that speaks JSON has it."""
DAY = timedelta(days=1)
NO_EVENT = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
"""What reading something raises that is no event, whatever a server says."""
_AWAY = re.compile(
    r"\b(away|vacation|holidays?|(?:on|annual|parental|sick) leave|sick|pto|ooo"
    r"|out of (?:the )?office"
    r"|days? off|off work|urlaub|abwesend|krank|vacaciones|cong[ée]s?|ferie)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ours:
    """A meeting of ours as the books have it; `stands` until it is cancelled."""

    start: datetime
    end: datetime
    sequence: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting of ours as the calendar has it. Instants are UTC."""

    start: datetime
    end: datetime
    sequence: int
    declined: tuple[str, ...] = ()
    """Addresses of who declined."""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of time an event takes, and whose event it is."""

    busy: Busy
    uid: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An event of ours as we have seen it; `event` is how its service has it."""

    uid: str
    stands: Standing | None
    """None where something else lies under our UID."""
    event: Any


class Without(Enum):
    """What is to be done to an event besides giving it another time."""

    WORDS = "words"
    """Its time stays taken, and it says nothing any more."""
    IT = "it"
    """It is taken out."""


class Diary(Protocol):
    """One rep's calendar. Everything raises CalendarFailed, which names the remedy."""

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """What is taken of a stretch of time, ours as well, in order."""

    async def find(self, rep: Rep, uid: str) -> Kept | None:
        """The event of a meeting of ours; None where there is none."""

    async def add(self, rep: Rep, entry: Entry) -> bool:
        """Put an event in; False when there is one of that meeting, or was."""

    async def change(self, rep: Rep, kept: Kept, to: Entry | Without) -> bool:
        """Change what we have seen; False when somebody else did meanwhile. What people added to it
        stays, but for `Without.WORDS`, which leaves only time and colleagues.
        """


class Tried(Protocol):
    """A calendar that can be tried before anything depends on it."""

    async def tried(self, rep: Rep) -> str:
        """Where it is, if it can be read and written. Raises: CalendarFailed."""


def besides(found: Iterable[Found], ours: Mapping[str, Ours]) -> tuple[Busy, ...]:
    """The time taken by others' events, and by ours where somebody moved them.

    The desk itself knows the time of ours; one whose change is still to be written is not there.
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
    """Whether the words of a whole day tell that its owner is away, though it is marked as free."""
    return bool(_AWAY.search(words))


def of_events(
    events: Any, read: Callable[[Event], Found | None], start: datetime, end: datetime
) -> Iterator[Found]:
    """What events, as a service lists them, take of a stretch of time; what is no event is left
    out. `read`: one that takes its owner's time; None for one that does not."""
    for event in events if isinstance(events, list) else ():
        try:
            found = read(event)
        except NO_EVENT:
            continue
        if found is not None and within(found.busy, start, end):
            yield found


def stamp(at: datetime) -> str:
    """An instant as JSON services write it: RFC 3339, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def within(span: Busy, start: datetime, end: datetime) -> bool:
    """Whether a stretch of time has a part in another."""
    return span.start < end and span.end > start and span.start < span.end


def instant(at: date | datetime, zone: ZoneInfo) -> datetime:
    """UTC; a day and a time without zone are the person's own."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def colleague(address: str, rep: Rep) -> bool:
    """Whether an address is one of the rep's own company."""
    return address.lower().endswith("@" + rep.email.lower().rpartition("@")[2])
