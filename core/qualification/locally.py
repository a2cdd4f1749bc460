"""Criteria by location: which local rule applies to the buyer, and the resulting state.

A place that was only looked up, or derived from a number, disqualifies nobody whom the usual rule
would not. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.events import CriterionResult, SignalCaptured
from core.geography.places import covers_place
from core.qualification.criteria import judge_criterion
from core.qualification.segments import latest
from knowledge.profile import Company, Criterion, Local, Segment


@dataclass(frozen=True, slots=True)
class Where:
    """Where a buyer is, as far as known."""

    place: str
    how: str = ""
    """How that is known, if they did not say so themselves."""


def where_of(signals: Sequence[SignalCaptured], by_number: str | None) -> Where | None:
    """Where they are: as they said, as a source says, else by the number they call from."""
    told = latest(signals, "location")
    if told is not None and told.polarity != "negative":
        return Where(told.value, {"enriched": "as looked up"}.get(told.basis, ""))
    return Where(by_number, "by their number") if by_number else None


def rule_at(criterion: Criterion, where: Where | None) -> Local | None:
    """The first local rule of a criterion for a place; None if the usual one applies."""
    place = where.place if where else None
    return next((r for r in criterion.local if covers_place(r.territories, place)), None)


def criterion_at(criterion: Criterion, where: Where | None) -> Criterion:
    """A criterion as it applies at the buyer's place."""
    rule = rule_at(criterion, where)
    return criterion.with_rule(rule) if rule else criterion


def segment_at(segment: Segment, where: Where | None) -> Segment:
    """A segment with its criteria as they apply at the buyer's place."""
    there = tuple(criterion_at(c, where) for c in segment.criteria)
    return segment.model_copy(update={"criteria": there}) if there != segment.criteria else segment


def judge_at(
    criterion: Criterion, where: Where | None, signals: Sequence[SignalCaptured], today: date,
    company: Company,
) -> CriterionResult:  # fmt: skip
    """The state of a criterion at the buyer's place, with the rule that decided it."""
    rule = rule_at(criterion, where)
    if rule is None or where is None:
        return judge_criterion(criterion, signals, today, company)
    made = judge_criterion(criterion.with_rule(rule), signals, today, company)
    known = f", {where.how}" if where.how else ""
    why = f": {rule.because}" if rule.because else ""
    reason = f"{made.reason} That is the rule in {where.place}{known}{why}."
    made = replace(made, where=where.place, reason=reason if made.signals else made.reason)
    if where.how and made.state == "not_met":
        usual = judge_criterion(criterion, signals, today, company)
        if usual.state != "not_met":
            reason = f"{reason} Where they are was not said, which turns nobody down."
            return replace(made, state="unknown", reason=reason)
    return made
