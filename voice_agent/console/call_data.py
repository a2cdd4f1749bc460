"""The data for the player's script: places on the timeline, and the audio's URLs."""

from collections.abc import Mapping
from typing import Any

from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.peaks import LEVELS, places
from voice_agent.console.call_view import SLOW_MS, Talk


def player_data(
    talk: Talk,
    audio: str,
    peaks: str,
    frames: int,
    recording: Mapping[str, Any] | None,
    *,
    pins: bool = True,
) -> dict[str, Any]:
    """JSON-ready, in seconds. `audio` and `peaks` are empty without a `recording`, which is the
    call document's."""
    duration_ms = recording["duration_ms"] if recording else 0
    return {
        "audio": audio,
        "peaks": peaks,
        "duration": max(duration_ms, _last_ms(talk)) / 1000,
        "levels": {str(n): count for n, (_, count) in places(frames).items()} if frames else {},
        "finest": LEVELS[-1],
        "lanes": list(recording["channels"]) if recording else [],
        "lines": [
            {"n": n.n, "from": n.start_ms / 1000, "to": n.end_ms / 1000, "by": n.speaker}
            for n in talk.lines
        ],
        "pins": [
            {"at": p.ms / 1000, "kind": p.kind, "label": p.label,
             "to": p.until_ms / 1000 if p.until_ms is not None else None}
            for p in talk.pins
        ] if pins else [],
        "waits": [
            {"from": first / 1000, "to": last / 1000, "slow": last - first > SLOW_MS}
            for first, last, _ in talk.waits
        ] if pins else [],
    }  # fmt: skip


def frames_of_ms(duration_ms: int) -> int:
    """Samples in a recording of this length."""
    return duration_ms * RATE_HZ // 1000


def _last_ms(talk: Talk) -> int:
    return max((line.end_ms for line in talk.lines), default=0) if talk.spoken else 0
