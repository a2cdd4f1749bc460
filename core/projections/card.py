"""`card(…)`: one conversation as a line of a queue, folded from its facts. Pure.

Stored beside the facts so that thousands can be filtered; it can always be rebuilt from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from core.events import (
    ConversationStarted,
    Fact,
    Flagged,
    MeetingRecorded,
    Noted,
    QuestionDeferred,
    RouteChosen,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.claims import HandoffRated, LeadClaimed
from core.facts.corrected import as_heard, standing_corrections
from core.facts.standing import (
    callback,
    contact,
    ending,
    every,
    latest,
    live_signals,
    meeting,
    unmerged,
)
from core.flags.kinds import gravest, kind_of
from core.metrics.outcomes import entry_of
from core.privacy.erasure import ERASED
from core.projections.document import percentile

VERSION = 4
"""Version of the fold; cards of an older version are rebuilt."""
SPEAKERS = {"caller": "Buyer", "agent": "Agent", "rep": "Rep"}
LONGEST_NAME = 200
LONGEST = 200_000
"""Most searchable characters of a conversation."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A kind of flag: its count, and the first one's place and reason."""

    kind: str
    times: int
    turn: int
    start_ms: int
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """What queues show and filter by."""

    channel: str = ""
    direction: str = ""
    caller: str | None = None
    """The number or address they came from, else the one they gave."""
    called: str | None = None
    entry: str = ""
    """Where it came in: a number, a page or a campaign; empty if unknown."""
    invitation: str = ""
    """The chat invitation that was accepted."""
    after_hours: bool = False
    outcome: str | None = None
    duration_ms: int | None = None
    name: str | None = None
    organisation: str | None = None
    verdict: str | None = None
    segment: str | None = None
    score: float | None = None
    own_verdict: str | None = None
    """The agent's own verdict, before corrections."""
    own_score: float | None = None
    heard: int = 0
    """How many signals the agent took from what the buyer said."""
    misheard: int = 0
    """How many of those a person corrected."""
    missed: int = 0
    """How many a person added."""
    rep: str | None = None
    action: str | None = None
    fast_track: bool = False
    p95_ms: int | None = None
    abstained: bool = False
    callback_at: datetime | None = None
    """When a callback was promised for, unless a meeting replaced it."""
    meeting_at: datetime | None = None
    sync: str = "pending"
    """written, failed or pending: the state of its records in other systems"""
    claimed_by: str | None = None
    rated: bool = False
    marks: tuple[Mark, ...] = ()
    criteria: tuple[tuple[str, str], ...] = ()
    """Each criterion's name and state."""
    words: str = ""
    """All searchable text: who it was, then what was said."""

    @property
    def kinds(self) -> list[str]:
        """Kinds of its flags, gravest first."""
        return gravest({mark.kind for mark in self.marks})

    @property
    def urgent(self) -> bool:
        """Whether a lead may be lost or a rule was broken."""
        return any(kind_of(mark.kind).weight == "urgent" for mark in self.marks)


