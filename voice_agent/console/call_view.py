"""A conversation's transcript as the call page shows it: lines, pins, waits. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.events import (
    ConsentRecorded,
    ConversationStarted,
    Fact,
    Flagged,
    Logged,
    Noted,
    RecordingSaved,
    TurnTimed,
    UtteranceRecorded,
)
from core.facts.standing import every, latest, unmerged
from core.flags.kinds import kind_of
from core.handoff.transfer import unrecorded
from core.privacy.facts import CardSpoken
from core.store.review_tables import CommentRow
from voice_agent.console.call_events import events, floor, marks
from voice_agent.console.call_names import Names
from voice_agent.word_times import Stretch, spread

STAGES = ("endpoint_ms", "stt_ms", "reply_ms", "tts_ms", "send_ms")
STAGE_NAMES = {
    "endpoint_ms": "waiting for the end of the turn",
    "stt_ms": "hearing",
    "reply_ms": "finding the answer",
    "tts_ms": "voicing",
    "send_ms": "sending",
}
SLOW_MS = 900
"""A later reply is marked as slow."""
UNRECORDED_MS = 500
SILENCE_MS = 4_000
"""Silence on both sides for this long is marked."""


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript, with everything attached to it."""

    n: int
    turn: int
    speaker: str
    who: str
    text: str
    unheard: str
    interrupted: bool
    start_ms: int
    end_ms: int
    at: datetime
    words: tuple[int, ...]
    """When each word begins, in milliseconds of the conversation."""
    citations: tuple[str, ...]
    kind: str
    confidence: float
    flags: tuple[Flagged, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    events: tuple[str, ...] = ()
    """Events after it besides speech: a transfer, a message left."""
    timed: TurnTimed | None = None
    """On a reply's first line: how long the caller waited for it."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A mark on the waveform: its kind, and a text for screen readers."""

    ms: int
    kind: str
    """flag, comment, barge-in, backchannel, silence, redaction or unrecorded"""
    label: str
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the page shows it."""

    lines: tuple[TranscriptLine, ...]
    pins: tuple[Pin, ...]
    waits: tuple[tuple[int, int, int], ...]
    """Replies: from, to, and the turn."""
    stray_flags: tuple[Flagged, ...] = ()
    """Flags that belong to no line."""
    spoken: bool = True
    marks: tuple[tuple[int | None, str], ...] = field(default=())
    """Events besides speech: disclosure, consent, a colleague who took over."""

    def line_at(self, ms: int) -> TranscriptLine | None:
        """The line being said or written at a moment."""
        return next((line for line in reversed(self.lines) if line.start_ms <= ms), None)

    @property
    def groups(self) -> list[list[TranscriptLine]]:
        """Consecutive lines of one speaker in one turn."""
        made: list[list[TranscriptLine]] = []
        for line in self.lines:
            last = made[-1][-1] if made else None
            if last and (last.speaker, last.turn) == (line.speaker, line.turn):
                made[-1].append(line)
            else:
                made.append([line])
        return made


def talk(logged: Sequence[Logged], comments: Iterable[CommentRow], names: Names) -> Talk:
    """The transcript, with everything that has a place in it."""
    facts = unmerged([entry.fact for entry in logged])
    started = latest(facts, ConversationStarted)
    spoken = started is None or started.channel == "voice"
    begun = next((e.at for e in logged if isinstance(e.fact, ConversationStarted)), logged[0].at)
    said = sorted(every(facts, UtteranceRecorded), key=lambda line: line.start_ms)
    remarks = [c for c in comments if c.withdrawn_at is None]
    placed = _placed(said, every(facts, Flagged))
    timed = {t.turn: t for t in every(facts, TurnTimed)}
    happened = [
        (_line_at(said, ms), what)
        for ms, what in sorted((*events(facts, names), *floor(logged, begun, names)))
    ]
    lines: list[TranscriptLine] = []
    for n, line in enumerate(said):
        first = line.speaker == "agent" and not any(
            a.turn == line.turn and a.speaker == "agent" for a in lines
        )
        lines.append(
            TranscriptLine(
                n, line.turn, line.speaker, names.of(line), line.text, line.unheard,
                line.interrupted, line.start_ms, line.end_ms,
                begun + timedelta(milliseconds=line.start_ms), word_starts(line),
                line.citations, line.kind, line.confidence, tuple(placed.get(n, ())),
                tuple(c for c in remarks if _line_at(said, c.at_ms) == n),
                tuple(what for at, what in happened if at == n),
                timed.get(line.turn) if first else None,
            )
        )  # fmt: skip
    return Talk(
        tuple(lines),
        tuple(_pins(lines, facts, remarks, spoken=spoken)),
        tuple(_waits(lines)),
        tuple(placed.get(-1, ())),
        spoken,
        tuple(marks(facts)),
    )


def word_starts(line: UtteranceRecorded) -> tuple[int, ...]:
    """When each word of a line begins; estimated from letter counts if unknown."""
    count = len(line.text.split())
    if line.word_ms and len(line.word_ms) == count:
        return tuple(line.start_ms + ms for ms in line.word_ms)
    if line.end_ms <= line.start_ms:
        return ()
    return tuple(round(t) for t in spread(Stretch(line.text, line.start_ms, line.end_ms)))


def _line_at(said: Sequence[UtteranceRecorded], ms: int | None) -> int | None:
    """The line of an instant: the last one that had begun."""
    if ms is None or not said:
        return None
    began = [n for n, line in enumerate(said) if line.start_ms <= ms]
    return began[-1] if began else 0


def _placed(
    said: Sequence[UtteranceRecorded], flags: Iterable[Flagged]
) -> dict[int, list[Flagged]]:
    """Flags by line; -1 for those without a place."""
    found: dict[int, list[Flagged]] = {}
    for flag in flags:
        mine = [n for n, line in enumerate(said) if line.turn == flag.turn]
        caller = [n for n in mine if said[n].speaker == "caller"]
        near = _line_at(said, flag.start_ms) if flag.start_ms else None
        n = near if near in mine else next(iter(caller or mine), near if flag.start_ms else -1)
        found.setdefault(-1 if n is None else n, []).append(flag)
    return found


def _pins(
    lines: Sequence[TranscriptLine],
    facts: Sequence[Fact],
    remarks: Iterable[CommentRow],
    *,
    spoken: bool,
) -> list[Pin]:
    if not spoken:
        return []
    pins = [
        Pin(flag.start_ms or line.start_ms, "flag", _flag(flag))
        for line in lines
        for flag in line.flags
    ]
    pins += [
        Pin(line.end_ms, "barge-in", "The caller interrupted here")
        for line in lines
        if line.interrupted and line.speaker == "agent"
    ]
    pins += [Pin(c.at_ms, "comment", c.text[:200]) for c in remarks if c.at_ms is not None]
    for noted in every(facts, Noted):
        at_ms = noted.data.get("at_ms")
        if noted.kind == "discarded_utterance" and isinstance(at_ms, int):
            said = f"Not addressed, did not interrupt: “{noted.data.get('text', '')}”"
            pins.append(Pin(at_ms, "backchannel", said[:200]))
    pins += _unrecorded(facts) + _silences(lines)
    pins += [
        Pin(first, "redaction", "A card number was taken out here", last)
        for spoken_card in every(facts, CardSpoken)
        for first, last in spoken_card.silenced
    ]
    return sorted(pins, key=lambda pin: pin.ms)


def _unrecorded(facts: Sequence[Fact]) -> list[Pin]:
    """Where consent did not allow recording: this silence means nothing."""
    saved = latest(facts, RecordingSaved)
    if saved is None:
        return []
    found: list[Pin] = []
    since: int | None = 0
    for consent in every(facts, ConsentRecorded):
        if consent.kind != "recording":
            continue
        if consent.state == "given" and since is not None:
            found.append(Pin(since, "unrecorded", "Not recorded: no consent yet", consent.at_ms))
            since = None
        elif consent.state != "given" and since is None:
            since = consent.at_ms
    if since:
        found.append(Pin(since, "unrecorded", "Not recorded from here on", saved.duration_ms))
    for gap in unrecorded(facts):
        ends = gap["end_ms"] or saved.duration_ms
        found.append(Pin(gap["start_ms"], "unrecorded", f"Not recorded: {gap['why']}", ends))
    return [pin for pin in found if (pin.until_ms or 0) - pin.ms >= UNRECORDED_MS]


def _silences(lines: Sequence[TranscriptLine]) -> list[Pin]:
    found, heard = [], 0
    for line in lines:
        if heard and line.start_ms - heard >= SILENCE_MS:
            seconds = (line.start_ms - heard) / 1000
            found.append(Pin(heard, "silence", f"{seconds:.1f} s of silence", line.start_ms))
        heard = max(heard, line.end_ms)
    return found


def _waits(lines: Sequence[TranscriptLine]) -> list[tuple[int, int, int]]:
    """Where the caller waited: from their last sample to our first."""
    ends: dict[int, int] = {}
    for line in lines:
        if line.speaker == "caller":
            ends[line.turn] = line.end_ms
    return [
        (line.start_ms - line.timed.heard_ms, line.start_ms, line.turn)
        for line in lines
        if line.timed is not None and line.turn in ends
    ]


def shares(timed: TurnTimed) -> list[dict[str, Any]]:
    """The parts of a wait, with their share in percent."""
    whole = max(timed.heard_ms, 1)
    return [
        {"name": STAGE_NAMES[s], "ms": getattr(timed, s), "share": getattr(timed, s) * 100 / whole}
        for s in STAGES
    ]


def _flag(flag: Flagged) -> str:
    return f"{kind_of(flag.kind).label}: {flag.note}"[:200]
