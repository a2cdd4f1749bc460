"""The JSON Schema of the call document: every key is always present, and no others."""

from typing import Any


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
INT = {"type": "integer"}
INT_OR_NULL = {"type": ["integer", "null"]}
NUMBER = {"type": "number"}
BOOL = {"type": "boolean"}
TEXTS = _list(TEXT)
INSTANT = {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}


def _one_of(*values: str | None) -> dict[str, Any]:
    return {"enum": list(values)}


ORIGIN = _or_null(_object(conversation_id=TEXT, channel=TEXT_OR_NULL, at=TEXT_OR_NULL, words=TEXT))
EARLIER = _object(conversation_id=TEXT, channel=TEXT, at=TEXT, words=TEXT)
QUESTION = _object(
    id=TEXT, text=TEXT, turn=INT, start_ms=INT, owner=TEXT_OR_NULL, owner_name=TEXT_OR_NULL,
    reason=TEXT, origin=ORIGIN,
)  # fmt: skip
LINE = {"text": TEXT, "turn": INT, "start_ms": INT, "rule": TEXT}
HANDOFF = _object(
    summary=TEXT,
    summary_lines=_list(_object(**LINE)),
    signals=_list(_object(label=TEXT, value=TEXT, quote=TEXT, basis=TEXT, turn=INT, start_ms=INT,
                          corrected_by=TEXT_OR_NULL,
                          origin=ORIGIN)),
    earlier=_list(EARLIER),
    outstanding_questions=_list(QUESTION),
    promises=_list(
        _object(
            text=TEXT, owner=TEXT, owner_name=TEXT, by=TEXT_OR_NULL, stands=BOOL, turn=INT,
            start_ms=INT, origin=ORIGIN,
        )
    ),
    recommended_approach=_list(_object(because=TEXT, **LINE)),
    concerns=_list(_object(text=TEXT, quote=TEXT, turn=INT, start_ms=INT)),
)  # fmt: skip
SIGNAL = _object(
    id=TEXT, criterion=TEXT, value=TEXT, polarity=_one_of("positive", "negative", "neutral"),
    basis=_one_of("stated", "implied", "enriched", "crm"), confidence=NUMBER, quote=TEXT,
    turn=INT, start_ms=INT, end_ms=INT, superseded_by=TEXT_OR_NULL, origin=ORIGIN,
    corrected_by=TEXT_OR_NULL,
)  # fmt: skip
CORRECTION = _object(
    id=TEXT, signal=TEXT_OR_NULL, criterion=TEXT, heard=TEXT_OR_NULL, value=TEXT_OR_NULL,
    polarity=_one_of("positive", "negative"), by=TEXT, at=INSTANT, note=TEXT, withdrawn=BOOL,
)  # fmt: skip
VERDICT = _object(
    result=_one_of("qualified", "disqualified", "nurture", "needs_human", "insufficient"),
    segment=TEXT_OR_NULL,
    score=NUMBER,
    criteria=_list(
        _object(
            name=TEXT,
            state=_one_of("met", "not_met", "unknown"),
            partly=BOOL,
            where=TEXT_OR_NULL,
            reason=TEXT,
            signals=TEXTS,
        )  # fmt: skip
    ),
    missing=TEXTS,
    reasons=TEXTS,
    would_change=_list(
        _object(result=TEXT, criteria={"type": "object", "additionalProperties": TEXT}, change=TEXT)
    ),
)
ROUTE = _object(
    rep=TEXT_OR_NULL,
    action=_one_of("book", "transfer", "callback", "nurture", "resources", "none"),
    rule=TEXT,
    reasons=TEXTS,
    rejected=_list(_object(rep=TEXT, why=TEXT)),
    fast_track=BOOL,
    transfers=_list(
        _object(
            rep=TEXT,
            mode=_one_of("warm", "cold"),
            reason=TEXT,
            turn=INT,
            state=_one_of("ringing", "accepted", "failed"),
            why=TEXT_OR_NULL,
            start_ms=INT,
            end_ms=INT_OR_NULL,
        )
    ),  # fmt: skip
)
BOOKING = _object(
    id=TEXT, rep=TEXT, rep_name=TEXT, meeting=TEXT, title=TEXT,
    status=_one_of("booked", "moved", "cancelled"), start=INSTANT, end=INSTANT,
    buyer_zone=TEXT_OR_NULL, buyer_local=TEXT_OR_NULL, rep_zone=TEXT_OR_NULL,
    rep_local=TEXT_OR_NULL, uid=TEXT, sequence=INT, guest=TEXT_OR_NULL, colleagues=TEXTS,
    phone=TEXT_OR_NULL, confirmation_heard={"type": ["boolean", "null"]}, untold=BOOL,
)  # fmt: skip
TURN_LATENCY = _object(
    turn=INT, heard_ms=INT, endpoint_ms=INT, stt_ms=INT, reply_ms=INT, tts_ms=INT, send_ms=INT,
    speculated=BOOL,
)  # fmt: skip

