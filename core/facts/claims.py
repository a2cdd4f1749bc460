"""What the team does with a lead: somebody claims it, rates the handoff, and reports the outcome.

These facts come after the conversation, and are part of its log like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LEAST, MOST = 1, 5
"""Range of a rating; 5 is best."""


@dataclass(frozen=True, slots=True)
class LeadClaimed:
    """Somebody claimed the lead; a log has one of these, so the first claim wins."""

    by: str
    """Id of a rep or steward, or a name unknown to the company folder."""
    through: str
    """Where they claimed it: slack, api or console."""


@dataclass(frozen=True, slots=True)
class HandoffRated:
    """A handoff's rating by the person who took it; each person's latest counts."""

    by: str
    score: int
    """1 to 5; 0 if only the other question was answered."""
    repeated: bool | None
    """Whether the buyer had to repeat what they had told the agent; None: not answered."""
    through: str


@dataclass(frozen=True, slots=True)
class MeetingTold:
    """Whether the booked meeting took place; the latest of these counts."""

    booking_id: str
    outcome: Literal["held", "no_show", ""]
    """Empty: withdrawn, so it is unknown."""
    by: str
    through: str


@dataclass(frozen=True, slots=True)
class DealTold:
    """The lead's status in the company's own pipeline; the latest of these counts."""

    stage: Literal["open", "won", "lost", ""]
    """Empty: withdrawn, so there is none."""
    amount: int | None
    """In minor units of `currency`, such as cents; None: not reported."""
    currency: str
    by: str
    through: str


def rated(ratings: Iterable[HandoffRated]) -> dict[str, HandoffRated]:
    """Each person's latest answers to the two questions, by person."""
    found: dict[str, HandoffRated] = {}
    for rating in ratings:
        before = found.get(rating.by)
        score = rating.score or (before.score if before else 0)
        again = rating.repeated
        if again is None and before is not None:
            again = before.repeated
        found[rating.by] = HandoffRated(rating.by, score, again, rating.through)
    return found
