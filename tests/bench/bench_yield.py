"""Who yields to whom, embedded engines: backchannels, noises, interruptions, pauses inside a turn.

A backchannel or noise over the agent is passed when the agent is audible again within three seconds
and says its sentence to the end. An interruption is yielded to when the agent is cleared and does
not continue what it was saying. A turn is cut when agent audio reached the caller's ear before
their utterance had ended (as heard by the emulator, so an end of turn that was merged in silence
does not count); hesitations and dictated numbers are where that happens. `bench_premature` has many
more of those, and counts the merged ones separately.
"""

import argparse

from tests.bench import calls, rig
from tests.bench.processes import embedded_engines, server
from voice_agent.emulator.report import Said

SCRIPTS = (
    "backchannels", "noises", "bargein", "open_office", "hesitant", "phone_number",
    "email_address", "fast_talker", "correction", "demo",
)  # fmt: skip
QUICK = ("backchannels", "noises", "bargein", "hesitant", "phone_number")
PASSED_PCT, YIELDED_PCT, CUT_PCT = 95.0, 95.0, 2.0


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Place the calls and judge every utterance by the expected reaction."""
    with server("yield", **embedded_engines()) as running:
        placed = calls.place(running, QUICK if arguments.quick else SCRIPTS, lanes=3)
    said = list(calls.said(placed))
    passed = {one.name: _passed(call, one) for call, one in said
              if one.expects == "resume" and one.over_agent}  # fmt: skip
    yielded = {one.name: one.clear_ms is not None for _, one in said
               if one.expects == "interruption" and one.over_agent}  # fmt: skip
    turns = [one for _, one in said if one.expects == "reply" and not one.over_agent]
    cut = [one.name for one in turns if one.cut_in]
    passed_pct = rig.share(list(passed.values()))
    yielded_pct = rig.share(list(yielded.values()))
    cut_pct = rig.share([one.cut_in for one in turns])
    good = (passed_pct or 0) >= PASSED_PCT and (yielded_pct or 0) >= YIELDED_PCT
    return rig.Result(
        "passed over and yielded to", passed_pct, None, len(said), "% passed",
        f"passed ≥ {PASSED_PCT:.0f} %, yielded ≥ {YIELDED_PCT:.0f} %, cut ≤ {CUT_PCT:.0f} %",
        good and rig.within(cut_pct, CUT_PCT),
        {
            "yielded_pct": yielded_pct,
            "cut_pct": cut_pct,
            "counts": {"passed": len(passed), "yielded": len(yielded), "turns": len(turns)},
            "not_passed": [name for name, good in passed.items() if not good],
            "not_yielded": [name for name, good in yielded.items() if not good],
            "cut": cut,
            "caller_late_ms": calls.caller_late_ms(placed),
        },
    )  # fmt: skip


def _passed(call: calls.Placed, one: Said) -> bool:
    """Whether the agent went on, and its sentence was heard to the end."""
    at_ms = one.speech_start_s * 1000
    said = [line for line in call.document["transcript"] if line["speaker"] == "agent"]
    under = [line for line in said if line["start_ms"] <= at_ms <= line["end_ms"]]
    return bool(one.resumed) and not any(line["interrupted"] for line in under)


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
