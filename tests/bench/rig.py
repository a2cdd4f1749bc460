"""Shared by every bench: arguments, percentiles, and the JSON object it prints."""

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BENCH_VAR = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Result:
    """One measured figure. `met` is judged by the bench; `more` explains the number."""

    figure: str
    p50: float | None
    p95: float | None
    n: int
    unit: str
    target: str
    met: bool
    more: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The printed object, with machine, commit and command."""
        return {
            "figure": self.figure,
            "p50": self.p50,
            "p95": self.p95,
            "n": self.n,
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
            **self.more,
            "machine": machine(),
            "commit": commit(),
            "command": command(),
        }


def run(measured: Callable[[argparse.Namespace], Result], parser: argparse.ArgumentParser) -> None:
    """Measure with the command line's options, and print the result; progress goes to stderr."""
    result = measured(parser.parse_args())
    print(json.dumps(result.to_json(), indent=1))


def arguments(about: str | None) -> argparse.ArgumentParser:
    """A parser with the options of every bench."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer calls, for a first look")
    return parser


def say(text: str) -> None:
    """Progress, for a person who waits."""
    print(text, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The nearest-rank percentile; None for an empty list."""
    if not values:
        return None
    ranked = sorted(values)
    return round(ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)], 2)


def spread(values: Sequence[float]) -> dict[str, float | int | None]:
    """p50, p95 and count."""
    return {"p50": percentile(values, 50), "p95": percentile(values, 95), "n": len(values)}


def share(outcomes: Sequence[bool]) -> float | None:
    """Percentage of true values; None for an empty list."""
    return round(100 * sum(outcomes) / len(outcomes), 1) if outcomes else None


def within(value: float | None, limit: float) -> bool:
    """Whether a value was measured and is within the limit."""
    return value is not None and value <= limit


def machine() -> str:
    """CPU, cores, and their other load."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    load = " ".join(f"{one:.1f}" for one in os.getloadavg()[:2])
    return f"{model}, {os.cpu_count()} cores, load {load}"


def commit(source: Path = ROOT) -> str:
    """The commit of a checkout, marked when files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--exclude=*"],
            cwd=source, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def command() -> str:
    """The command line, from the repository's root."""
    name = Path(sys.argv[0]).stem
    return " ".join(["python -m", f"tests.bench.{name}", *sys.argv[1:]])
