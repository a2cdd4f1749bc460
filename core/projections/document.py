"""`document(…)`: the call document, the one account of a conversation that others read.

A pure fold over the log, valid at every moment of the conversation: what has not happened yet has
its key with an empty value. Milliseconds count from the start; instants are UTC, ISO 8601.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from core.crm.known import CrmContactFound
from core.events import (
    ConsentRecorded,
    ConsentRule,
    ConversationStarted,
    DisclosureHeard,
    Fact,
    Flagged,
    FloorTaken,
    Logged,
    Noted,
    RecordingSaved,
    RouteChosen,
    SignalCaptured,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.callbacks import AiCallAnswered, callback_id
from core.facts.claims import DealTold, HandoffRated, LeadClaimed, MeetingTold, rated
from core.facts.corrected import standing_corrections
from core.facts.corrections import SignalCorrected
from core.facts.standing import (
    SERVER_LOST,
    callback,
    ending,
    every,
    is_customer,
    latest,
    live_signals,
    superseded,
    unmerged,
)
from core.handoff.brief import brief
from core.handoff.earlier import origin, recalled
from core.handoff.meeting import meeting_part
from core.handoff.transfer import message, transfers, unrecorded
from core.privacy.facts import Deleted
from knowledge.profile import Company


def document(
    conversation_id: str, facts: Sequence[Logged], *, company: Company | None = None
) -> dict[str, Any]:
    """The call document of the facts so far. `company` supplies labels, names and the playbook for
    a brief that is not written yet."""
    said = unmerged([logged.fact for logged in facts])
    noted = {fact.kind: fact.data for fact in every(said, Noted)}
    return {
        **_heading(conversation_id, facts),
        "disclosure": _disclosure(said),
        "recording_consent": _consent(said),
        "consent": _consents(said),
        "transcript": transcript(said),
        "signals": _signals(said, company),
        "corrections": _corrections(facts),
        "verdict": _verdict(said),
        "route": _route(said),
        "booking": meeting_part(said, company),
        "callback": _callback(conversation_id, said),
        "handoff": dict(noted["handoff"]) if "handoff" in noted else brief(said, company),
        "flags": _flags(said),
        "recording": _recording(conversation_id, said),
        "message": message(said),
        "latency": _latency(said),
        "person": _person(said),
        "crm_contact": _crm_contact(said),
        "customer": is_customer(live_signals(said), latest(said, CrmContactFound)),
        "claim": _claim(said),
        "ratings": _ratings(said),
        "afterwards": _afterwards(said),
        "crm": dict(noted.get("crm") or {"status": "pending", "records": []}),
    }


def standing(
    conversation_id: str, facts: Sequence[Logged], company: Company | None = None
) -> dict[str, Any]:
    """The parts of the document that change during a call, and who last took the floor."""
    said = unmerged([logged.fact for logged in facts])
    taken = latest(said, FloorTaken)
    return {
        "status": _heading(conversation_id, facts)["status"],
        "recording_consent": _consent(said),
        "transcript": transcript(said),
        "signals": _signals(said, company),
        "customer": is_customer(live_signals(said), latest(said, CrmContactFound)),
        "verdict": _verdict(said),
        "route": _route(said),
        "booking": meeting_part(said, company),
        "callback": _callback(conversation_id, said),
        "flags": _flags(said),
        "latency": _latency(said),
        "floor": {"by": taken.rep, "until": taken.until} if taken else None,
    }


def transcript(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """What was said and heard, in chronological order."""
    lines = sorted(every(facts, UtteranceRecorded), key=lambda line: line.start_ms)
    return [
        {
            "turn": line.turn,
            "speaker": line.speaker,
            "text": line.text,
            "start_ms": line.start_ms,
            "end_ms": line.end_ms,
            "interrupted": line.interrupted,
            "citations": list(line.citations),
        }
        for line in lines
    ]


def _flags(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    return [asdict(flag) for flag in every(facts, Flagged)]


def percentile(values: Sequence[int], share: float) -> int | None:
    """Nearest rank: the smallest value not exceeded by at least this share."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)), 1) - 1] if ranked else None


