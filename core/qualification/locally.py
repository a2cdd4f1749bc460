"""Criteria where the buyer is: which rule of a criterion holds there, and what it makes of them.

A place that was only looked up, or follows from a number, turns nobody down whom the usual rule
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
    """Where a buyer is, as far as that is known."""

    place: str
    how: str = ""
    """How that is known, where they did not say so themselves."""


def where_of(signals: Sequence[SignalCaptured], by_number: str | None) -> Where | None:
    """Where they are: as they said, as somebody has it, else by the number they call from."""
    told = latest(signals, "location")
    if told is not None and told.polarity != "negative":
        return Where(told.value, {"enriched": "as looked up"}.get(told.basis, ""))
    return Where(by_number, "by their number") if by_number else None


def rule_at(criterion: Criterion, where: Where | None) -> Local | None:
    """The first rule of a criterion that holds at a place; None where the usual one does."""
    place = where.place if where else None
    return next((r for r in criterion.local if covers_place(r.territories, place)), None)


def criterion_at(criterion: Criterion, where: Where | None) -> Criterion:
    """A criterion as it is where the buyer is."""
    rule = rule_at(criterion, where)
    return criterion.with_rule(rule) if rule else criterion


def segment_at(segment: Segment, where: Where | None) -> Segment:
    """A segment with its criteria as they are where the buyer is."""
    there = tuple(criterion_at(c, where) for c in segment.criteria)
    return segment.model_copy(update={"criteria": there}) if there != segment.criteria else segment


def judge_at(
    criterion: Criterion, where: Where | None, signals: Sequence[SignalCaptured], today: date,
    company: Company,
) -> CriterionResult:  # fmt: skip
    """The state of a criterion where the buyer is, with the rule it was judged by."""
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
