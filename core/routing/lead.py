"""What routing looks at: one buyer, and how the team stands at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.scheduling.board import Assigned, Board


@dataclass(frozen=True, slots=True)
class Lead:
    """A buyer to be routed. `place` is as the caller said it, or follows from their number."""

    verdict: str
    segment: str | None = None
    place: str | None = None
    topics: tuple[str, ...] = ()
    company: str | None = None
    load: Mapping[str, int] = field(default_factory=dict)
    """Open leads each rep already has, by rep id."""
    turn: int = 0
    said_place: bool = True
    """Whether the place was said, and does not only follow from a number."""
    language: str | None = None
    """The language the buyer asked for, as an ISO code."""
    ledger: Mapping[str, Assigned] = field(default_factory=dict)
    """Leads lately given to each rep."""
    met: tuple[str, ...] = ()
    """Reps the buyer was given to before, the latest first."""
    booked_with: str | None = None
    """The rep a meeting stands with."""
    owner: str | None = None
    """The rep who owns the buyer in the CRM."""
    intent: tuple[str, ...] = ()
    """Topics their company was seen to read up on."""
    customer: bool = False
    """They are a customer already."""
    at: datetime | None = None
    """Now; None where it does not matter who is at work."""

    def with_board(self, board: Board | None) -> "Lead":
        """The same lead with what is known of the team."""
        if board is None:
            return self
        return replace(self, load=board.load, ledger=board.ledger, met=board.met)
