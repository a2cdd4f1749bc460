"""Runs every bench, one after another: `python -m tests.bench [--quick] [name …]`.

Prints one table and writes `var/bench.json`. Names (`heard_latency`, `memory`, …) select benches.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.rig import ROOT, commit, machine

HERE = Path(__file__).parent
ORDER = (
    "turns",
    "wer",
    "premature",
    "heard_latency",
    "remote",
    "barge_in",
    "yield",
    "concurrency",
    "memory",
)
OUT = ROOT / "var" / "bench.json"
LONGEST_S = 1500


def known() -> list[str]:
    """The available benches, cheapest first."""
    found = {path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))


def measured(name: str, quick: bool) -> dict[str, Any]:
    """Run one bench in its own process; returns what it printed, or why it failed."""
    options = ["--quick"] if quick and "--quick" in _options(name) else []
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.bench_{name}", *options],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=LONGEST_S,
        )  # fmt: skip
        result: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {
            "failed": f"exit code {done.returncode}"}  # fmt: skip
    except (json.JSONDecodeError, subprocess.TimeoutExpired) as error:
        result = {"failed": str(error)[:200]}
    return {"bench": name, **result, "took_s": round(time.monotonic() - began)}


def _options(name: str) -> str:
    """The source of the bench and of what it shares: a bench takes the options its parser names."""
    text = (HERE / f"bench_{name}.py").read_text(encoding="utf-8")
    return text + ("--quick" if "rig.arguments" in text else "")


def table(results: list[dict[str, Any]]) -> Table:
    """One row per figure."""
    shown = Table("figure", "p50", "p95", "n", "unit", "target", "met", title="Figures")
    for result in results:
        met = result.get("met")
        verdict = "—" if met is None else "[green]yes[/green]" if met else "[red]no[/red]"
        cells = [str(result.get(k, "—") if result.get(k) is not None else "—")
                 for k in ("p50", "p95", "n", "unit", "target")]  # fmt: skip
        failed = result.get("failed")
        shown.add_row(result.get("figure", result["bench"]), *cells, failed or verdict)
    return shown


def main() -> None:
    """Run the requested benches; exit code 1 when one could not be run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(known())}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter calls")
    given = parser.parse_args()
    if unknown := set(given.names) - set(known()):
        parser.error(f"no bench {', '.join(sorted(unknown))}; there are: {', '.join(known())}")
    console = Console(width=None if sys.stdout.isatty() else 120)
    results = []
    for name in [n for n in known() if not given.names or n in given.names]:
        console.print(f"[bold]{name}[/bold] …")
        results.append(measured(name, given.quick))
        OUT.parent.mkdir(exist_ok=True)
        whole = {"machine": machine(), "commit": commit(), "quick": given.quick, "results": results}
        OUT.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    console.print(table(results))
    console.print(str(OUT.relative_to(ROOT)))
    sys.exit(any("failed" in result for result in results))


if __name__ == "__main__":
    main()
