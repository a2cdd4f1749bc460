"""Derives a verdict from signals and criteria: pure, explained, no rejection without evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from core.accounts import account_named
from core.events import Flip, SignalCaptured, Verdict, VerdictReached
from core.geography.namesakes import in_full
from core.geography.places import lies_outside, territories
from core.qualification.hypotheses import flips, powers
from core.qualification.leaning import Leaning, leaning
from core.qualification.locally import Where, judge_at, segment_at, where_of
from core.qualification.segments import applies, applying, choose_segment, latest
from core.qualification.weighing import Line, lines_of, score, weigh
from knowledge.profile import Company, Disqualifier, Segment

TELLING_APART = 0.4
"""Value of learning what separates the possible segments, on the scale of `powers`."""


@dataclass(frozen=True)
class Case:
    """The basis of a verdict: standing signals, the day, and whether a person was asked for."""

    company: Company
    signals: Sequence[SignalCaptured]
    today: date
    turn: int = 0
    wants_human: bool = False
    by_number: str | None = None
    """The place of their number, for buyers who did not say where they are."""

    @cached_property
    def kinds(self) -> tuple[Segment | None, tuple[Segment, ...]]:
        """The proven or inferred segment, if any, and all that are still possible."""
        segment, possible = self._told
        return segment or (self.leaning.segment if self.leaning else None), possible

    @cached_property
    def _told(self) -> tuple[Segment | None, tuple[Segment, ...]]:
        return choose_segment(self.company.segments, self.signals)

    @cached_property
    def leaning(self) -> Leaning | None:
        """The segment inferred from what was told, if any."""
        segment, possible = self._told
        return None if segment else leaning(self.company, possible, self.signals)

    @cached_property
    def lines(self) -> dict[str, tuple[Line, ...]]:
        """The criteria's states, for the proven segment or else for each possible one."""
        segment, possible = self.kinds
        where = where_of(self.signals, self.by_number)
        return {s.id: self._lines(s, where) for s in ((segment,) if segment else possible)}

    @cached_property
    def target(self) -> str | None:
        """The target account they belong to."""
        return target_account(self.signals, self.company)

    @cached_property
    def out(self) -> tuple[Disqualifier, SignalCaptured] | None:
        """The disqualifier they meet, and the words."""
        return disqualified_by(self.signals, self.company)

    def _lines(self, segment: Segment, where: Where | None) -> tuple[Line, ...]:
        signals, company = self.signals, self.company
        segment = applying(segment, signals)
        results = [judge_at(c, where, signals, self.today, company) for c in segment.criteria]
        return lines_of(company, segment_at(segment, where), results, signals)


def verdict(case: Case, version: str) -> VerdictReached:
    """The verdict on a conversation so far, with what would change it."""
    segment, possible = case.kinds
    judged = segment or _suggested(possible, case) or possible[0]
    lines = case.lines[judged.id]
    result, reasons = _result(case, segment, lines)
    if case.leaning and result in ("qualified", "nurture", "insufficient"):
        reasons = (*reasons, case.leaning.reason)
    return VerdictReached(
        result,
        segment.id if segment else None,
        score(lines),
        tuple(line.result for line in lines),
        tuple(line.name for line in lines if line.result.state == "unknown"),
        reasons,
        version,
        case.turn,
        _changes(case, segment, lines, result),
    )


def _suggested(possible: Sequence[Segment], case: Case) -> Segment | None:
    """The segment that questions suggest: shown until one is proven, but never used as such."""
    hints = [s.value for s in case.signals if s.criterion == "segment"]
    return next((s for hint in reversed(hints) for s in possible if s.id == hint), None)


def worth_asking(case: Case) -> dict[str, float]:
    """Each criterion whose answer could change the result, with how much it could (0..1].

    Empty: nothing left to learn can change anything, so asking stops.
    """
    segment, possible = case.kinds
    if case.target or case.out:
        return {}
    kinds = (segment,) if segment else possible
    sure = segment is not None and case.leaning is None
    unsure = possible[: possible.index(segment)] if sure and segment else possible
    worth: dict[str, float] = {}
    for each in kinds:
        lines = case.lines[each.id]
        ready = {line.name for line in lines if applies(line.criterion, case.signals)}
        for name, power in powers(each, lines).items():
            if name in ready:
                worth[name] = worth.get(name, 0.0) + power / len(kinds)
    for name in _telling_apart(unsure, case):
        worth[name] = max(worth.get(name, 0.0), TELLING_APART)
    return {name: power for name, power in worth.items() if power}


