"""More calls than one worker carries: what callers get with admission by headroom, and by count.

Calls start twice a second, and stay. By count alone the server takes them all, and everybody hears
stutters; by headroom, with its default limits, it takes those its loop has room for and tells the
others so. Late frames and gaps are those of accepted calls. Takes under four minutes.
"""

import argparse
import json
import subprocess
import sys
import time
from typing import Any

from tests.bench import rig
from tests.bench.processes import Running, remote_engines, server, stub
from voice_agent.config import Settings

CALLS, QUICK_CALLS, EVERY_S, SECONDS = 120, 40, 0.5, 20.0
OFF = {"lag_limit_ms": "0", "busy_limit_pct": "0"}
ON = {name: str(Settings.model_fields[name].default) for name in OFF}
ENDED_S = 30.0
"""For calls to end after their callers have hung up: what was late in them is reported then."""


def offered(calls: int, limits: dict[str, str]) -> dict[str, Any]:
    """Offer this many calls to one worker with these limits."""
    with stub() as url, server("headroom", **remote_engines(url), **limits) as running:
        before = running.metrics()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.load", "--to", running.url, "--calls", str(calls),
             "--seconds", str(SECONDS), "--ramp", str(calls * EVERY_S)],
            capture_output=True, text=True, cwd=rig.ROOT, check=True,
        )  # fmt: skip
        after = ended(running)
    tally = json.loads(done.stdout.splitlines()[-1])
    late = "voice_agent_late_frames_total"
    return {
        "taken": tally["connected"], "turned_away": tally["turned_away"], "media": tally["media"],
        "late": round(after.get(late, 0.0) - before.get(late, 0.0)), "gaps": tally["gaps"],
        "worst_gap_ms": round(tally["worst_gap_ms"], 1), "heard_ms": rig.spread(tally["heard_ms"]),
    }  # fmt: skip


def ended(running: Running) -> dict[str, float]:
    """Metrics once no call is left."""
    give_up = time.monotonic() + ENDED_S
    while (metrics := running.metrics()).get("voice_agent_calls_active"):
        if time.monotonic() > give_up:
            break
        time.sleep(1.0)
    return metrics


def measured(arguments: argparse.Namespace) -> rig.Result:
    """By count, then by headroom."""
    calls = QUICK_CALLS if arguments.quick else arguments.calls
    by_count = offered(calls, OFF)
    rig.say(f"  by count: {by_count}")
    by_headroom = offered(calls, ON)
    rig.say(f"  by headroom: {by_headroom}")
    share = 100 * by_headroom["gaps"] / max(1, by_headroom["media"])
    return rig.Result(
        "calls taken by measured headroom", by_headroom["taken"], None, calls, "calls",
        "those who are taken hear no more than one gap in a thousand pieces", share <= 0.1,
        {"by_headroom": by_headroom, "by_count": by_count},
    )  # fmt: skip


def main() -> None:
    """Print the figures as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls offered")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
