"""Concurrent calls on one server with remote engines until agent media is late; CPU per call.

The engines are the stub over HTTP; the callers are one other process. A frame is due when the far
end's buffer is down to 200 ms, and late when the server sends it more than 20 ms after that; it is
heard to be late (a gap) when the caller's buffer ran dry inside a clause. The figure is the largest
number of calls with neither. CPU is the server process's own, as a percentage of one core per call:
while all calls talk, HTTP to the engines included; and of `greeted` calls, whose callers hear the
greeting and say nothing, so that it is the price of frames alone. `others_cpu_pct` is what the rest
of the machine used meanwhile, in percent of one core: above a few percent, a late frame may be its
fault. Callers start a tenth of a second apart and send line hiss while they listen; the step at
`TARGET_CALLS` is repeated with callers who send zeros.
"""

import argparse
import json
import subprocess
import sys
import time
from typing import Any

from tests.bench import rig
from tests.bench.processes import MAX_CALLS, Running, others_s, remote_engines, server, stub

STEPS = (5, 20, 50, 100, 150, 200)
QUICK = (20, 100)
TARGET_CALLS, CPU_PCT = 100, 0.5
GREETING_S = 11.0
"""The greeting lasts about thirteen seconds."""
IDLE_S = 0.1
"""Most CPU seconds that a server without calls uses per second."""
OWN_LATE_MS = 100.0
"""Above this the callers' own process was the bottleneck."""


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Increase the number of calls until a frame is late."""
    seconds = arguments.seconds or (12.0 if arguments.quick else 20.0)
    given = [int(step) for step in arguments.steps.split(",")] if arguments.steps else None
    steps = given or list(QUICK if arguments.quick else STEPS)
    rows: list[dict[str, Any]] = []
    workers = str(arguments.workers)
    with (
        stub() as url,
        server("concurrency", workers=workers, **remote_engines(url)) as running,
    ):
        while running.metrics().get("voice_agent_calls_limit", 0.0) < MAX_CALLS:
            time.sleep(0.5)  # the other workers are still starting
        for calls in steps:
            rows.append(loaded(running, calls, seconds))
            rig.say(f"  {rows[-1]}")
            if rows[-1]["gaps"] and calls > TARGET_CALLS:
                break
        greeted = loaded(running, 20, GREETING_S, mute=True)
        digital = loaded(running, TARGET_CALLS, seconds, digital=True)
    good = [row["calls"] for row in rows if row["served"] and not row["late"] and not row["gaps"]]
    cpu = [row["cpu_pct_per_call"] for row in rows if row["calls"] <= TARGET_CALLS]
    most = max(good, default=0)
    return rig.Result(
        "calls at once without a late frame", most, None, len(rows), "calls",
        f"≥ {TARGET_CALLS} calls, CPU of one ≤ {CPU_PCT} % of a core",
        most >= TARGET_CALLS and rig.within(min(cpu, default=None), CPU_PCT),
        {
            "cpu_pct_per_call": cpu[-1] if cpu else None,
            "cpu_pct_per_greeted_call": greeted["cpu_pct_per_call"],
            "steps": rows,
            "digital_silence": digital,
        },
    )  # fmt: skip


def loaded(
    running: Running, calls: int, seconds: float, mute: bool = False, digital: bool = False
) -> dict[str, Any]:
    """One step: this many calls for this long, judged from both ends."""
    before = running.metrics()
    ramp_s = max(2.0, calls / 10)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load", "--to", running.url, "--calls", str(calls),
         "--seconds", str(seconds), "--ramp", str(ramp_s), *(["--mute"] if mute else []),
         *(["--digital-silence"] if digital else [])],
        stdout=subprocess.PIPE, text=True, cwd=rig.ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()  # "steady"
    cpu_s, others, began = running.cpu_s(), others_s(), time.monotonic()
    time.sleep(seconds - 1.0)
    cpu_s, took = running.cpu_s() - cpu_s, time.monotonic() - began
    others = others_s() - others
    rss_mb = running.rss_mb()
    tally = json.loads(process.communicate(timeout=60)[0])
    after = settled(running)

    def grown(name: str) -> int:
        return round(after.get(name, 0.0) - before.get(name, 0.0))

    heard = tally.pop("heard_ms")
    return {
        "calls": calls,
        "served": tally["connected"] == calls and not tally["ended_early"],
        "late": grown("voice_agent_late_frames_total"),
        "underruns": grown("voice_agent_playback_underruns_total"),
        "gaps": tally["gaps"],
        "worst_gap_ms": round(tally["worst_gap_ms"], 1),
        "cpu_pct": round(100 * cpu_s / took, 1),
        "cpu_pct_per_call": round(100 * cpu_s / took / calls, 3),
        "others_cpu_pct": round(100 * others / took, 1),
        "rss_mb": round(rss_mb, 1),
        "heard_ms": rig.spread(heard),
        "media": tally["media"],
        "callers_speak_pct": round(100 * tally["spoken"] / max(1, tally["frames"])),
        "callers_late_frames": tally["own_late"],
        "callers_worst_late_ms": round(tally["own_worst_ms"], 1),
        "callers_fit": tally["own_worst_ms"] <= OWN_LATE_MS,
    }


def settled(running: Running) -> dict[str, float]:
    """Metrics once every call is stored and wrapped up: that work would otherwise count towards the
    next step's calls."""
    for _ in range(120):
        before = running.cpu_s()
        time.sleep(1.0)
        metrics = running.metrics()
        if not metrics.get("voice_agent_calls_active") and running.cpu_s() - before < IDLE_S:
            break
    return metrics


def main() -> None:
    """Print the figure as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--steps", help="numbers of calls, separated by commas")
    parser.add_argument("--workers", type=int, default=1, help="server processes")
    parser.add_argument("--seconds", type=float, help="how long each step lasts")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