def _telling_apart(possible: Sequence[Segment], case: Case) -> list[str]:
    """The unknown facts by which the possible segments differ."""
    names = dict.fromkeys(c.criterion for s in possible for c in s.conditions)
    return [name for name in names if latest(case.signals, name) is None]


def _result(
    case: Case, segment: Segment | None, lines: Sequence[Line]
) -> tuple[Verdict, tuple[str, ...]]:
    """The rules in order: target account, disqualifier, a person asked for, the criteria."""
    if case.target:
        return "needs_human", (f"{case.target} is a target account: a person decides.",)
    if case.out:
        return "disqualified", (f'{case.out[0].label}: said "{case.out[1].words}".',)
    if case.wants_human:
        return "needs_human", ("The caller asked for a person.",)
    if segment is None:
        alike = [weigh(s, case.lines[s.id]) for s in case.kinds[1] if _failed(case.lines[s.id])]
        if len(alike) == len(case.kinds[1]):
            return alike[0]  # whichever segment they are in
        return "insufficient", ("Not enough is known to tell the kind of buyer.",)
    return weigh(segment, lines)


def _failed(lines: Sequence[Line]) -> bool:
    """Whether a required criterion is not met; an unsupported tool may still be compensated."""
    return any(line.criterion.required and line.result.state == "not_met" for line in lines)


def _changes(
    case: Case, segment: Segment | None, lines: Sequence[Line], result: Verdict
) -> tuple[Flip, ...]:
    """The smallest changes that give another result: to what overrules the criteria, or to them."""
    overruled = _without(case, segment, lines, result)
    if overruled is not None:
        return overruled
    if segment is None:
        supposed = [(s, weigh(s, case.lines[s.id])[0]) for s in case.kinds[1]]
        return tuple(
            Flip(((f"segment:{s.id}", "met"),), other, f"If the segment were {s.label}: {other}.")
            for s, other in supposed
            if other != result
        )
    return flips(segment, lines, result)


def _without(
    case: Case, segment: Segment | None, lines: Sequence[Line], result: Verdict
) -> tuple[Flip, ...] | None:
    """The result without the fact that overrules the criteria; None if there is none."""
    if case.target:
        name, kept, words = "target_account", {"company"}, f"{case.target} were no target account"
    elif case.out:
        name, words = "disqualifier", f'"{case.out[0].label}" did not hold'
        kept = {"disqualifier", case.out[0].signal or "disqualifier"}
    elif case.wants_human:
        name, kept, words = "wants_human", set(), "no person had been asked for"
    else:
        return None
    rest = replace(case, signals=[s for s in case.signals if s.criterion not in kept])
    if name == "wants_human":
        rest = replace(rest, wants_human=False)
    other = _result(rest, segment, lines)[0]
    return (Flip(((name, "not_met"),), other, f"If {words}: {other}."),) if other != result else ()


def target_account(signals: Sequence[SignalCaptured], company: Company) -> str | None:
    """The target account the caller said they are from, allowing for recognition errors."""
    stated = latest(signals, "company")
    return account_named(stated.value if stated else None, company.target_accounts)


def disqualified_by(
    signals: Sequence[SignalCaptured], company: Company
) -> tuple[Disqualifier, SignalCaptured] | None:
    """The stated disqualifier and the words; implied or unsure ones do not count."""
    stated = [s for s in signals if s.basis == "stated"]
    for item in company.disqualifiers:
        values = {v.lower() for v in item.values}
        for signal in stated:
            by_phrase = signal.criterion == "disqualifier" and signal.value == item.id
            by_value = (
                signal.criterion == item.signal
                and signal.polarity != "negative"
                and bool(values & {v.lower() for v in _wider(signal)})
            )
            elsewhere = (
                bool(item.outside)
                and signal.criterion == "location"
                and signal.polarity != "negative"
                and in_full(signal.value, signal.words)
                and lies_outside(item.outside, signal.value)
            )
            if by_phrase or by_value or elsewhere:
                return item, signal
    return None


def _wider(signal: SignalCaptured) -> Sequence[str]:
    """A value and the places that contain it: Havana is in Cuba. An ambiguous town name
    disqualifies nobody."""
    if signal.criterion != "location" or not in_full(signal.value, signal.words):
        return (signal.value,)
    return territories(signal.value)
