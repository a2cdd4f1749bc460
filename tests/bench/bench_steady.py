"""Many concurrent calls for minutes: late frames, loop lag, CPU, memory; compares two releases.

    python -m tests.bench.bench_steady --calls 200 --minutes 10 --workers 2
    python -m tests.bench.bench_steady --calls 200 --minutes 10 --workers 2 --against ../before

Engines are the stub over HTTP and callers one other process, as in `bench_concurrency`. All calls
start within about twenty seconds and stay until the end. With `--against`, the server of another
checkout is measured first, by this one's callers, and reported as `before`. Memory is that of all
server processes; its slope is a line through the means of each half minute after the first quarter
of the time. Lag is read off the server's own histogram, as the upper edge of a bucket.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench import rig
from tests.bench.bench_concurrency import OWN_LATE_MS
from tests.bench.bench_memory import round_means, slope_per_minute
from tests.bench.processes import MAX_CALLS, Running, others_s, remote_engines, server, stub

CALLS, MINUTES, QUICK_MINUTES = 200, 10.0, 1.0
HALF_MINUTE_S = 30.0
LAG = re.compile(r'voice_agent_loop_lag_seconds_bucket\{le="([^"]+)"\}')
WRITTEN_S = 300.0
"""For wrap-ups to finish after the calls."""


def held(source: Path, arguments: argparse.Namespace, minutes: float) -> dict[str, Any]:
    """One release under load; returns all its figures."""
    workers = str(arguments.workers)
    with (
        stub() as url,
        server("steady", source=source, workers=workers, **remote_engines(url)) as running,
    ):
        while running.metrics().get("voice_agent_calls_limit", 0.0) < MAX_CALLS:
            time.sleep(0.5)  # the other workers are still starting
        idle_mb, before = running.family_mb(), running.metrics()
        tally, during = _loaded(running, arguments.calls, minutes * 60)
        ends = time.monotonic() + WRITTEN_S
        while running.metrics().get("voice_agent_calls_active") and time.monotonic() < ends:
            time.sleep(1.0)
        after = running.metrics()
    heard = tally.pop("heard_ms")
    late, media = _grown(before, after, "voice_agent_late_frames_total"), tally["media"]
    return {
        "commit": rig.commit(source),
        "served": tally["connected"] == arguments.calls and not tally["ended_early"],
        "late": late, "media": media, "late_pct": round(100 * late / max(1, media), 3),
        "gaps": tally["gaps"], "worst_gap_ms": round(tally["worst_gap_ms"], 1),
        "underruns": _grown(before, after, "voice_agent_playback_underruns_total"),
        "loop_lag_ms": {f"p{p:g}": _lag_ms(before, after, p) for p in (50, 99, 99.9)},
        "heard_ms": rig.spread(heard),
        "idle_mb": round(idle_mb, 1), **during,
        "callers_worst_late_ms": round(tally["own_worst_ms"], 1),
        "callers_fit": tally["own_worst_ms"] <= OWN_LATE_MS,
    }  # fmt: skip


def _loaded(running: Running, calls: int, seconds: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the callers experienced, and what the server used while all of them talked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load", "--to", running.url, "--calls", str(calls),
         "--seconds", str(seconds), "--ramp", str(max(2.0, calls / 10))],
        stdout=subprocess.PIPE, text=True, cwd=rig.ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()  # "steady"
    cpu_s, others, began = running.cpu_s(), others_s(), time.monotonic()
    samples: list[tuple[float, float]] = []
    while (at := time.monotonic() - began) < seconds - 2.0:
        samples.append((at, running.family_mb()))
        if len(samples) % 30 == 1:
            rig.say(f"  {at:4.0f} s: {samples[-1][1]:.0f} MB")
        time.sleep(2.0)
    cpu_s, took_s = running.cpu_s() - cpu_s, time.monotonic() - began
    others = others_s() - others
    warm = [sample for sample in samples if sample[0] >= seconds / 4]
    slope, error = slope_per_minute(round_means(warm, min(HALF_MINUTE_S, seconds / 8)))
    return json.loads(process.communicate(timeout=120)[0]), {
        "cpu_pct": round(100 * cpu_s / took_s, 1),
        "cpu_pct_per_call": round(100 * cpu_s / took_s / calls, 3),
        "others_cpu_pct": round(100 * others / took_s, 1),
        "highest_mb": round(max(mb for _, mb in samples), 1),
        "mb_per_minute": round(slope, 3), "mb_per_minute_error": round(error, 3),
        "mb_each_minute": [round(mb, 1) for _, mb in samples[::30]],
    }  # fmt: skip


def _grown(before: dict[str, float], after: dict[str, float], name: str) -> int:
    return round(after.get(name, 0.0) - before.get(name, 0.0))


def _lag_ms(before: dict[str, float], after: dict[str, float], percent: float) -> float | None:
    """The upper edge of the bucket with this percentile of the loop's lag."""
    buckets = sorted(
        (float(found[1]), value - before.get(name, 0.0))
        for name, value in after.items()
        if (found := LAG.match(name))
    )
    wanted = buckets[-1][1] * percent / 100 if buckets else 0.0
    edges = [edge for edge, count in buckets if count >= wanted]
    return round(edges[0] * 1000, 1) if edges and edges[0] != float("inf") else None


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Hold the calls, on the other release first."""
    minutes = QUICK_MINUTES if arguments.quick else arguments.minutes
    before = None
    if arguments.against is not None:
        rig.say(f"the release before, {arguments.against}")
        before = held(arguments.against.resolve(), arguments, minutes)
        rig.say(f"  {before}")
    now = held(rig.ROOT, arguments, minutes)
    return rig.Result(
        f"late pieces, {arguments.calls} calls for {minutes:g} minutes", now["late"], None,
        arguments.calls, "pieces", "no piece late, no gap heard, memory flat",
        bool(now["served"] and not now["late"] and not now["gaps"]),
        {"workers": arguments.workers, "now": now, "before": before},
    )  # fmt: skip


def main() -> None:
    """Print the figures as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls at once")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--workers", type=int, default=2, help="server processes")
    parser.add_argument("--against", type=Path, help="checkout of the release to compare with")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
