"""`brief(facts, company)`: what the rep reads in half a minute before calling back.

Pure. Every line comes from a fact, with the moment it was said, or from a named rule of the
company's own playbook; nothing else is in it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.events import (
    CallbackRequested,
    Fact,
    MeetingRecorded,
    PromiseMade,
    QuestionDeferred,
    QuestionRaised,
    RouteChosen,
    SignalCaptured,
)
from core.facts.standing import callback, every, latest, live_signals, outstanding
from core.handoff.approach import approach
from core.handoff.concerns import concerns
from core.handoff.earlier import origin, placed, recalled
from core.handoff.line import moment
from core.handoff.summary import lines
from core.handoff.wording import as_judged, label, person
from knowledge.profile import Company


def brief(facts: Sequence[Fact], company: Company | None = None) -> dict[str, Any]:
    """The `handoff` part of the call document. `company` gives labels, names and the playbook."""
    company = as_judged(facts, company)
    told = lines(facts, company)
    return {
        "summary": " ".join(line.text for line in told),
        "summary_lines": [asdict(line) for line in told],
        "earlier": earlier(facts, company),
        "signals": [_signal(facts, signal, company) for signal in live_signals(facts)],
        "outstanding_questions": outstanding_questions(facts, company),
        "promises": promises(facts, company),
        "recommended_approach": [
            {**asdict(line), "because": why}
            for line, why in (approach(facts, company) if company else ())
        ],
        "concerns": concerns(facts, company),
    }


def outstanding_questions(
    facts: Sequence[Fact], company: Company | None = None
) -> list[dict[str, Any]]:
    """The buyer's unanswered questions, each with who owes the answer.

    A question we did not get to goes to the lead's owner, else to the company's default owner.
    """
    route = latest(facts, RouteChosen)
    heir = (route.rep if route else None) or (company.default_owner if company else None)
    starts = {q.question_id: q.start_ms for q in every(facts, QuestionRaised)}
    made = []
    asked: dict[str, QuestionDeferred | QuestionRaised] = {}
    for question in outstanding(facts):
        asked.setdefault(question.text.lower(), question)  # asked twice, owed once
    for question in asked.values():
        put_off = question if isinstance(question, QuestionDeferred) else None
        owner = put_off.owner if put_off else heir
        made.append(
            {
                "id": question.question_id,
                "text": question.text,
                "turn": question.turn,
                "start_ms": starts.get(question.question_id, moment(facts, question.turn)),
                "owner": owner,
                "owner_name": person(owner, company) if owner else None,
                "reason": put_off.reason if put_off else "not reached",
                "origin": None,
            }
        )
    return [*_owed_before(facts, company), *made]


def _owed_before(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    """Questions from earlier conversations that are still unanswered."""
    known = recalled(facts)
    return [
        {
            "id": f"{q.conversation_id}/{q.question_id}",
            "text": q.text,
            "turn": q.turn,
            "start_ms": q.start_ms,
            "owner": q.owner or None,
            "owner_name": person(q.owner, company) if q.owner else None,
            "reason": "still owed from before",
            "origin": origin(facts, q.conversation_id, company),
        }
        for q in (known.questions if known else ())
    ]


def earlier(facts: Sequence[Fact], company: Company | None = None) -> list[dict[str, Any]]:
    """Earlier conversations with the same person, oldest first."""
    known = recalled(facts)
    return [placed(one, company) for one in (known.conversations if known else ())]


def promises(facts: Sequence[Fact], company: Company | None = None) -> list[dict[str, Any]]:
    """What we promised, in the words the buyer heard; `by` is the time we gave, if any.

    A callback no longer stands once another time was agreed, a meeting was booked instead, or the
    buyer cancelled it; a meeting not once it was moved or called off.
    """
    due = {c.turn: c.when for c in every(facts, CallbackRequested)}
    standing = callback(facts)
    last = standing.turn if standing else 0
    moved = {met.turn for met in every(facts, MeetingRecorded)[:-1]}
    made: dict[str, dict[str, Any]] = {}
    for promise in every(facts, PromiseMade):
        when = due.get(promise.turn)
        made[promise.text] = {
            "text": promise.text,
            "owner": promise.owner,
            "owner_name": person(promise.owner, company),
            "by": when if when and when in promise.text else None,
            "stands": (promise.turn not in due or promise.turn == last)
            and promise.turn not in moved,
            "turn": promise.turn,
            "start_ms": moment(facts, promise.turn, promise.text),
            "origin": None,
        }
    return [*_promised_before(facts, company), *made.values()]


def _promised_before(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    """Promises from earlier conversations."""
    known = recalled(facts)
    changed = {met.booking_id for met in every(facts, MeetingRecorded)}
    met = {
        (m.conversation_id, m.turn)
        for m in (known.meetings if known else ())
        if m.booking_id in changed
    }
    return [
        {
            "text": p.text,
            "owner": p.owner,
            "owner_name": person(p.owner, company),
            "by": None,
            "stands": (p.conversation_id, p.turn) not in met,
            "turn": p.turn,
            "start_ms": 0,
            "origin": origin(facts, p.conversation_id, company),
        }
        for p in (known.promises if known else ())
    ]


def _signal(
    facts: Sequence[Fact], signal: SignalCaptured, company: Company | None
) -> dict[str, Any]:
    return {
        "label": label(signal.criterion, company),
        "value": signal.value,
        "quote": signal.quote,
        "basis": signal.basis,
        "turn": signal.turn,
        "start_ms": signal.start_ms,
        "origin": origin(facts, signal.origin, company) if signal.origin else None,
        "corrected_by": signal.by or None,
    }
