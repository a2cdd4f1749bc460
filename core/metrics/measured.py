"""`measured(…)`: one conversation's contribution to reports, folded from its log. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.events import (
    TALKED_OVER,
    CallbackRequested,
    ConversationStarted,
    CriterionAsked,
    Fact,
    Flagged,
    FloorTaken,
    HumanRequested,
    Logged,
    MeetingRecorded,
    Noted,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.corrected import as_heard
from core.facts.messages import MessageTaken
from core.facts.standing import CONTACT_FIELDS, contact, ending, every, latest, meeting, unmerged
from core.facts.transfers import MessageLeft, TransferAccepted

UNKNOWN = "unknown"
"""An outcome nobody can tell: silence and a hang-up are no success."""
UNJUDGED = "insufficient"
"""The verdict when too little is known; also counts conversations without a verdict."""
NEXT_STEP = frozenset({"booked", "callback", "message"})
"""Outcomes that leave the buyer with a next step."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one conversation adds to each figure; times in milliseconds, None if absent."""

    conversation_id: str
    channel: str
    started_at: datetime
    over: bool
    outcome: str
    after_hours: bool
    who: str
    """A number or an address, the same whenever they return; empty if unidentified."""
    first_response_ms: int | None
    qualified_ms: int | None
    qualified_turns: int | None
    booked_ms: int | None
    verdict: str
    gives: int
    asks: int
    before_value: int
    """Questions about the buyer before they were given anything."""
    re_asks: int
    questions: int
    answered: int
    deferred: int
    human: bool
    """A person of ours was asked for, took part, or has something to do."""
    meeting: bool
    """A meeting that stands."""
    callback: bool
    message: bool
    pilot: bool
    talked_over: tuple[str, ...] = ()
    """How the agent classified each time somebody spoke over it: an interruption, at which it
    stopped, or a backchannel, noise or echo, after which it went on."""


def measured(log: Sequence[Logged]) -> Measured | None:
    """The figures of a conversation; None for one that never began."""
    said = unmerged([entry.fact for entry in log])
    stands = {id(fact) for fact in as_heard(said)}
    log = [entry for entry in log if id(entry.fact) in stands]
    facts = [entry.fact for entry in log]
    started, end = latest(facts, ConversationStarted), ending(facts)
    if started is None:
        return None
    begun = next(entry.at for entry in log if entry.fact is started)
    verdicts = [v for v in every(facts, VerdictReached) if v.result != UNJUDGED]
    booked = [m for m in every(facts, MeetingRecorded) if m.status != "cancelled"]
    met = meeting(facts)
    asked = [a.criterion for a in every(facts, CriterionAsked) if a.criterion not in CONTACT_FIELDS]
    gives, before = _ledger(facts)
    deferred = {q.question_id for q in every(facts, QuestionDeferred)}
    answered = {q.question_id for q in every(facts, QuestionAnswered)} - deferred
    return Measured(
        conversation_id=log[0].conversation_id,
        channel=started.channel,
        started_at=begun,
        over=end is not None,
        outcome=(end.outcome if end else "") or UNKNOWN,
        after_hours=started.after_hours,
        who=_who(said, started),
        first_response_ms=_first_response(log, started.channel),
        qualified_ms=_since(log, begun, verdicts[0]) if verdicts else None,
        qualified_turns=verdicts[0].turn if verdicts else None,
        booked_ms=_since(log, begun, booked[0]) if booked else None,
        verdict=judged.result if (judged := latest(said, VerdictReached)) else UNJUDGED,
        gives=gives,
        asks=len(asked),
        before_value=before,
        re_asks=len(asked) - len(set(asked)),
        questions=len({q.question_id for q in every(facts, QuestionRaised)}),
        answered=len(answered),
        deferred=len(deferred),
        human=any(isinstance(f, _HUMAN) or _by_person(f) for f in facts),
        meeting=met is not None and met.status != "cancelled",
        callback=any(isinstance(f, CallbackRequested) for f in facts),
        message=any(isinstance(f, MessageTaken | MessageLeft) for f in facts),
        pilot=any(isinstance(f, Flagged) and f.kind == "pilot" for f in facts),
        talked_over=tuple(
            str(n.data.get("took")) for n in every(facts, Noted) if n.kind == TALKED_OVER
        ),
    )


_HUMAN = (
    HumanRequested, TransferAccepted, FloorTaken, CallbackRequested, MessageTaken, MessageLeft,
    MeetingRecorded, QuestionDeferred,
)  # fmt: skip


def _by_person(fact: Fact) -> bool:
    return isinstance(fact, UtteranceRecorded) and fact.speaker == "rep"


def _who(facts: Sequence[Fact], started: ConversationStarted) -> str:
    told = contact(facts)
    mail = told.get("email")
    return started.caller or (mail.value.lower() if mail else "")


def _since(log: Sequence[Logged], begun: datetime, fact: Fact) -> int:
    at = next(entry.at for entry in log if entry.fact is fact)
    return max(0, round((at - begun).total_seconds() * 1000))


def _first_response(log: Sequence[Logged], channel: str) -> int | None:
    """First audio after the call was answered; in writing, the first answer after a message."""
    if channel == "voice":
        greeted = next(
            (e.fact for e in log if isinstance(e.fact, Noted) and e.fact.kind == "greeted"), None
        )
        after = greeted.data.get("after_ms") if greeted else None
        return after if isinstance(after, int) else None
    asked = next((e.at for e in log if _line(e.fact, "caller")), None)
    if asked is None:
        return None
    for entry in log:
        sent = isinstance(entry.fact, Noted) and entry.fact.kind == "mail_sent"
        said = channel == "chat" and _line(entry.fact, "agent") and entry.at >= asked
        if sent or (said and getattr(entry.fact, "turn", 0) > 0):
            return max(0, round((entry.at - asked).total_seconds() * 1000))
    return None


def _line(fact: Fact, speaker: str) -> bool:
    return isinstance(fact, UtteranceRecorded) and fact.speaker == speaker


def _ledger(facts: Sequence[Fact]) -> tuple[int, int]:
    """How many passages were given, each once, and how many questions came before the first."""
    told: set[str] = set()
    gives = before = 0
    for fact in facts:
        if isinstance(fact, UtteranceRecorded) and fact.kind == "answer":
            gives += bool(set(fact.citations) - told)
            told |= set(fact.citations)
        elif isinstance(fact, CriterionAsked) and fact.criterion not in CONTACT_FIELDS:
            before += not gives
    return gives, before
