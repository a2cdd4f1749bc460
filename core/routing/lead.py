"""What routing looks at: one buyer, and the team's status at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.scheduling.board import Assigned, Board

OPTED_OUT = "They asked not to be contacted."
ABUSIVE = "They were abusive, and the conversation was ended."


def gone(*, opted_out: bool, abuse: int) -> str:
    """Why nobody may follow up; `abuse`: how often they were abusive."""
    return OPTED_OUT if opted_out else ABUSIVE if abuse >= MOST_ABUSE else ""


MOST_ABUSE = 2
"""From this many abusive turns on the conversation is ended."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A buyer to be routed. `place` is as the caller said it, or derived from their number."""

    verdict: str
    segment: str | None = None
    place: str | None = None
    topics: tuple[str, ...] = ()
    company: str | None = None
    load: Mapping[str, int] = field(default_factory=dict)
    """Open leads of each rep, by rep id."""
    turn: int = 0
    said_place: bool = True
    """Whether they said the place, rather than it being derived from a number."""
    language: str | None = None
    """The language the buyer asked for, as an ISO code."""
    ledger: Mapping[str, Assigned] = field(default_factory=dict)
    """Recent leads given to each rep."""
    met: tuple[str, ...] = ()
    """Reps the buyer was given to before, latest first."""
    booked_with: str | None = None
    """The rep they have a meeting with."""
    owner: str | None = None
    """The rep who owns the buyer in the CRM."""
    intent: tuple[str, ...] = ()
    """Topics their company was seen researching."""
    customer: bool = False
    """Whether they are already a customer."""
    gone: str = ""
    """Why nobody may follow up, whatever the rules say; empty if somebody may."""
    at: datetime | None = None
    """Now; None if it does not matter who is at work."""

    def with_board(self, board: Board | None) -> "Lead":
        """The same lead with the team's status from a board."""
        if board is None:
            return self
        return replace(self, load=board.load, ledger=board.ledger, met=board.met)
