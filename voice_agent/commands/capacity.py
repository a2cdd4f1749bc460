"""`voice-agent capacity`: what a number of calls needs, what runs out first, cost per minute."""

import argparse
from dataclasses import fields, replace

from rich.console import Console
from rich.table import Table

from voice_agent.config import Settings
from voice_agent.server.capacity import (
    CONNECTIONS,
    EMBEDDED,
    REMOTE,
    Engines,
    Limits,
    Plan,
    Prices,
    minute_costs,
    plan,
    whisper,
)

LIMITS = {
    "writes_s": "transactions a second your database can write",
    "connections": "connections your database or its pooler takes",
    "mbit_s": "of your network, each way",
}
ROWS = (
    ("servers of four workers and four cores, one to spare", "servers"),
    ("workers; calls a core", "workers", "calls_per_core"),
    ("accelerators", "accelerators"),
    ("database: writes, reads and rows a second", "writes_s", "reads_s", "rows_s"),
    ("database: write-ahead log, MB/s", "wal_mb_s"),
    ("database: connections", "connections"),
    ("network each way, Mbit/s", "mbit_s"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--calls", type=_some, default=100, help="at once, in the busiest hour")
    parser.add_argument(
        "--engines", choices=("remote", "embedded", "whisper"), default="remote",
        help="services, none, or Whisper on accelerators of yours",
    )  # fmt: skip
    parser.add_argument(
        "--decode-s", type=float, default=0.2, metavar="S",
        help="seconds your accelerator takes to decode one utterance (whisper)",
    )  # fmt: skip
    for limit in fields(Limits):
        parser.add_argument(
            f"--{limit.name.replace('_', '-')}", type=float, default=limit.default, metavar="N",
            help=f"{LIMITS[limit.name]} (%(default)s)",
        )  # fmt: skip
    names = ", ".join(field.name for field in fields(Prices))
    parser.add_argument(
        "--price",
        action="append",
        type=_price,
        default=[],
        metavar="NAME=N",
        help=f"one of {names}",
    )
    parser.set_defaults(command=_capacity)


def _capacity(_settings: Settings, arguments: argparse.Namespace) -> int:
    engines = {"remote": REMOTE, "embedded": EMBEDDED}.get(arguments.engines)
    engines = engines or whisper(arguments.decode_s)
    limits = Limits(**{limit.name: getattr(arguments, limit.name) for limit in fields(Limits)})
    made = plan(arguments.calls, engines, limits)
    console = Console()
    console.print(_needs(made))
    console.print(_gives_out(made), highlight=False)
    prices = replace(Prices(), **dict(arguments.price))
    if costs := minute_costs(made, engines, prices):
        console.print(_costs(costs, engines))
    return 0


def _needs(made: Plan) -> Table:
    table = Table("needed", "", title=f"{made.calls:,} calls at once, {made.engines} engines")
    for title, *names in ROWS:
        found = [getattr(made, name) for name in names]
        if any(found):
            table.add_row(title, " · ".join(f"{value:,}" for value in found))
    return table


def _gives_out(made: Plan) -> str:
    """What runs out, in order, with the remedy for the first."""
    name, at = next(iter(made.gives_out.items()))
    order = ", ".join(f"{part} at {n:,} calls" for part, n in made.gives_out.items())
    remedy = {
        "database connections": f"max_connections: {CONNECTIONS} a worker, or a pooler by session",
        "database writes": "faster disks, synchronous_commit=off, or a database a number",
        "network": "more balancers",
    }[name]
    return f"gives out: {order}" + (f"\n[bold]first: {remedy}[/bold]" if at < made.calls else "")


def _costs(costs: dict[str, float], engines: Engines) -> Table:
    table = Table("a minute of a call", "costs", title=f"{engines.name} engines, at your prices")
    for name, cost in costs.items():
        table.add_row(name, f"{cost:.5f}")
    table.add_row("in all", f"{sum(costs.values()):.5f}", style="bold")
    return table


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number of calls, one at least")
    return int(text)


def _price(text: str) -> tuple[str, float]:
    name, _, amount = text.partition("=")
    if name not in {field.name for field in fields(Prices)}:
        raise argparse.ArgumentTypeError(f"{name} is no price; see --help")
    return name, float(amount)
