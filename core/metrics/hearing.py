"""How often the agent mishears what buyers tell of themselves, by what people put right. Pure.

Only conversations somebody went through tell: that nobody corrected the others says nothing. Those
drawn at random alone tell of the rest.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.metrics.estimate import Estimate, wilson
from core.metrics.outcomes import Came


@dataclass(frozen=True, slots=True)
class Hearing:
    """What corrections say of a period's signals."""

    share: Estimate | None
    """Heard wrong, estimated; None where no conversation that was drawn was gone through."""
    conversations: int
    """Gone through, drawn or not."""
    heard: int
    """Signals in these."""
    wrong: int
    """Put right, or never said."""
    missed: int
    """Added by a person."""

    def told(self) -> dict[str, Any]:
        """JSON-ready; what is not known is null."""
        return asdict(self)


def hearing(every: Sequence[Came], sample: float) -> Hearing:
    """Count it. `sample`: the share drawn for a second look."""
    seen = [c for c in every if c.colleague or c.reviewed or c.misheard or c.missed]
    drawn = [c for c in seen if c.draw < sample]
    heard = sum(c.heard for c in drawn)
    return Hearing(
        wilson(sum(c.misheard for c in drawn), heard) if heard else None, len(seen),
        sum(c.heard for c in seen), sum(c.misheard for c in seen), sum(c.missed for c in seen),
    )  # fmt: skip
