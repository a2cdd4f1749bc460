"""Combines a segment's criteria into a result: required, ruled out, enough known, score. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.events import CriterionResult, CriterionState, SignalCaptured, Verdict
from knowledge.fitting import fit_of
from knowledge.profile import Company, Criterion, Segment

PARTLY = 0.5
"""The weight factor of a criterion met in part."""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion in its actual or assumed state."""

    criterion: Criterion
    result: CriterionResult
    ruled_out: bool = False
    """Not met because of an unsupported value, which no other fit can compensate."""

    @property
    def name(self) -> str:
        return self.criterion.name

    @property
    def label(self) -> str:
        """Its name in reasons."""
        return self.criterion.label

    @property
    def earned(self) -> float:
        """Its contribution to the score."""
        if self.result.state != "met":
            return 0.0
        return self.criterion.weight * (PARTLY if self.result.partly else 1.0)

    def supposed(self, state: CriterionState) -> "Line":
        """The same line in an assumed state."""
        return Line(self.criterion, CriterionResult(self.name, state, ""))


def lines_of(
    company: Company,
    segment: Segment,
    results: Sequence[CriterionResult],
    signals: Sequence[SignalCaptured],
) -> tuple[Line, ...]:
    """The criteria of a segment with their results."""
    by_id = {s.signal_id: s for s in signals}
    made = []
    for criterion, result in zip(segment.criteria, results, strict=True):
        values = [by_id[i].value for i in result.signals if i in by_id]
        fits = [fit_of(company, criterion, v) for v in values]
        out = result.state == "not_met" and any(f and f.degree == "none" for f in fits)
        made.append(Line(criterion, result, out))
    return tuple(made)


def weigh(segment: Segment, lines: Sequence[Line]) -> tuple[Verdict, tuple[str, ...]]:
    """Required first, then what we cannot serve, then whether enough is known, then the score."""
    if failed := [line for line in lines if fails(line)]:
        return "nurture", tuple(f"{e.label}: {e.result.reason}" for e in failed)
    if open_ := [e.label for e in lines if e.criterion.required and e.result.state == "unknown"]:
        return "insufficient", (f"Still to learn: {', '.join(open_)}.",)
    share_known = known_share(lines)
    if share_known < segment.judge_at:
        names = ", ".join(e.label for e in lines if e.result.state == "unknown")
        return "insufficient", (f"Only {share_known:.0%} is known; unknown: {names}.",)
    share = score(lines)
    met = ", ".join(_met(e) for e in lines if e.result.state == "met") or "nothing"
    if share >= segment.qualify_at:
        return "qualified", (f"{segment.label}: {met} met ({share:.0%} of what is known).",)
    return "nurture", (
        f"Only {share:.0%} of what is known fits; {segment.qualify_at:.0%} is wanted.",
    )


def fails(line: Line) -> bool:
    """Whether this one alone disqualifies."""
    return line.result.state == "not_met" and (line.criterion.required or line.ruled_out)


def _met(line: Line) -> str:
    return f"{line.label} (partly)" if line.result.partly else line.label


def known_share(lines: Sequence[Line]) -> float:
    """Share of the total weight that is known."""
    known = sum(e.criterion.weight for e in lines if e.result.state != "unknown")
    return known / (sum(e.criterion.weight for e in lines) or 1.0)


def score(lines: Sequence[Line]) -> float:
    """Share of the known weight that is met; 0 when nothing is known."""
    known = sum(e.criterion.weight for e in lines if e.result.state != "unknown")
    return round(sum(e.earned for e in lines) / known, 3) if known else 0.0
