"""How well a stated value fits what a company sells: by its lists, scenarios and tool matrix."""

from dataclasses import dataclass
from typing import Literal

from knowledge.profile import Company, Criterion

Degree = Literal["full", "partly", "none"]
_DEGREES: dict[str, Degree] = {"native": "full", "through": "partly", "none": "none"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a value fits, and the company's explanation if only in part."""

    degree: Degree
    because: str = ""


def fit_of(company: Company, criterion: Criterion, value: str) -> Fit | None:
    """The fit of a choice criterion's value; None if the company does not say."""
    low = value.lower()
    if low in (v.lower() for v in criterion.none_of):
        return Fit("none", _why(company, low))
    for line in company.compatibility:
        if line.kind in criterion.tool_kinds and low in (t.lower() for t in line.tools):
            return Fit(_DEGREES[line.fit], line.because)
    if low in (v.lower() for v in criterion.any_of):
        scenario = next((s for s in company.scenarios if s.value.lower() == low), None)
        return Fit(scenario.fit, scenario.because) if scenario else Fit("full")
    return None


def values_of(company: Company, criterion: Criterion) -> tuple[str, ...]:
    """All values that can meet a choice criterion."""
    tools = [
        tool
        for line in company.compatibility
        if line.kind in criterion.tool_kinds and line.fit != "none"
        for tool in line.tools
    ]
    return tuple(dict.fromkeys((*criterion.any_of, *tools)))


def _why(company: Company, low: str) -> str:
    lines = (line for line in company.compatibility if low in (t.lower() for t in line.tools))
    return next((line.because for line in lines), "")
