"""Ranks the reps who may take a lead, and explains why one comes before another. Pure.

Relationship first, then availability if urgent, then segment and place, then expertise, then
fairness: fewest recent leads, longest without one, the rule's order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.presence import presence
from core.routing.lead import Lead
from core.scheduling.board import Assigned
from knowledge.profile import Company, Rep, RoutingRule

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rep with their sort keys; smaller comes first."""

    rep: Rep
    booked: bool
    owns: bool
    met: bool
    away: bool
    absent: bool
    """Urgent, and not at work now."""
    elsewhere: bool
    """Serves another segment or place than the buyer's, under a rule that requires none."""
    present: bool | None
    """Whether they are at work; None if unknown."""
    knows: tuple[str, ...]
    given: Assigned
    place: int
    """Position in the rule."""

    @classmethod
    def of(
        cls, rep: Rep, place: int, lead: Lead, company: Company, rule: RoutingRule,
        owner: Rep | None, elsewhere: bool = False,
    ) -> "Candidate":  # fmt: skip
        """A rep as a candidate for a lead under a rule."""
        topics = {t.lower() for t in lead.topics}
        present = presence(company, lead.at, rep).there if lead.at else None
        day = lead.at.astimezone(ZoneInfo(rep.timezone)).date() if lead.at else None
        away = any(day is not None and a.first <= day <= a.last for a in rep.away)
        urgent = rule.fast_track or rule.action == "transfer"
        return cls(
            rep, rep.id == lead.booked_with, owner is not None and rep.id == owner.id,
            rep.id in lead.met[:1], away, urgent and present is False, elsewhere, present,
            tuple(e for e in rep.expertise if e.lower() in topics),
            lead.ledger.get(rep.id, Assigned()), place,
        )  # fmt: skip

    @property
    def rank(self) -> tuple[object, ...]:
        """The sort key."""
        last = self.given.last or _LONG_AGO
        return (
            not self.booked, not self.owns, not self.met, self.away, self.absent, self.elsewhere,
            -len(self.knows), self.given.count, last, self.place,
        )  # fmt: skip

    def account(self, lead: Lead) -> str:
        """Why this one, in a sentence."""
        said = []
        if self.booked:
            said.append("has the meeting")
        if self.owns:
            said.append(
                "owns this buyer in the CRM"
                if lead.owner == self.rep.id
                else f"holds {lead.company}"
            )
        if self.met:
            said.append("has spoken with this buyer before")
        if self.knows:
            said.append(f"knows {', '.join(self.knows)}")
        if lead.place and self.rep.territories:
            said.append(f"place {lead.place}" + ("" if lead.said_place else " by the number"))
        if self.present is not None:
            said.append("at work now" if self.present else "not at work now")
        said.append(f"{lead.load.get(self.rep.id, 0)} of {self.rep.capacity} open leads")
        if self.given.count:
            said.append(f"{self.given.count} lately")
        return f"{self.rep.name}: {'; '.join(said)}."


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first."""
    return sorted(candidates, key=lambda c: c.rank)


def because(first: Candidate, other: Candidate) -> str:
    """Why `other` comes after `first`: the first key in which they differ."""
    pairs = zip(first.rank, other.rank, _REASONS, strict=True)
    reason = next(reason for one, another, reason in pairs if one != another)
    return reason.format(
        name=first.rep.name, knows=", ".join(first.knows),
        few=first.given.count, many=other.given.count,
    )  # fmt: skip


_REASONS = (
    "{name} has the meeting",
    "{name} holds the account",
    "{name} has spoken with this buyer before",
    "is away",
    "not at work now, and {name} is",
    "{name} serves this segment and place",
    "{name} knows more of the matter: {knows}",
    "{name} had fewer leads lately: {few} against {many}",
    "{name} has waited longer for a lead",
    "{name} comes first in the rule",
)
"""What each key of `Candidate.rank` says of the rep it puts first."""