def _heading(conversation_id: str, facts: Sequence[Logged]) -> dict[str, Any]:
    said = [logged.fact for logged in facts]
    started = latest(said, ConversationStarted)
    end = ending(said)
    begun = next((entry.at for entry in facts if isinstance(entry.fact, ConversationStarted)), None)
    ended_at = next((entry.at for entry in facts if entry.fact is end), None) if end else None
    status = "in_progress" if end is None else "completed"
    return {
        "id": conversation_id,
        "call_sid": started.call_sid if started else None,
        "channel": started.channel if started else None,
        "direction": started.direction if started else None,
        "from": _from(started),
        "to": _to(started),
        "status": "interrupted" if end and end.reason == SERVER_LOST else status,
        "outcome": end.outcome if end else None,
        "started_at": instant(begun or (facts[0].at if facts else None)),
        "ended_at": instant(ended_at),
        "after_hours": started.after_hours if started else False,
        "company": started.company if started else None,
        "criteria_version": started.criteria_version if started else None,
        "knowledge_version": started.knowledge_version if started else None,
    }


def _from(started: ConversationStarted | None) -> str | None:
    if started is None:
        return None
    return started.called if started.direction == "outbound" else started.caller


def _to(started: ConversationStarted | None) -> str | None:
    if started is None:
        return None
    return started.caller if started.direction == "outbound" else started.called


