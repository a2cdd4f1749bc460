"""`brief(facts, company)`: what the rep reads before calling back, in half a minute.

Pure. Every line comes from a fact (with its quote and time where the buyer said it) or from the
company's own playbook; what nobody said is not there.
"""

from collections.abc import Sequence
from typing import Any

from core.events import (
    CriterionDeclined,
    Fact,
    Flagged,
    HumanRequested,
    PromiseMade,
    QuestionDeferred,
    RouteChosen,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from core.handoff.summary import summary
from core.handoff.wording import label, plain
from core.standing import CONTACT_FIELDS, every, latest, live_signals, outstanding
from knowledge.profile import Company

APPROACHES = 3
CONCERNS = 6
UNSURE = 0.6
"""Signals heard with less confidence than this are worth checking with the buyer."""


def brief(facts: Sequence[Fact], company: Company | None = None) -> dict[str, Any]:
    """The `handoff` part of the call document. `company` gives labels, names and the playbook."""
    return {
        "summary": summary(facts, company),
        "signals": [_signal(signal, company) for signal in live_signals(facts)],
        "outstanding_questions": outstanding_questions(facts, company),
        "promises": [
            {"text": p.text, "owner": p.owner, "turn": p.turn} for p in every(facts, PromiseMade)
        ],
        "recommended_approach": _approach(facts, company),
        "concerns": _concerns(facts, company),
    }


def outstanding_questions(
    facts: Sequence[Fact], company: Company | None = None
) -> list[dict[str, Any]]:
    """What the buyer asked and nobody answered, with who owes the answer.

    One that was not reached falls to whom the lead goes, else to the company's default owner.
    """
    route = latest(facts, RouteChosen)
    heir = (route.rep if route else None) or (company.default_owner if company else None)
    return [
        {
            "id": question.question_id,
            "text": question.text,
            "turn": question.turn,
            "owner": question.owner if isinstance(question, QuestionDeferred) else heir,
            "reason": question.reason if isinstance(question, QuestionDeferred) else "not reached",
        }
        for question in outstanding(facts)
    ]


def _signal(signal: SignalCaptured, company: Company | None) -> dict[str, Any]:
    return {
        "label": label(signal.criterion, company),
        "value": signal.value,
        "quote": signal.quote,
        "basis": signal.basis,
        "turn": signal.turn,
        "start_ms": signal.start_ms,
    }


def _approach(facts: Sequence[Fact], company: Company | None) -> list[dict[str, str]]:
    """Playbook lines for this segment and for what the buyer said; the most specific first."""
    if company is None:
        return []
    playbook = {key.lower(): text for key, text in company.playbook.items()}
    verdict = latest(facts, VerdictReached)
    reasons: dict[str, str] = {}
    if verdict and verdict.segment:
        reasons[verdict.segment.lower()] = f"segment {verdict.segment}"
    signals = [s for s in live_signals(facts) if s.polarity != "negative"]
    for signal in signals:
        reasons.setdefault(signal.value.lower(), f"said “{signal.quote}”")
    for signal in signals:
        reasons.setdefault(signal.criterion.lower(), f"said “{signal.quote}”")
    found = [
        {"text": playbook[key], "because": why} for key, why in reasons.items() if key in playbook
    ]
    return found[:APPROACHES]


def _concerns(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    """What may go wrong: gravest first, each with the moment it rests on."""
    found: list[dict[str, Any]] = []
    for asked in every(facts, HumanRequested):
        found.append(_concern(facts, "Asked for a person.", asked.quote, asked.turn))
    found.extend(_unmet(facts))
    for signal in live_signals(facts):
        name = label(signal.criterion, company)
        if signal.polarity == "negative":
            text = f"{name}: {signal.value}."
        elif signal.confidence < UNSURE and signal.criterion not in CONTACT_FIELDS:
            text = f"{name} was unclear: check “{signal.value}”."
        else:
            continue
        found.append(_concern(facts, text, signal.quote, signal.turn, signal.start_ms))
    for declined in every(facts, CriterionDeclined):
        text = f"Would not say: {label(declined.criterion, company).lower()}."
        found.append(_concern(facts, text, declined.quote, declined.turn))
    for flag in every(facts, Flagged):
        text = plain(
            flag.kind.replace("_", " ").capitalize() + (f": {flag.note}" if flag.note else "")
        )
        found.append(_concern(facts, text, "", flag.turn, flag.start_ms))
    return _distinct(found)[:CONCERNS]


def _unmet(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Criteria the last verdict found not met, with the words that decided it."""
    verdict = latest(facts, VerdictReached)
    signals = {signal.signal_id: signal for signal in every(facts, SignalCaptured)}
    found = []
    for criterion in verdict.criteria if verdict else ():
        if criterion.state != "not_met":
            continue
        said = next((signals[s] for s in criterion.signals if s in signals), None)
        turn, start_ms = (
            (said.turn, said.start_ms) if said else (verdict.turn if verdict else 0, None)
        )
        quote = said.quote if said else ""
        found.append(_concern(facts, plain(criterion.reason), quote, turn, start_ms))
    return found


def _concern(
    facts: Sequence[Fact], text: str, quote: str, turn: int, start_ms: int | None = None
) -> dict[str, Any]:
    if start_ms is None:
        spoken = (u for u in every(facts, UtteranceRecorded) if u.turn == turn)
        start_ms = next((u.start_ms for u in spoken if u.speaker == "caller"), 0)
    return {"text": text, "quote": quote, "turn": turn, "start_ms": start_ms}


def _distinct(concerns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(c["text"], c["quote"]): c for c in concerns}.values())