SCHEMA: dict[str, Any] = _object(
    **{
        "id": TEXT,
        "call_sid": TEXT_OR_NULL,
        "channel": _one_of("voice", "chat", "email", None),
        "direction": TEXT_OR_NULL,
        "from": TEXT_OR_NULL,
        "to": TEXT_OR_NULL,
        "status": _one_of("in_progress", "completed", "interrupted"),
        "outcome": TEXT_OR_NULL,
        "started_at": INSTANT,
        "ended_at": INSTANT,
        "after_hours": BOOL,
        "company": TEXT_OR_NULL,
        "criteria_version": TEXT_OR_NULL,
        "knowledge_version": TEXT_OR_NULL,
        "disclosure": _object(heard=BOOL, at_ms=INT_OR_NULL),
        "recording_consent": _one_of("given", "declined", "unknown"),
        "consent": _object(
            mode=TEXT_OR_NULL,
            sources=TEXTS,
            events=_list(
                _object(kind=TEXT, state=TEXT, how=TEXT, words=TEXT, at_ms=INT, asked=TEXT,
                        asked_ms=INT)
            ),
        ),  # fmt: skip
        "transcript": _list(
            _object(
                turn=INT, speaker=_one_of("caller", "agent", "rep"), text=TEXT, start_ms=INT,
                end_ms=INT, interrupted=BOOL, citations=TEXTS,
            )
        ),
        "signals": _list(SIGNAL),
        "corrections": _list(CORRECTION),
        "verdict": VERDICT,
        "route": ROUTE,
        "booking": _or_null(BOOKING),
        "callback": _or_null(
            _object(id=TEXT, priority=TEXT, ai_call=_one_of("unasked", "given", "declined"),
                    when=TEXT, quote=TEXT, turn=INT, owner=TEXT_OR_NULL, start=TEXT_OR_NULL,
                    end=TEXT_OR_NULL, zone=TEXT_OR_NULL)
        ),  # fmt: skip
        "handoff": HANDOFF,
        "flags": _list(_object(kind=TEXT, turn=INT, start_ms=INT, note=TEXT)),
        "recording": _or_null(
            _object(url=TEXT, duration_ms=INT, channels={"oneOf": [
                        _object(caller=INT, agent=INT), _object(caller=INT, agent=INT, rep=INT)]},
                    gaps=_list(_object(start_ms=INT, end_ms=INT_OR_NULL, why=TEXT)))
        ),  # fmt: skip
        "message": _or_null(_object(text=TEXT, duration_ms=INT)),
        "latency": _object(turns=_list(TURN_LATENCY), p50_ms=INT_OR_NULL, p95_ms=INT_OR_NULL),
        "person": _or_null(_object(id=TEXT, sure=BOOL)),
        "claim": _or_null(_object(by=TEXT, through=TEXT)),
        "ratings": _list(
            _object(by=TEXT, score=INT_OR_NULL, repeated={"type": ["boolean", "null"]})
        ),
        "afterwards": _object(
            meeting=_or_null(_one_of("held", "no_show")),
            deal=_or_null(
                _object(stage=_one_of("open", "won", "lost"), amount=INT_OR_NULL, currency=TEXT)
            ),
        ),
        "crm_contact": _or_null(
            _object(system=TEXT, id=TEXT, name=TEXT, company=TEXT, owner=TEXT_OR_NULL, deals=TEXTS,
                    sure=BOOL, shared=BOOL, customer=TEXT_OR_NULL)
        ),
        "customer": BOOL,
        "crm": _object(
            status=_one_of("pending", "written", "failed"), records=_list({"type": "object"})
        ),
    }
)  # fmt: skip
