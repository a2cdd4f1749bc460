"""A call as the caller experienced it: who spoke when, response times, what went wrong.

Latencies are as heard: from the caller's last speech sample to the first audible agent sample, both
on the emulator's own timeline.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from voice_agent.audio import g711
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.wav import WavWriter
from voice_agent.emulator.caller import Done
from voice_agent.emulator.playout import Playout, Span
from voice_agent.emulator.stream import StreamLog

PAUSE_S = 0.15
"""A gap in the agent's audio at least this long separates a new start from a continuation."""

RESUME_S = 3.0
"""The agent must be audible again within this after a backchannel to count as resumed."""


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance of the caller and what followed; seconds since the stream's start."""

    name: str
    text: str
    expects: str
    speech_start_s: float
    speech_end_s: float
    in_vain: bool
    """The cue never came; the caller spoke anyway."""
    over_agent: bool
    cut_in: bool
    """The agent began while the caller was still speaking."""
    reply_s: float | None
    heard_ms: int | None
    """Last speech sample to first agent sample; None when no reply followed."""
    clear_ms: int | None
    """First speech sample to the server's clear, if it came within a second after the end."""
    silence_ms: int | None
    """First speech sample to the agent's silence."""
    resumed: bool | None


@dataclass(slots=True)
class CallReport:
    """The JSON timeline of one call."""

    call_sid: str
    stream_sid: str
    script: str
    ended_by: str = "refused"
    status: str = "failed"
    duration_s: float = 0.0
    said: list[Said] = field(default_factory=list)
    agent_spans: list[tuple[float, float]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    clears: list[float] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    wire: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    wav: str | None = None

    @property
    def heard_ms(self) -> list[int]:
        """Heard latency of each utterance that called for a reply."""
        due = [said for said in self.said if said.expects in ("reply", "interruption")]
        return [said.heard_ms for said in due if said.heard_ms is not None]

    @property
    def greeting_ms(self) -> int | None:
        """Stream start to first audible agent sample."""
        return round(self.agent_spans[0][0] * 1000) if self.agent_spans else None

    def to_json(self) -> dict[str, Any]:
        """The whole report, with percentiles."""
        return {
            **asdict(self),
            "greeting_ms": self.greeting_ms,
            "heard_p50_ms": percentile(self.heard_ms, 50),
            "heard_p95_ms": percentile(self.heard_ms, 95),
        }

    def write(self, folder: Path) -> Path:
        """Save as `<call sid>.json` in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.call_sid}.json"
        path.write_text(json.dumps(self.to_json(), indent=1), encoding="utf-8")
        return path


def percentile(values: Sequence[int], percent: float) -> int | None:
    """The nearest-rank percentile; None for an empty list."""
    if not values:
        return None
    ranked = sorted(values)
    return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


def hear(report: CallReport, log: StreamLog, playout: Playout, done: Sequence[Done]) -> None:
    """Fill the report from what happened on the wire and in the playout buffer."""
    spans = joined(playout.spans, PAUSE_S)
    report.duration_s = round(log.duration_s, 3)
    report.agent_spans = [(round(span.start, 3), round(span.end, 3)) for span in spans]
    report.marks, report.clears, report.violations = log.marks, log.clears, log.violations
    report.wire = {
        "frames_sent": log.frames_sent,
        "frames_lost": log.frames_lost,
        "frames_late": log.frames_late,
        "worst_late_ms": round(log.worst_late_ms, 1),
        "drift_ms": round(log.drift_ms, 2),
        "media_received": log.media_received,
        "bytes_received": log.bytes_received,
        "dropped_bytes": playout.dropped_bytes,
        "close_code": log.close_code,
    }
    spoken = [one for one in done if one.step.speech_s and one.start < log.duration_s]
    starts = [one.start + one.step.speech_s[0][0] for one in spoken]
    for one, until in zip(spoken, [*starts[1:], math.inf], strict=False):
        report.said.append(_said(one, until, spans, log.clears))


def joined(spans: Sequence[Span], gap_s: float) -> list[Span]:
    """Spans, with gaps shorter than this closed."""
    whole: list[Span] = []
    for span in spans:
        if whole and span.start - whole[-1].end < gap_s:
            whole[-1].end = span.end
        else:
            whole.append(Span(span.start, span.end))
    return whole


def _said(one: Done, until: float, spans: Sequence[Span], clears: Sequence[float]) -> Said:
    start = one.start + one.step.speech_s[0][0]
    end = one.start + one.step.speech_s[-1][1]
    under = next((span for span in spans if span.start < start < span.end), None)
    began = [span.start for span in spans if start <= span.start < end]
    after = [span.start for span in spans if end <= span.start < until]
    talking = any(span.start < end < span.end for span in spans)
    reply = after[0] if after and not talking and not began else None
    clear = next((at for at in clears if start <= at <= end + 1.0), None)
    expects_resume = one.step.expects in ("resume", "nothing")
    return Said(
        name=one.step.name,
        text=one.step.text,
        expects=one.step.expects,
        speech_start_s=round(start, 3),
        speech_end_s=round(end, 3),
        in_vain=one.in_vain,
        over_agent=under is not None,
        cut_in=under is None and bool(began),
        reply_s=None if reply is None else round(reply, 3),
        heard_ms=None if reply is None else round((reply - end) * 1000),
        clear_ms=None if clear is None else round((clear - start) * 1000),
        silence_ms=None if under is None else round((under.end - start) * 1000),
        resumed=_resumed(under, end, spans) if under and expects_resume else None,
    )


def _resumed(under: Span, end: float, spans: Sequence[Span]) -> bool:
    if under.end > end:
        return True
    return any(under.end < span.start <= end + RESUME_S for span in spans)


def write_heard(path: Path, log: StreamLog, playout: Playout) -> None:
    """Write the call as the caller heard it: their own voice left, the agent right."""
    caller = g711.decode(bytes(log.caller_audio))
    length = max(len(caller), round(log.duration_s * RATE_HZ))
    padded = np.concatenate((caller, np.zeros(length - len(caller), np.int16)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with WavWriter(path) as writer:
        writer.write(padded, playout.lane(length))
