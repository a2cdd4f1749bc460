"""How often the agent mishears what buyers say about themselves, by corrections. Pure.

Only reviewed conversations count: a lack of corrections elsewhere says nothing. Only those drawn at
random give the estimate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.metrics.estimate import Estimate, wilson
from core.metrics.outcomes import Came


@dataclass(frozen=True, slots=True)
class Hearing:
    """What corrections say about a period's signals."""

    share: Estimate | None
    """Estimated share heard wrong; None if no sampled conversation was reviewed."""
    conversations: int
    """Reviewed ones, sampled or not."""
    heard: int
    """Signals in these."""
    wrong: int
    """Corrected, or never said."""
    missed: int
    """Added by a person."""


def hearing(every: Sequence[Came], sample: float) -> Hearing:
    """The counts. `sample`: the share drawn for a second look."""
    seen = [c for c in every if c.colleague or c.reviewed or c.misheard or c.missed]
    drawn = [c for c in seen if c.draw < sample]
    heard = sum(c.heard for c in drawn)
    return Hearing(
        wilson(sum(c.misheard for c in drawn), heard) if heard else None, len(seen),
        sum(c.heard for c in seen), sum(c.misheard for c in seen), sum(c.missed for c in seen),
    )  # fmt: skip
