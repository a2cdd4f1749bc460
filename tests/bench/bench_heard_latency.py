"""Heard latency with the embedded engines: the fixtures' callers over loopback, two at a time.

Measured by the emulator on its own timeline, from the caller's last speech sample to the first
audible sample of the reply, for every utterance that called for a reply. The stages are the
server's own.
"""

import argparse

from tests.bench import calls, rig
from tests.bench.processes import embedded_engines, server

SCRIPTS = (
    "pricing", "first_frame", "correction", "demo", "hesitant", "fast_talker", "human_please",
    "unanswerable", "no_recording", "after_hours", "noisy_line", "soft_speaker",
)  # fmt: skip
QUICK = SCRIPTS[:3]
P50_MS, P95_MS = 450, 900


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Place the calls and judge the replies."""
    with server("heard_latency", **embedded_engines()) as running:
        placed = calls.place(running, QUICK if arguments.quick else SCRIPTS)
    heard = [ms for call in placed for ms in call.heard_ms]
    counted = [float(turn["heard_ms"]) for call in placed for turn in call.turns]
    p50, p95 = rig.percentile(heard, 50), rig.percentile(heard, 95)
    by_stage = {stage: rig.spread(values) for stage, values in calls.stages(placed).items()}
    return rig.Result(
        "heard latency, embedded engines", p50, p95, len(heard), "ms",
        f"p50 ≤ {P50_MS}, p95 ≤ {P95_MS}", rig.within(p50, P50_MS) and rig.within(p95, P95_MS),
        {
            "counted_by_server": rig.spread(counted),
            "stages": by_stage,
            "speculated_pct": rig.share([t["speculated"] for c in placed for t in c.turns]),
            "greeting_ms": rig.spread([float(c.report.greeting_ms or 0) for c in placed]),
            "unanswered": [one.name for c, one in calls.said(placed)
                           if one.expects == "reply" and c.wait_ms(one) is None],
            "by_script": {call.report.script: call.heard_ms for call in placed},
            "caller_late_ms": calls.caller_late_ms(placed),
        },
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
