"""Memory over a long soak: calls that come, talk, end and come again, against remote engines.

The server's resident memory is read every second while calls are running. The slope is a
least-squares line through the rounds' means after warm-up, with its standard error: seconds of one
round are correlated, rounds are not. Memory per call is what the first round of calls added to the
idle, warmed-up server.
"""

import argparse
import json
import math
import subprocess
import sys
import time
from statistics import linear_regression, mean

from tests.bench import rig
from tests.bench.processes import Running, remote_engines, server, stub

CALLS, MINUTES, QUICK_MINUTES = 20, 10.0, 1.0
ROUND_S = 55.0
WARM_UP_S = 300.0
"""Excluded from the slope: memory grows in steps until each heap has had its busiest moment. Half
of a shorter soak."""
SLOPE_MB_PER_MINUTE, PER_CALL_MB = 0.1, 2.0


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Keep the calls running, and fit a line to the memory."""
    minutes = arguments.minutes or (QUICK_MINUTES if arguments.quick else MINUTES)
    with stub() as url, server("memory", **remote_engines(url)) as running:
        round_of(running, 2, 8.0, [])  # first use of every part
        time.sleep(2.0)
        idle_mb = running.rss_mb()
        samples: list[tuple[float, float]] = []
        began = time.monotonic()
        served: list[bool] = []
        while (left_s := minutes * 60 - (time.monotonic() - began)) > 5.0:
            served.append(round_of(running, arguments.calls, min(arguments.round, left_s), samples))
            rig.say(f"  {time.monotonic() - began:.0f} s: {running.rss_mb():.1f} MB")
        ended_mb = running.rss_mb()
        metrics = running.metrics()
    first = [mb for at, mb in samples if at - samples[0][0] <= min(arguments.round, 30.0)]
    per_call = (max(first) - idle_mb) / arguments.calls
    warm_at = samples[0][0] + min(WARM_UP_S, minutes * 30)
    means = round_means([sample for sample in samples if sample[0] >= warm_at], arguments.round)
    slope, error = slope_per_minute(means)
    flat = abs(slope) <= max(SLOPE_MB_PER_MINUTE, 2 * error)
    return rig.Result(
        "memory slope over the soak", round(slope, 3), None, len(means), "MB/min",
        f"|slope| ≤ {SLOPE_MB_PER_MINUTE} or two standard errors, one call ≤ {PER_CALL_MB} MB",
        flat and per_call <= PER_CALL_MB and all(served),
        {
            "standard_error": round(error, 3),
            "per_call_mb": round(per_call, 2),
            "idle_mb": round(idle_mb, 1),
            "highest_mb": round(max(mb for _, mb in samples), 1),
            "ended_mb": round(ended_mb, 1),
            "minutes": minutes,
            "calls_at_once": arguments.calls,
            "all_served": all(served),
            "late": metrics.get("voice_agent_late_frames_total"),
            "mb_each_10s": [round(mb, 1) for _, mb in samples[::10]],
        },
    )  # fmt: skip


def round_of(
    running: Running, calls: int, seconds: float, samples: list[tuple[float, float]]
) -> bool:
    """One round of calls, noting memory every second; returns whether all were served."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load", "--to", running.url, "--calls", str(calls),
         "--seconds", str(max(1.0, seconds - 3.0)), "--ramp", "1"],
        stdout=subprocess.PIPE, text=True, cwd=rig.ROOT,
    )  # fmt: skip
    while process.poll() is None:
        samples.append((time.monotonic(), running.rss_mb()))
        time.sleep(1.0)
    tally = json.loads(process.communicate()[0].splitlines()[-1])
    return bool(tally["connected"] == calls and not tally["ended_early"])


def round_means(samples: list[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """The mean time and memory of each stretch as long as a round."""
    rounds: dict[int, list[tuple[float, float]]] = {}
    for sample in samples:
        rounds.setdefault(int((sample[0] - samples[0][0]) / seconds), []).append(sample)
    return [(mean(at for at, _ in r), mean(mb for _, mb in r)) for r in rounds.values()]


def slope_per_minute(samples: list[tuple[float, float]]) -> tuple[float, float]:
    """Megabytes per minute of the least-squares line, with its standard error."""
    at, mb = [one for one, _ in samples], [one for _, one in samples]
    slope, start = linear_regression(at, mb)
    missed = sum((b - start - slope * a) ** 2 for a, b in samples)
    spread = sum((a - mean(at)) ** 2 for a in at)
    error = math.sqrt(missed / max(1, len(samples) - 2) / spread)
    return 60 * slope, 60 * error


def main() -> None:
    """Print the figure as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--minutes", type=float, help="how long the soak lasts")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls at once")
    parser.add_argument("--round", type=float, default=ROUND_S, help="seconds until calls change")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
