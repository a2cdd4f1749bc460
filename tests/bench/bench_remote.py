"""Heard latency with all three engines remote, and our share of it.

The stub takes 150 ms to transcribe, 250 ms to the first token and then 60 tokens a second, 120 ms
to the first audio. For each answered turn
    engines  = 150 + (250 + (tokens of the first sentence - 1) / 60 s, if a model worded it)
               + (120, if it was not voiced before the call),
    endpoint = the silence that the server took for the end of the turn, as it reports it,
    ours     = heard - max(endpoint, pause + engines),
where `pause` is the 90 ms of silence before an end can be suspected: the earliest instant at which
the transcriber can be asked for the whole utterance. `ours_from_last_sample` leaves `pause` out.
"""

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from tests.bench import calls, rig
from tests.bench.processes import remote_engines, server, stub
from voice_agent.speech.clauses import split
from voice_agent.speech.verbalise.verbaliser import spoken
from voice_agent.turn.waits import SETTLE_AFTER_S

SCRIPTS = (
    "pricing", "first_frame", "correction", "demo", "unanswerable", "no_recording", "human_please",
)  # fmt: skip
QUICK = SCRIPTS[:3]
P50_MS, OURS_MS = 700, 30
TRANSCRIPTION_MS, FIRST_TOKEN_MS, TOKEN_MS, FIRST_AUDIO_MS = 150.0, 250.0, 1000 / 60, 120.0
PAUSE_MS = SETTLE_AFTER_S * 1000


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Place calls against the stub engines, and split each reply's time."""
    with stub() as url, server("remote", **remote_engines(url)) as running:
        door = url.removesuffix("/v1") + "/said"
        before = len(httpx.get(door, trust_env=False).json()["voiced"])
        placed = calls.place(running, QUICK if arguments.quick else SCRIPTS)
        said = httpx.get(door, trust_env=False).json()
    own = [one for call in placed for one in _shares(call, said["worded"], said["voiced"][before:])]
    heard = [ms for call in placed for ms in call.heard_ms]
    counted = [float(turn["heard_ms"]) for call in placed for turn in call.turns]
    p50, p95 = rig.percentile(heard, 50), rig.percentile(heard, 95)
    ours = rig.percentile([one["ours"] for one in own], 50)
    return rig.Result(
        "heard latency, remote engines", p50, p95, len(heard), "ms",
        f"p50 ≤ {P50_MS}, ours p50 ≤ {OURS_MS}",
        rig.within(p50, P50_MS) and rig.within(ours, OURS_MS),
        {
            "ours": rig.spread([one["ours"] for one in own]),
            "ours_from_last_sample": rig.spread([one["ours"] + one["pause"] for one in own]),
            "engines": rig.spread([one["engines"] for one in own]),
            "counted_by_server": rig.spread(counted),
            "stages": {name: rig.spread(ms) for name, ms in calls.stages(placed).items()},
            "speculated_pct": rig.share([t["speculated"] for c in placed for t in c.turns]),
            "by_script": {call.report.script: call.heard_ms for call in placed},
            "caller_late_ms": calls.caller_late_ms(placed),
        },
    )  # fmt: skip


def _shares(
    call: calls.Placed, worded: Sequence[str], voiced: Sequence[str]
) -> Iterator[dict[str, float]]:
    for turn in call.turns:
        first = _first_sentence(call.document, turn["turn"])
        if first is None:
            continue
        engines = TRANSCRIPTION_MS
        if any(text.startswith(first) for text in worded):
            engines += FIRST_TOKEN_MS + (len(first.split()) - 1) * TOKEN_MS
        if any(text.startswith(spoken(split(first)[0])[:20]) for text in voiced):
            engines += FIRST_AUDIO_MS
        floor = max(turn["endpoint_ms"], PAUSE_MS + engines)
        pause = PAUSE_MS if turn["endpoint_ms"] < PAUSE_MS + engines else 0.0
        yield {"engines": engines, "ours": turn["heard_ms"] - floor, "pause": pause}


def _first_sentence(document: dict[str, Any], number: int) -> str | None:
    """The agent's first sentence in a turn, if it was heard whole."""
    for line in document["transcript"]:
        if line["turn"] == number and line["speaker"] == "agent":
            text: str = line["text"]
            return None if line["interrupted"] else text
    return None


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
