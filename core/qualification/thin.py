"""Segments in which a single answer qualifies a buyer. Pure."""

from collections.abc import Iterator, Sequence

from core.events import CriterionResult
from core.qualification.weighing import Line, weigh
from knowledge.profile import Company, Criterion, Segment


def thin(company: Company) -> Iterator[tuple[Segment, Criterion]]:
    """Each such segment with the sufficient answer. An explicit `judge_at: 0` is intended."""
    for segment in company.segments:
        meant = segment.judge_at == 0 and "judge_at" in segment.model_fields_set
        always = [c for c in segment.criteria if not c.when]
        tells = {condition.criterion for condition in segment.conditions}
        first = [c for c in always if c.name in tells] or always  # others only add to it
        enough = next((c for c in first if _qualifies(segment, always, c)), None)
        if enough and not meant:
            yield segment, enough


def _qualifies(segment: Segment, criteria: Sequence[Criterion], one: Criterion) -> bool:
    """Whether a buyer who meets this one, and told nothing else, is judged a fit."""
    lines = [
        Line(c, CriterionResult(c.name, "met" if c is one else "unknown", "")) for c in criteria
    ]
    return weigh(segment, lines)[0] == "qualified"
