"""From signals and criteria to a verdict: pure, explained, never a no without stated evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from core.events import CriterionResult, SignalCaptured, Verdict, VerdictReached
from core.qualification.criteria import judge_criterion
from core.qualification.segments import choose_segment, latest
from knowledge.profile import Company, Criterion, Segment

TARGET_CUTOFF = 88.0
"""Likeness, of 100, from which a stated company is taken for a target account."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a verdict rests on: standing signals, the day, and whether a person was asked for."""

    signals: Sequence[SignalCaptured]
    today: date
    turn: int = 0
    wants_human: bool = False


def verdict(case: Case, company: Company, version: str) -> VerdictReached:
    """The verdict on a conversation so far."""
    segment, possible = choose_segment(company.segments, case.signals)
    judged = (segment or possible[0]).criteria if possible else ()
    results = tuple(judge_criterion(c, case.signals, case.today) for c in judged)
    score = _score(judged, results)
    result, reasons = _result(case, company, segment, judged, results)
    missing = tuple(r.name for r in results if r.state == "unknown")
    return VerdictReached(
        result,
        segment.id if segment else None,
        score,
        results,
        missing,
        reasons,
        version,
        case.turn,
    )


def _result(
    case: Case, company: Company, segment: Segment | None,
    criteria: Sequence[Criterion], results: Sequence[CriterionResult],
) -> tuple[Verdict, tuple[str, ...]]:  # fmt: skip
    """The rules in their order: target account, disqualifier, a person asked for, the criteria."""
    target = target_account(case.signals, company)
    out = disqualified_by(case.signals, company)
    if target:
        return "needs_human", (f"{target} is a target account: a person decides.",)
    if out:
        return "disqualified", (f'{out[0]}: said "{out[1].quote}".',)
    if case.wants_human:
        return "needs_human", ("The caller asked for a person.",)
    if segment is None:
        return "insufficient", ("Not enough is known to tell the kind of buyer.",)
    return _by_criteria(segment, criteria, results, case.signals)


def _by_criteria(
    segment: Segment,
    criteria: Sequence[Criterion],
    results: Sequence[CriterionResult],
    signals: Sequence[SignalCaptured],
) -> tuple[Verdict, tuple[str, ...]]:
    """Required first, then what we cannot serve, then whether enough is known, then the score."""
    judged = list(zip(criteria, results, strict=True))
    failed = [
        r for c, r in judged if r.state == "not_met" and (c.required or _ruled_out(c, r, signals))
    ]
    if failed:
        return "nurture", tuple(f"{r.name}: {r.reason}" for r in failed)
    if open_ := [r.name for c, r in judged if c.required and r.state == "unknown"]:
        return "insufficient", (f"Still to learn: {', '.join(open_)}.",)
    known = sum(c.weight for c, r in judged if r.state != "unknown")
    total = sum(c.weight for c in criteria) or 1.0
    if known / total < segment.judge_at:
        names = ", ".join(r.name for r in results if r.state == "unknown")
        return "insufficient", (f"Only {known / total:.0%} is known; unknown: {names}.",)
    share = _score(criteria, results)
    met = ", ".join(r.name for r in results if r.state == "met") or "nothing"
    if share >= segment.qualify_at:
        return "qualified", (f"{segment.label}: {met} met ({share:.0%} of what is known).",)
    return "nurture", (
        f"Only {share:.0%} of what is known fits; {segment.qualify_at:.0%} is wanted.",
    )


def _ruled_out(
    criterion: Criterion, result: CriterionResult, signals: Sequence[SignalCaptured]
) -> bool:
    """Whether a value was named that we cannot serve, which no other fit makes up for."""
    values = {s.value.lower() for s in signals if s.signal_id in result.signals}
    return bool(values & {v.lower() for v in criterion.none_of})


def _score(criteria: Sequence[Criterion], results: Sequence[CriterionResult]) -> float:
    """Share of the known weight that is met; 0 when nothing is known."""
    known = sum(c.weight for c, r in zip(criteria, results, strict=True) if r.state != "unknown")
    met = sum(c.weight for c, r in zip(criteria, results, strict=True) if r.state == "met")
    return round(met / known, 3) if known else 0.0


def target_account(signals: Sequence[SignalCaptured], company: Company) -> str | None:
    """The target account the caller said they are from, allowing for how it was heard."""
    stated = latest(signals, "company")
    if stated is None:
        return None
    for account in company.target_accounts:
        if fuzz.ratio(stated.value.lower(), account.lower()) >= TARGET_CUTOFF:
            return account
    return None


def disqualified_by(
    signals: Sequence[SignalCaptured], company: Company
) -> tuple[str, SignalCaptured] | None:
    """The disqualifier that was stated, by its label, and the words; implied ones do not count."""
    stated = [s for s in signals if s.basis == "stated"]
    for item in company.disqualifiers:
        for signal in stated:
            by_phrase = signal.criterion == "disqualifier" and signal.value == item.id
            values = {v.lower() for v in item.values}
            by_value = (
                signal.criterion == item.signal
                and signal.value.lower() in values
                and signal.polarity != "negative"
            )
            if by_phrase or by_value:
                return item.label, signal
    return None


def undecided(case: Case, company: Company, version: str) -> tuple[str, ...]:
    """Criteria worth learning: those that could still change the result. Empty: stop asking."""
    segment, possible = choose_segment(company.segments, case.signals)
    if target_account(case.signals, company) or disqualified_by(case.signals, company):
        return ()
    if segment is None:
        names = [c.name for s in possible for c in s.criteria]
        results = {n: _best_state(n, possible, case) for n in names}
        return tuple(dict.fromkeys(n for n in names if results[n] == "unknown"))
    results_ = [judge_criterion(c, case.signals, case.today) for c in segment.criteria]
    best, worst = (_hypothetical(segment, results_, s, case) for s in ("met", "not_met"))
    if best == worst:
        return ()
    return tuple(r.name for r in results_ if r.state == "unknown")


def _best_state(name: str, segments: Sequence[Segment], case: Case) -> str:
    states = {
        judge_criterion(c, case.signals, case.today).state
        for s in segments
        for c in s.criteria
        if c.name == name
    }
    return "unknown" if "unknown" in states and len(states) == 1 else "known"


def _hypothetical(
    segment: Segment, results: Sequence[CriterionResult], state: str, case: Case
) -> Verdict:
    """The result if everything unknown turned out `state`."""
    filled = [
        r
        if r.state != "unknown"
        else CriterionResult(r.name, "met" if state == "met" else "not_met", "")
        for r in results
    ]
    return _by_criteria(segment, segment.criteria, filled, case.signals)[0]
