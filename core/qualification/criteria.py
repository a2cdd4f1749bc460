"""Judges one criterion by what was said: met, not met or unknown, with reason and evidence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.events import CriterionResult, CriterionState, SignalCaptured
from core.qualification.roles import judge_role
from core.quantity import bounds, within
from knowledge.fitting import fit_of
from knowledge.profile import Company, Criterion

SURE = 0.4
"""Signals with less confidence than this are noted but decide nothing."""


def judge_criterion(
    criterion: Criterion, signals: Sequence[SignalCaptured], today: date, company: Company
) -> CriterionResult:
    """The state of one criterion on a given day. Pure."""
    own = [s for s in signals if s.criterion == criterion.name]
    sure = [s for s in own if s.confidence >= SURE]
    if not own:
        return CriterionResult(criterion.name, "unknown", "Not said yet.")
    if not sure:
        ids = tuple(s.signal_id for s in own)
        return CriterionResult(criterion.name, "unknown", "Heard, but not surely enough.", ids)
    judged = _judged(criterion, sure, today, company)
    if any(s.by for s in sure if s.signal_id in judged.signals):
        judged = replace(judged, reason=f"{judged.reason} As corrected by a person.")
    if judged.state == "not_met" and all(s.basis == "enriched" for s in sure):
        reason = f"{judged.reason} That was looked up, which turns nobody down."
        return replace(judged, state="unknown", reason=reason)
    return judged


def _judged(
    criterion: Criterion, sure: Sequence[SignalCaptured], today: date, company: Company
) -> CriterionResult:
    match criterion.kind:
        case "number":
            return _number(criterion, sure[-1])
        case "date":
            return _date(criterion, sure[-1], today)
        case "choice":
            return _choice(criterion, sure, company)
        case "text" | "yes_no":
            said, meets = sure[-1], criterion.any_of if criterion.kind == "yes_no" else ()
            answer = "no" if said.polarity == "negative" else "yes"
            return _result(criterion, answer in (meets or ("yes",)), f'Said "{said.words}".', said)


def _result(
    criterion: Criterion, state: bool | None, reason: str, signal: SignalCaptured
) -> CriterionResult:
    name: CriterionState = "unknown" if state is None else "met" if state else "not_met"
    return CriterionResult(criterion.name, name, reason, (signal.signal_id,))


def _number(criterion: Criterion, signal: SignalCaptured) -> CriterionResult:
    known_as = bounds(signal.value)
    if known_as is None:
        said = "Said there is none." if signal.polarity == "negative" else "No figure was given."
        return _result(criterion, None, said, signal)
    state = within(known_as, criterion.at_least, criterion.at_most)
    wanted = " and ".join(
        f"{word} {limit:g}"
        for word, limit in (("at least", criterion.at_least), ("at most", criterion.at_most))
        if limit is not None
    )
    told = "Looked up" if signal.basis == "enriched" else "Said"
    reason = f"{told} {signal.value}; wanted {wanted or 'any figure'}."
    return _result(criterion, state, reason, signal)


def _date(criterion: Criterion, signal: SignalCaptured, today: date) -> CriterionResult:
    try:
        day = date.fromisoformat(signal.value)
    except ValueError:
        return _result(criterion, False, f'No date in view: "{signal.words}".', signal)
    ahead = (day - today).days
    soonest, latest = criterion.after_days, criterion.within_days
    fits = (soonest is None or soonest <= ahead) and (latest is None or ahead <= latest)
    wanted = " and ".join(
        f"{word} {days}"
        for word, days in (("no sooner than", soonest), ("within", latest))
        if days is not None
    )
    reason = f'"{signal.words}" is {ahead} days away; wanted {wanted or "any day"}.'
    return _result(criterion, fits, reason, signal)


def _choice(
    criterion: Criterion, sure: Sequence[SignalCaptured], company: Company
) -> CriterionResult:
    """Any fitting value meets it, a partly fitting one in part; else a ruled-out one fails it."""
    fits = [
        (fit, s)
        for s in sure
        if s.polarity != "negative" and (fit := fit_of(company, criterion, s.value)) is not None
    ]
    ranked = sorted(fits, key=lambda f: _DEGREES.index(f[0].degree))
    if not ranked:
        none = (s for s in sure if s.value == "none")  # "no warehouse, just Shopify"
        return _unlisted(criterion, next(none, sure[-1]), company)
    fit, signal = ranked[0]
    how = {"implied": ", going by what was asked", "enriched": ", as looked up"}.get(
        signal.basis, ""
    )
    match fit.degree:
        case "full":
            return _result(criterion, True, f"{signal.value} is one we look for{how}.", signal)
        case "partly":
            why = fit.because or "not all of it is served"
            made = _result(criterion, True, f"{signal.value} fits partly{how}: {why}.", signal)
            return replace(made, partly=True)
        case "none":
            why = f": {fit.because}" if fit.because else ""
            return _result(criterion, False, f"{signal.value} is one we cannot serve{why}.", signal)


_DEGREES = ("full", "partly", "none")


def _unlisted(criterion: Criterion, last: SignalCaptured, company: Company) -> CriterionResult:
    """A value that the company's lists do not mention."""
    judged_by_list = bool(criterion.any_of or criterion.tool_kinds)
    if last.value == DECIDES or (not judged_by_list and last.polarity != "negative"):
        return _result(criterion, True, f'Said "{last.words}".', last)
    if last.polarity == "negative":
        listed = fit_of(company, criterion, last.value) is not None
        return _result(criterion, None if listed else False, f'Said "{last.words}".', last)
    if criterion.name == "role" and criterion.any_of:
        state, reason = judge_role(last.value, criterion.any_of)
        return _result(criterion, state, reason, last)
    if last.polarity == "neutral" or criterion.name in ("tech_stack", "use_case"):
        return _result(criterion, None, f"{last.value} is none of those we know of.", last)
    return _result(criterion, False, f"{last.value} is not among those we look for.", last)


DECIDES = "decision maker"
