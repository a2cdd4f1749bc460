"""Risks of a lead, gravest first, each with the moment it rests on."""

from collections.abc import Sequence
from typing import Any

from core.enumeration import listed
from core.events import (
    CriterionDeclined,
    Fact,
    Flagged,
    HumanRequested,
    SignalCaptured,
    VerdictReached,
)
from core.facts.standing import CONTACT_FIELDS, every, latest, live_signals
from core.handoff.line import moment
from core.handoff.wording import label, plain
from knowledge.profile import Company

MOST = 6
UNSURE = 0.6
"""Signals heard with less confidence than this should be verified with the buyer."""
FLAGS = {
    "objection": "Hesitated",
    "abuse": "Was abusive",
    "engine_failed": "The call broke off on our side",
    "must_hear_not_heard": "May not have heard",
    "recognition_poor": "Was hard to hear",
    "noted": "Also said",
}
"""Flags a rep needs to know about; the others are for whoever reviews the recording."""


def concerns(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    """Text, quote, turn and milliseconds of each concern, at most six."""
    found: list[dict[str, Any]] = []
    for asked in every(facts, HumanRequested):
        found.append(_concern(facts, "Asked for a person.", asked.quote, asked.turn))
    found.extend(_unmet(facts, company))
    found.extend(_doubtful(facts, company))
    for declined in every(facts, CriterionDeclined):
        text = f"Would not say: {label(declined.criterion, company).lower()}."
        found.append(_concern(facts, text, declined.quote, declined.turn))
    for flag in every(facts, Flagged):
        if flag.kind in FLAGS:
            said = flag.kind in ("objection", "abuse", "noted")
            text = FLAGS[flag.kind] + ("" if said or not flag.note else f": {flag.note}")
            quote = flag.note if said else ""
            found.append(_concern(facts, plain(text), quote, flag.turn, flag.start_ms))
    found.extend(_rivals(facts))
    return list({(c["text"], c["quote"]): c for c in found}.values())[:MOST]


def _rivals(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Competitors they named, in one line: they may be comparing, or have one already."""
    named = [flag for flag in every(facts, Flagged) if flag.kind == "competitor"]
    if not named:
        return []
    names = dict.fromkeys(name for flag in named for name in flag.note.split(", "))
    text = f"Named {listed(list(names))}."
    return [_concern(facts, text, "", named[0].turn, named[0].start_ms)]


def _doubtful(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    """Statements that speak against a fit, and poorly heard ones."""
    found = []
    for signal in live_signals(facts):
        name = label(signal.criterion, company)
        if signal.polarity == "negative" and signal.criterion == "disqualifier":
            text = f"{named(signal.value, company)}."
        elif signal.polarity == "negative":
            plainly = signal.value == "none" or signal.value.startswith("not ")
            text = f"{name}: {'' if plainly else 'not '}{signal.value}."
        elif signal.basis == "stated" and signal.confidence < UNSURE:
            if signal.criterion in CONTACT_FIELDS:
                continue
            text = f"{name} was unclear: check “{signal.value}”."
        else:
            continue
        found.append(_concern(facts, text, signal.quote, signal.turn, signal.start_ms))
    return found


def named(disqualifier: str, company: Company | None) -> str:
    """A disqualifier's name in a report."""
    items = company.disqualifiers if company else ()
    return next((d.label for d in items if d.id == disqualifier), disqualifier)


def _unmet(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    """Criteria the last verdict found not met, with the words that decided it."""
    verdict = latest(facts, VerdictReached)
    signals = {signal.signal_id: signal for signal in every(facts, SignalCaptured)}
    found = []
    for criterion in verdict.criteria if verdict else ():
        if criterion.state != "not_met" or verdict is None:
            continue
        said = next((signals[s] for s in criterion.signals if s in signals), None)
        turn, start_ms = (said.turn, said.start_ms) if said else (verdict.turn, None)
        text = plain(f"{label(criterion.name, company)}: {criterion.reason}")
        found.append(_concern(facts, text, said.quote if said else "", turn, start_ms))
    return found


def _concern(
    facts: Sequence[Fact], text: str, quote: str, turn: int, start_ms: int | None = None
) -> dict[str, Any]:
    at = moment(facts, turn) if start_ms is None else start_ms
    return {"text": text, "quote": quote, "turn": turn, "start_ms": at}
