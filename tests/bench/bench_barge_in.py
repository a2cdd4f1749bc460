"""Barge-in, embedded engines: from the caller's first sample to the `clear` that silences us.

Measured by the emulator for every interruption that began while the agent was audible; `silence` is
the instant after which the caller hears nothing more.
"""

import argparse

from tests.bench import calls, rig
from tests.bench.processes import embedded_engines, server

SCRIPTS = ("demo", "bargein", "bargein", "bargein")
QUICK = ("bargein", "bargein")
P50_MS, P95_MS = 160, 250


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Interrupt the agent and time its silence."""
    with server("barge_in", **embedded_engines()) as running:
        placed = calls.place(running, QUICK if arguments.quick else SCRIPTS)
    over = [one for _, one in calls.said(placed)
            if one.expects == "interruption" and one.over_agent]  # fmt: skip
    cleared = [float(one.clear_ms) for one in over if one.clear_ms is not None]
    silenced = [float(one.silence_ms) for one in over if one.silence_ms is not None]
    p50, p95 = rig.percentile(cleared, 50), rig.percentile(cleared, 95)
    return rig.Result(
        "barge-in to clear", p50, p95, len(cleared), "ms", f"p50 ≤ {P50_MS}, p95 ≤ {P95_MS}",
        rig.within(p50, P50_MS) and rig.within(p95, P95_MS) and len(cleared) == len(over),
        {
            "silence": rig.spread(silenced),
            "never_cleared": [one.name for one in over if one.clear_ms is None],
            "each_ms": cleared,
            "caller_late_ms": calls.caller_late_ms(placed),
        },
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
