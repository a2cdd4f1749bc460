"""Segments in which a single answer makes a buyer qualified. Pure."""

from collections.abc import Iterator, Sequence

from core.events import CriterionResult
from core.qualification.weighing import Line, weigh
from knowledge.profile import Company, Criterion, Segment


def thin(company: Company) -> Iterator[tuple[Segment, Criterion]]:
    """Each of them with the answer that is enough. Who wrote `judge_at: 0` meant it."""
    for segment in company.segments:
        meant = segment.judge_at == 0 and "judge_at" in segment.model_fields_set
        always = [c for c in segment.criteria if not c.when]
        tells = {condition.criterion for condition in segment.conditions}
        first = [c for c in always if c.name in tells] or always  # any other comes on top of it
        enough = next((c for c in first if _qualifies(segment, always, c)), None)
        if enough and not meant:
            yield segment, enough


def _qualifies(segment: Segment, criteria: Sequence[Criterion], one: Criterion) -> bool:
    """Whether who meets this one, and told nothing else, is judged a fit."""
    lines = [
        Line(c, CriterionResult(c.name, "met" if c is one else "unknown", "")) for c in criteria
    ]
    return weigh(segment, lines)[0] == "qualified"
