"""The results of each chat invitation: reactions, and what became of those who accepted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from core.metrics.outcomes import Came

Met = Literal["shown", "taken", "dismissed"]


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation in a period. Visitors who accept it and write nothing are no conversation."""

    rule: str
    shown: int
    taken: int
    dismissed: int
    conversations: int
    qualified: int
    meetings: int
    deals: int

    @property
    def taken_share(self) -> float | None:
        """Accepted, out of those who saw it; None if nobody did."""
        return round(self.taken / self.shown, 4) if self.shown else None

    def told(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"taken_share": self.taken_share}


def invited(counted: Mapping[tuple[str, str], int], ended: Sequence[Came]) -> tuple[Invited, ...]:
    """Each invitation that was shown or began a conversation, most leads first.

    `counted`: how often, by rule and `Met`.
    """
    rules = {rule for rule, _ in counted} | {c.invitation for c in ended if c.invitation}
    made = []
    for rule in rules:
        came = [c for c in ended if c.invitation == rule]
        shown, taken, dismissed = (counted.get((rule, what), 0) for what in get_args(Met))
        made.append(
            Invited(
                rule, shown, taken, dismissed, len(came), sum(c.qualified for c in came),
                sum(c.meeting_at is not None for c in came), sum(bool(c.stage) for c in came),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda i: (-i.qualified, -i.conversations, -i.shown, i.rule)))
