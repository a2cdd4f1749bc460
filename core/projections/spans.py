"""`spans(…)`: a stored conversation as a trace, one span per turn and stage. Pure.

Built from stored facts, so tracing does not slow a conversation, and nothing a buyer said, nor who
they are, is in a span: `NAMES` lists all of them.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.events import (
    ConversationEnded,
    ConversationStarted,
    Fact,
    Flagged,
    Logged,
    Noted,
    RouteChosen,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import SERVER_LOST, ending, every, latest, unmerged
from core.facts.transfers import TransferAccepted, TransferFailed, TransferStarted

STAGES = ("endpoint", "stt", "reply", "tts", "send")
NAMES: Mapping[str, str] = {
    "conversation": "a call, a chat or a mail thread, from its first fact to its last",
    "turn": "the buyer's words and our answer to them",
    "endpoint": "from the buyer's last word until the turn was taken to be over",
    "stt": "what the end of the turn waited for the recogniser alone",
    "reply": "until the first sentence of the answer stood",
    "tts": "until its first audio was there",
    "send": "until its first sample played",
    "transfer": "the caller put through to a person, until they took the call or could not",
    "wrap-up": "from the end until the brief, the CRM and the calendar were written",
    "crm": "from the brief until the CRM was written, or given up",
    "calendar": "from the brief until the rep's calendar was written, or given up",
}
"""Every span; the stages of a turn sum to its `heard_ms`."""

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Span:
    """A time range, UTC. Ids derive from the conversation's, so a resend gives the same span."""

    name: str
    span_id: bytes
    """Eight bytes."""
    parent_id: bytes | None
    start: datetime
    end: datetime
    attributes: Mapping[str, Value] = field(default_factory=dict)
    events: tuple[tuple[str, datetime], ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """All spans of a conversation; `trace_id` is its id, sixteen bytes."""

    trace_id: bytes
    spans: tuple[Span, ...]


def trace(conversation_id: str, logged: Sequence[Logged]) -> Trace | None:
    """The trace of a conversation's stored facts; None if there are none."""
    if not logged:
        return None
    made = _Made(conversation_id, logged)
    return Trace(made.trace_id, tuple(made.spans()))


class _Made:
    def __init__(self, conversation_id: str, logged: Sequence[Logged]) -> None:
        self._id, self._logged = conversation_id, logged
        self._facts: list[Fact] = unmerged([entry.fact for entry in logged])
        self._zero = logged[0].at
        self._root = self._span_id("conversation")
        plain = re.fullmatch("[0-9a-f]{32}", conversation_id)
        digest = hashlib.sha256(conversation_id.encode()).digest()[:16]
        self.trace_id = bytes.fromhex(conversation_id) if plain else digest

    def spans(self) -> Iterator[Span]:
        yield self._conversation()
        timed = {fact.turn: fact for fact in every(self._facts, TurnTimed)}
        said = every(self._facts, UtteranceRecorded)
        ours: dict[int, list[UtteranceRecorded]] = {}
        for line in said:
            if line.speaker == "agent":
                ours.setdefault(line.turn, []).append(line)
        for line in said:
            if line.speaker == "caller":
                yield from self._turn(line, ours.get(line.turn, []), timed.get(line.turn))
        yield from self._transfers()
        yield from self._wrapped()

    def _span_id(self, path: str) -> bytes:
        return hashlib.sha256(f"{self._id}/{path}".encode()).digest()[:8]

    def _at(self, ms: int) -> datetime:
        return self._zero + timedelta(milliseconds=ms)

    def _noted_at(self, kind: str) -> tuple[datetime, Noted] | None:
        for entry in reversed(self._logged):
            if isinstance(entry.fact, Noted) and entry.fact.kind == kind:
                return entry.at, entry.fact
        return None

    def _ended_at(self) -> datetime | None:
        ends = [e.at for e in self._logged if isinstance(e.fact, ConversationEnded)]
        return ends[-1] if ends else None

    def _conversation(self) -> Span:
        started, end = latest(self._facts, ConversationStarted), ending(self._facts)
        verdict, route = latest(self._facts, VerdictReached), latest(self._facts, RouteChosen)
        told: dict[str, Value] = {}
        if started is not None:
            told |= {"channel": started.channel, "direction": started.direction,
                     "company": started.company, "criteria_version": started.criteria_version,
                     "knowledge_version": started.knowledge_version}  # fmt: skip
        if end is not None:
            told |= {"outcome": end.outcome, "end_reason": end.reason}
        if verdict is not None:
            told |= {"verdict": verdict.result, "segment": verdict.segment or ""}
        if route is not None:
            told["route"] = route.action
        flags = tuple((f.kind, self._at(f.start_ms)) for f in every(self._facts, Flagged))
        over = self._ended_at() or max(entry.at for entry in self._logged)
        failed = end is not None and end.reason in ("failed", "engine_failed", SERVER_LOST)
        return Span("conversation", self._root, None, self._zero, over, told, flags, failed)

    def _turn(
        self, line: UtteranceRecorded, ours: Sequence[UtteranceRecorded], timed: TurnTimed | None
    ) -> Iterator[Span]:
        heard_ms = line.end_ms + (timed.heard_ms if timed else 0)
        end_ms = max([heard_ms, *(u.end_ms for u in ours)])
        told: dict[str, Value] = {
            "turn": line.turn, "sentences": len(ours),
            "citations": len({c for u in ours for c in u.citations}),
            "interrupted": any(u.interrupted for u in ours), "confidence": line.confidence,
        }  # fmt: skip
        if timed is not None:
            told |= {"heard_ms": timed.heard_ms, "speculated": timed.speculated}
        own = self._span_id(f"turn/{line.turn}")
        start, end = self._at(line.start_ms), self._at(end_ms)
        yield Span("turn", own, self._root, start, max(start, end), told)
        if timed is None:
            return
        at_ms = line.end_ms
        for stage in STAGES:
            lasts: int = getattr(timed, f"{stage}_ms")
            begins, at_ms = at_ms, at_ms + lasts
            name = self._span_id(f"turn/{line.turn}/{stage}")
            yield Span(stage, name, own, self._at(begins), self._at(at_ms), {"turn": line.turn})

    def _transfers(self) -> Iterator[Span]:
        for fact in every(self._facts, TransferStarted):
            over = next(
                (e for e in self._logged
                 if isinstance(e.fact, TransferAccepted | TransferFailed)
                 and e.fact.transfer_id == fact.transfer_id), None,
            )  # fmt: skip
            start = self._at(fact.at_ms)
            taken = over is not None and isinstance(over.fact, TransferAccepted)
            end = max(start, over.at) if over is not None else start
            told: dict[str, Value] = {"turn": fact.turn, "mode": fact.mode, "taken": taken}
            name = self._span_id(f"transfer/{fact.transfer_id}")
            yield Span("transfer", name, self._root, start, end, told, failed=not taken)

    def _wrapped(self) -> Iterator[Span]:
        """What was written after the end, or recently in an ongoing written conversation."""
        brief = self._noted_at("handoff")
        if brief is None:
            return
        parts = {kind: found for kind in ("crm", "calendar")
                 if (found := self._noted_at(kind)) is not None}  # fmt: skip
        start = min(self._ended_at() or brief[0], brief[0])
        end = max([brief[0], *(at for at, _ in parts.values())])
        own = self._span_id("wrap-up")
        yield Span("wrap-up", own, self._root, start, end)
        for kind, (at, fact) in parts.items():
            status = str(fact.data.get("status", ""))
            told: dict[str, Value] = {"status": status}
            records = fact.data.get("records")
            if isinstance(records, list | tuple):
                told["records"] = len(records)
            yield Span(
                kind, self._span_id(kind), own, brief[0], max(brief[0], at), told,
                failed=status == "failed",
            )  # fmt: skip