def card(facts: Sequence[Fact]) -> Card:
    """The card of the facts so far."""
    said = unmerged(facts)
    started, end = latest(said, ConversationStarted), ending(said)
    verdict, route = latest(said, VerdictReached), latest(said, RouteChosen)
    own = latest(as_heard(said), VerdictReached)
    heard, misheard, missed = _heard(facts)
    met, claimed = meeting(said), latest(said, LeadClaimed)
    who = {name: _kept(signal.value) for name, signal in contact(said).items()}
    times = {timed.turn: timed.heard_ms for timed in every(said, TurnTimed)}
    made = Card(
        channel=started.channel if started else "",
        direction=started.direction if started else "",
        caller=(_kept(started.caller) if started else None) or who.get("phone") or who.get("email"),
        called=_kept(started.called) if started else None,
        entry=_entry(said, started),
        invitation=_invitation(said),
        after_hours=bool(started and started.after_hours),
        outcome=end.outcome if end else None,
        duration_ms=end.duration_ms if end else None,
        name=who.get("name"),
        organisation=who.get("company"),
        verdict=verdict.result if verdict else None,
        segment=verdict.segment if verdict else None,
        score=verdict.score if verdict else None,
        own_verdict=own.result if own else None,
        own_score=own.score if own else None,
        heard=heard,
        misheard=misheard,
        missed=missed,
        rep=route.rep if route else None,
        action=route.action if route else None,
        fast_track=bool(route and route.fast_track),
        p95_ms=percentile(list(times.values()), 0.95),
        abstained=any(isinstance(fact, QuestionDeferred) for fact in said),
        callback_at=_promised(said, met),
        meeting_at=_instant(met.start) if met and met.status != "cancelled" else None,
        sync=_sync(said),
        claimed_by=claimed.by if claimed else None,
        rated=any(isinstance(fact, HandoffRated) for fact in said),
        marks=_marks(said),
        criteria=tuple((_plain(c.name), c.state) for c in verdict.criteria) if verdict else (),
        words=_words(said, who),
    )
    held: dict[str, Any] = {f.name: getattr(made, f.name) for f in fields(made)}
    plain: dict[str, Any] = {n: _plain(t) for n, t in held.items() if isinstance(t, str)}
    return replace(made, **plain)


def _heard(facts: Sequence[Fact]) -> tuple[int, int, int]:
    """How many signals the agent heard, how many were corrected, and how many were added."""
    told = [s for s in live_signals(unmerged(as_heard(facts))) if not s.origin]
    heard = {s.signal_id for s in told if s.basis in ("stated", "implied")}
    stands = {s.signal_id for s in live_signals(unmerged(facts))}
    added = sum(not c.signal_id for c in standing_corrections(facts).values())
    return len(heard), len(heard - stands), added


def _entry(facts: Sequence[Fact], started: ConversationStarted | None) -> str:
    page = next((n for n in reversed(every(facts, Noted)) if n.kind == "page"), None)
    url = str(page.data.get("url", "")) if page else ""
    return entry_of(started.channel, _kept(started.called), url) if started else ""


def _invitation(facts: Sequence[Fact]) -> str:
    note = next((n for n in every(facts, Noted) if n.kind == "invited"), None)
    return str(note.data.get("rule", "")) if note else ""


def _promised(facts: Sequence[Fact], met: MeetingRecorded | None) -> datetime | None:
    wanted = callback(facts)
    if wanted is None or (met is not None and met.status != "cancelled"):
        return None
    return _instant(wanted.start) or _instant(wanted.end)


def _sync(facts: Sequence[Fact]) -> str:
    """The latest result for each system; one failure makes the conversation a problem."""
    last = {
        note.kind: note.data.get("status")
        for note in every(facts, Noted)
        if note.kind in ("crm", "calendar")
    }
    if "failed" in last.values():
        return "failed"
    return "written" if last.get("crm") == "written" else "pending"


def _marks(facts: Sequence[Fact]) -> tuple[Mark, ...]:
    found: dict[str, list[Flagged]] = {}
    for flag in every(facts, Flagged):
        found.setdefault(flag.kind, []).append(flag)
    return tuple(
        Mark(
            _plain(kind), len(flags), flags[0].turn, flags[0].start_ms, _plain(flags[0].note)[:300]
        )
        for kind, flags in found.items()
    )


def _words(facts: Sequence[Fact], who: dict[str, str | None]) -> str:
    lines = sorted(every(facts, UtteranceRecorded), key=lambda line: line.start_ms)
    head = " · ".join(value for value in who.values() if value)
    spoken = [
        f"{SPEAKERS.get(line.speaker, line.speaker)}: {line.text}"
        for line in lines
        if line.text and line.text != ERASED
    ]
    return _plain("\n".join([head, *spoken]) if spoken or head else "")[:LONGEST]


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _kept(value: str | None) -> str | None:
    return None if not value or value == ERASED else _plain(value)[:LONGEST_NAME]


def _plain(text: str) -> str:
    """Text without NUL, which PostgreSQL does not store, and without lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
