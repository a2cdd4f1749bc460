"""The team's availability as a conversation sees it: a snapshot, so that thinking stays pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.scheduling.slots import Busy


@dataclass(frozen=True, slots=True)
class Assigned:
    """A rep's line in the fairness ledger: recent leads, and when the last one was given."""

    count: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A booked meeting. Instants are UTC; `zone` is the buyer's, empty when unknown."""

    id: str
    rep: str
    meeting: str
    start: datetime
    end: datetime
    uid: str
    """Of its calendar entry; it stays the same when the meeting moves."""
    sequence: int = 0
    zone: str = ""
    conversation_id: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The team's calendars, loads and ledger at an instant; reps are keyed by id."""

    at: datetime
    busy: Mapping[str, tuple[Busy, ...]] = field(default_factory=dict)
    load: Mapping[str, int] = field(default_factory=dict)
    """Open leads of each rep."""
    ledger: Mapping[str, Assigned] = field(default_factory=dict)
    met: tuple[str, ...] = ()
    """Reps this number, or this person if certain, was given to before, latest first."""
    booked: tuple[Booking, ...] = ()
    """Upcoming meetings of this number, or of this person if certain, soonest first."""
