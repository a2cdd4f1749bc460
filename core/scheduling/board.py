"""The team's time as a conversation knows it: a snapshot, so that thinking stays pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.scheduling.slots import Busy


@dataclass(frozen=True, slots=True)
class Assigned:
    """A rep's line in the fairness ledger: leads lately given, and when the last one was."""

    count: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A meeting that stands. Instants are UTC; `zone` is the buyer's, empty when unknown."""

    id: str
    rep: str
    meeting: str
    start: datetime
    end: datetime
    uid: str
    """Of its calendar entry; the same however often it is moved."""
    sequence: int = 0
    zone: str = ""
    conversation_id: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The team's calendars, loads and ledger at an instant; reps are named by id."""

    at: datetime
    busy: Mapping[str, tuple[Busy, ...]] = field(default_factory=dict)
    load: Mapping[str, int] = field(default_factory=dict)
    """Open leads of each rep."""
    ledger: Mapping[str, Assigned] = field(default_factory=dict)
    met: tuple[str, ...] = ()
    """Reps this number, or this person for certain, was given to before, the latest first."""
    booked: tuple[Booking, ...] = ()
    """Meetings to come of this number, or of this person for certain, soonest first."""