def instant(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, e.g. `2025-03-03T15:04:05.678Z`."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _disclosure(facts: Sequence[Fact]) -> dict[str, Any]:
    heard = next(iter(every(facts, DisclosureHeard)), None)
    return {"heard": heard is not None, "at_ms": heard.at_ms if heard else None}


def _consent(facts: Sequence[Fact]) -> str:
    given = [c for c in every(facts, ConsentRecorded) if c.kind == "recording"]
    return given[-1].state if given else "unknown"


def _consents(facts: Sequence[Fact]) -> dict[str, Any]:
    """The applicable rule, and each consent with both sides' words and their places."""
    rule = latest(facts, ConsentRule)
    return {
        "mode": rule.mode if rule else None,
        "sources": list(rule.sources) if rule else [],
        "events": [
            {
                "kind": c.kind, "state": c.state, "how": c.how, "words": c.words,
                "at_ms": c.at_ms, "asked": c.asked, "asked_ms": c.asked_ms,
            }
            for c in every(facts, ConsentRecorded)
        ],
    }  # fmt: skip


def _signals(facts: Sequence[Fact], company: Company | None) -> list[dict[str, Any]]:
    signals = every(facts, SignalCaptured)
    replaced = superseded(signals)
    return [
        {
            "id": signal.signal_id,
            "criterion": signal.criterion,
            "value": signal.value,
            "polarity": signal.polarity,
            "basis": signal.basis,
            "confidence": signal.confidence,
            "quote": signal.quote,
            "turn": signal.turn,
            "start_ms": signal.start_ms,
            "end_ms": signal.end_ms,
            "superseded_by": replaced.get(signal.signal_id),
            "origin": origin(facts, signal.origin, company) if signal.origin else None,
            "corrected_by": signal.by or None,
        }
        for signal in signals
    ]


def _corrections(facts: Sequence[Logged]) -> list[dict[str, Any]]:
    """Corrections, oldest first. A correction's id is that of the replacing signal."""
    stand = standing_corrections([logged.fact for logged in facts])
    return [
        {
            "id": c.correction_id, "signal": c.signal_id or None, "criterion": c.criterion,
            "heard": c.heard or None, "value": c.value or None,
            "polarity": "negative" if c.negative else "positive", "by": c.by, "note": c.note,
            "at": instant(logged.at), "withdrawn": c.correction_id not in stand,
        }
        for logged in facts
        if isinstance(c := logged.fact, SignalCorrected)
    ]  # fmt: skip


def _person(facts: Sequence[Fact]) -> dict[str, Any] | None:
    """The recalled identity; None when they were nobody we knew."""
    known = recalled(facts)
    return {"id": known.person_id, "sure": known.sure} if known else None


def _claim(facts: Sequence[Fact]) -> dict[str, Any] | None:
    """The first claim of the lead."""
    taken = next(iter(every(facts, LeadClaimed)), None)
    return {"by": taken.by, "through": taken.through} if taken else None


def _ratings(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Each person's latest rating of the handoff."""
    given = rated(every(facts, HandoffRated)).values()
    return [{"by": r.by, "score": r.score or None, "repeated": r.repeated} for r in given]


def _afterwards(facts: Sequence[Fact]) -> dict[str, Any]:
    """What the team reported about the meeting and the deal; None where nobody did."""
    met, deal = latest(facts, MeetingTold), latest(facts, DealTold)
    return {
        "meeting": (met.outcome or None) if met else None,
        "deal": {"stage": deal.stage, "amount": deal.amount, "currency": deal.currency}
        if deal and deal.stage
        else None,
    }


def _crm_contact(facts: Sequence[Fact]) -> dict[str, Any] | None:
    """The CRM contact for the number; None if there is none, or the CRM was not asked."""
    found = latest(facts, CrmContactFound)
    if found is None:
        return None
    return {
        "system": found.system,
        "id": found.record_id,
        "name": found.name,
        "company": found.company,
        "owner": found.owner or None,
        "deals": list(found.deals),
        "sure": found.sure,
        "shared": found.shared,
        "customer": found.customer or None,
    }


def _verdict(facts: Sequence[Fact]) -> dict[str, Any]:
    verdict = latest(facts, VerdictReached)
    return {
        "result": verdict.result if verdict else "insufficient",
        "segment": verdict.segment if verdict else None,
        "score": verdict.score if verdict else 0.0,
        "criteria": [
            {
                "name": c.name,
                "state": c.state,
                "partly": c.partly,
                "where": c.where or None,
                "reason": c.reason,
                "signals": list(c.signals),
            }
            for c in (verdict.criteria if verdict else ())
        ],
        "missing": list(verdict.missing) if verdict else [],
        "reasons": list(verdict.reasons) if verdict else [],
        "would_change": [
            {"result": f.result, "criteria": dict(f.criteria), "change": f.change}
            for f in (verdict.flips if verdict else ())
        ],
    }


def _route(facts: Sequence[Fact]) -> dict[str, Any]:
    route = latest(facts, RouteChosen)
    return {
        "rep": route.rep if route else None,
        "action": route.action if route else "none",
        "rule": route.rule if route else "",
        "reasons": list(route.reasons) if route else [],
        "rejected": [{"rep": rep, "why": why} for rep, why in (route.rejected if route else ())],
        "fast_track": route.fast_track if route else False,
        "transfers": transfers(facts),
    }


def _callback(conversation_id: str, facts: Sequence[Fact]) -> dict[str, Any] | None:
    wanted = callback(facts)
    if wanted is None:
        return None
    window = {name: getattr(wanted, name) or None for name in ("owner", "start", "end", "zone")}
    asked = latest(facts, AiCallAnswered)
    return {
        "id": callback_id(conversation_id), "when": wanted.when, "quote": wanted.quote,
        "turn": wanted.turn, "priority": wanted.priority or "normal",
        "ai_call": asked.state if asked else "unasked", **window,
    }  # fmt: skip


def _recording(conversation_id: str, facts: Sequence[Fact]) -> dict[str, Any] | None:
    """Where to fetch it: the API's own address unless it is stored elsewhere over HTTP."""
    saved = latest(facts, RecordingSaved)
    if saved is None or not saved.url or Deleted("audio") in facts:
        return None
    started = latest(facts, ConversationStarted)
    url = f"/api/v1/calls/{(started.call_sid if started else None) or conversation_id}/recording"
    return {
        "url": saved.url if saved.url.startswith(("http://", "https://")) else url,
        "duration_ms": saved.duration_ms,
        "channels": {"caller": 0, "agent": 1} | ({"rep": 2} if saved.lanes > 2 else {}),
        "gaps": unrecorded(facts),
    }


def _latency(facts: Sequence[Fact]) -> dict[str, Any]:
    turns = {timed.turn: timed for timed in every(facts, TurnTimed)}
    heard = [timed.heard_ms for timed in turns.values()]
    return {
        "turns": [asdict(turns[n]) for n in sorted(turns)],
        "p50_ms": percentile(heard, 0.5),
        "p95_ms": percentile(heard, 0.95),
    }
