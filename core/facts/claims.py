"""What the team does with a lead it was told of: somebody takes it, rates the handoff, and tells
what came of it.

These facts come after a conversation, and are part of its log as any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LEAST, MOST = 1, 5
"""Of a rating; 5 is best."""


@dataclass(frozen=True, slots=True)
class LeadClaimed:
    """Somebody took the lead; there is one of these in a log, so whoever was first has it."""

    by: str
    """Id of a rep or steward, or a name nobody here has."""
    through: str
    """Where they said so: slack, api or console."""


@dataclass(frozen=True, slots=True)
class HandoffRated:
    """How good the handoff was to the person who took it over; the latest of each person counts."""

    by: str
    score: int
    """1 to 5; 0 where only the other question was answered."""
    repeated: bool | None
    """Whether the buyer had to say again what they had told the agent; None: not answered."""
    through: str


@dataclass(frozen=True, slots=True)
class MeetingTold:
    """Whether the meeting that was booked took place; the latest of these counts."""

    booking_id: str
    outcome: Literal["held", "no_show", ""]
    """Empty: taken back, it is not known after all."""
    by: str
    through: str


@dataclass(frozen=True, slots=True)
class DealTold:
    """What came of the lead in the company's own pipeline; the latest of these counts."""

    stage: Literal["open", "won", "lost", ""]
    """Empty: taken back, there is none."""
    amount: int | None
    """In minor units of `currency`, such as cents; None: not told."""
    currency: str
    by: str
    through: str


def rated(ratings: Iterable[HandoffRated]) -> dict[str, HandoffRated]:
    """What each person said, by who they are: their latest answer to each of the two questions."""
    found: dict[str, HandoffRated] = {}
    for rating in ratings:
        before = found.get(rating.by)
        score = rating.score or (before.score if before else 0)
        again = rating.repeated
        if again is None and before is not None:
            again = before.repeated
        found[rating.by] = HandoffRated(rating.by, score, again, rating.through)
    return found
