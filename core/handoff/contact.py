"""`contact_view(…)`: what we know about a person from all their conversations, with provenance.

Pure: a fold over what each conversation told, like a memory, with where and when it was said.
"""

from collections.abc import Sequence
from typing import Any

from core.events import QuestionAnswered, QuestionDeferred, QuestionRaised
from core.facts.standing import every, outstanding, unmerged
from core.handoff.earlier import placed
from core.handoff.wording import label, person
from core.identity.memory import Past, recall
from knowledge.profile import Company


def contact_view(person_id: str, past: Sequence[Past], company: Company | None) -> dict[str, Any]:
    """Standing signals, questions, promises, meetings and refusals, oldest conversation first."""
    memory = recall(person_id, past, sure=True)
    recalled = memory.recalled
    where = {one.conversation_id: placed(one, company) for one in recalled.conversations}
    return {
        "name": memory.name or None,
        "signals": [
            {
                "id": s.signal_id,
                "criterion": s.criterion,
                "label": label(s.criterion, company),
                "value": s.value,
                "polarity": s.polarity,
                "basis": s.basis,
                "confidence": s.confidence,
                "quote": s.quote,
                "turn": s.turn,
                "start_ms": s.start_ms,
                "end_ms": s.end_ms,
                "corrected_by": s.by or None,
                "origin": where[s.origin],
            }
            for s in memory.signals
        ],
        "questions": [q for one in past for q in _questions(one, where[one.conversation_id])],
        "promises": [
            {
                "text": p.text,
                "owner": p.owner,
                "owner_name": person(p.owner, company),
                "turn": p.turn,
                "origin": where[p.conversation_id],
            }
            for p in recalled.promises
        ],
        "meetings": [
            {
                "id": m.booking_id,
                "rep": m.rep,
                "rep_name": person(m.rep, company),
                "start": m.start,
                "zone": m.zone or None,
                "origin": where[m.conversation_id],
            }
            for m in recalled.meetings
        ],
        "declined": list(recalled.declined),
        "opted_out": where.get(recalled.opted_out),
    }


def _questions(one: Past, origin: dict[str, Any]) -> list[dict[str, Any]]:
    """The questions of one conversation and what became of them."""
    facts = unmerged(one.facts)
    owed = {q.question_id: q for q in outstanding(facts) if q.question_id not in one.answered}
    cited = {a.question_id: list(a.citations) for a in every(facts, QuestionAnswered)}
    made = []
    for asked in {q.question_id: q for q in every(facts, QuestionRaised)}.values():
        left = owed.get(asked.question_id)
        made.append(
            {
                "id": asked.question_id,
                "text": asked.text,
                "status": "outstanding" if left else "answered",
                "owner": left.owner if isinstance(left, QuestionDeferred) else None,
                "citations": cited.get(asked.question_id, []),
                "turn": asked.turn,
                "start_ms": asked.start_ms,
                "origin": origin,
            }
        )
    return made
