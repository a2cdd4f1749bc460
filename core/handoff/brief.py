"""`brief(facts, company)`: what the rep reads before calling back, in half a minute.

Pure. Every line comes from a fact, with the moment it was said, or from a named rule of the
company's own playbook; what nobody said is not there.
"""

from collections.abc import Sequence
from typing import Any

from core.events import (
    CallbackRequested,
    Fact,
    PromiseMade,
    QuestionDeferred,
    QuestionRaised,
    RouteChosen,
    SignalCaptured,
)
from core.handoff.approach import approach
from core.handoff.concerns import concerns
from core.handoff.line import moment
from core.handoff.summary import lines
from core.handoff.wording import label, person
from core.standing import every, latest, live_signals, outstanding
from knowledge.profile import Company


def brief(facts: Sequence[Fact], company: Company | None = None) -> dict[str, Any]:
    """The `handoff` part of the call document. `company` gives labels, names and the playbook."""
    told = lines(facts, company)
    return {
        "summary": " ".join(line.text for line in told),
        "summary_lines": [
            {"text": n.text, "turn": n.turn, "start_ms": n.start_ms, "rule": n.rule} for n in told
        ],
        "signals": [_signal(signal, company) for signal in live_signals(facts)],
        "outstanding_questions": outstanding_questions(facts, company),
        "promises": promises(facts, company),
        "recommended_approach": [
            {"text": n.text, "because": why, "rule": n.rule, "turn": n.turn, "start_ms": n.start_ms}
            for n, why in (approach(facts, company) if company else ())
        ],
        "concerns": concerns(facts, company),
    }


def outstanding_questions(
    facts: Sequence[Fact], company: Company | None = None
) -> list[dict[str, Any]]:
    """What the buyer asked and nobody answered, with who owes the answer.

    One that was not reached falls to whom the lead goes, else to the company's default owner.
    """
    route = latest(facts, RouteChosen)
    heir = (route.rep if route else None) or (company.default_owner if company else None)
    starts = {q.question_id: q.start_ms for q in every(facts, QuestionRaised)}
    made = []
    for question in outstanding(facts):
        put_off = isinstance(question, QuestionDeferred)
        owner = question.owner if isinstance(question, QuestionDeferred) else heir
        made.append(
            {
                "id": question.question_id,
                "text": question.text,
                "turn": question.turn,
                "start_ms": starts.get(question.question_id, moment(facts, question.turn)),
                "owner": owner,
                "owner_name": person(owner, company) if owner else None,
                "reason": question.reason
                if put_off and isinstance(question, QuestionDeferred)
                else "not reached",
            }
        )
    return made


def promises(facts: Sequence[Fact], company: Company | None = None) -> list[dict[str, Any]]:
    """What we promised, in the words the buyer heard; `by` is the time we gave, if we gave one.

    A call back does not stand any more once another time was agreed.
    """
    due = {c.turn: c.when for c in every(facts, CallbackRequested)}
    last = max(due, default=0)
    made: dict[str, dict[str, Any]] = {}
    for promise in every(facts, PromiseMade):
        when = due.get(promise.turn)
        made[promise.text] = {
            "text": promise.text,
            "owner": promise.owner,
            "owner_name": person(promise.owner, company),
            "by": when if when and when in promise.text else None,
            "stands": promise.turn not in due or promise.turn == last,
            "turn": promise.turn,
            "start_ms": moment(facts, promise.turn, promise.text),
        }
    return list(made.values())


def _signal(signal: SignalCaptured, company: Company | None) -> dict[str, Any]:
    return {
        "label": label(signal.criterion, company),
        "value": signal.value,
        "quote": signal.quote,
        "basis": signal.basis,
        "turn": signal.turn,
        "start_ms": signal.start_ms,
    }
