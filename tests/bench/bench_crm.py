"""Every CRM through every failure at every request of a write: how many records exist at the end.

For each system and failure, the failure hits each request of a conversation's write in turn, in a
separate run; a run is good when each record exists once, linked, with nothing left to retry. The
counts of HubSpot requests that follow its published schemas are over all runs.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any, get_args

import anyio

from core.store import crm_sync as rows
from tests.bench import rig as bench
from tests.contracts.crm_rigs import KINDS, rig
from tests.contracts.test_crm import told, written
from tests.fakes.vendor_server import Fault, VendorServer

SYSTEMS = ("embedded", "hubspot", "salesforce")
AWAY = ("unauthorized",)
"""Stops everything until a person acts, so no run of it ends by itself."""
BATCHES = "batch/upsert"


async def one(system: str, fault: Fault, strike: int | None) -> tuple[dict[str, Any], int]:
    """One conversation, in which request number `strike` fails; None: none does."""
    with tempfile.TemporaryDirectory() as folder:
        async with rig(system, Path(folder)) as made:
            server = made.server
            if isinstance(server, VendorServer) and strike is not None:
                strikes = Strikes(server, fault, strike)
                server._next_fault = strikes.next  # type: ignore[method-assign]
            elif strike is not None:
                made.fail(fault, KINDS[strike % len(KINDS)])
            document = await told(made)
            await written(made, document, tries=12)
            found = await made.store.query(lambda c: rows.page(c, rows.SyncFilters(), 99, None))
            requests = len(server.requests) if isinstance(server, VendorServer) else len(KINDS)
            result = {
                "records": {kind: made.count(kind) for kind in KINDS},
                "states": sorted({row.state for row in found}),
                "linked": made.linked("activity", "contact"),
                "struck": len(made.failures()),
                "validated": getattr(server, "validated", 0),
                "unspecified": getattr(server, "unspecified", 0),
            }
            return result, requests


class Strikes:
    """Makes exactly one request fail, by its number."""

    def __init__(self, server: VendorServer, fault: Fault, number: int) -> None:
        self.server, self.fault, self.number, self.seen = server, fault, number, -1

    def next(self, request: Any) -> Fault | None:
        self.seen += 1
        alone = BATCHES not in request.path and request.method != "PATCH"
        plain = self.fault == "partial" and alone
        if self.seen != self.number or plain:
            return None
        self.server.met.append(self.fault)
        return self.fault


def good(result: dict[str, Any]) -> bool:
    once = all(n == 1 for n in result["records"].values())
    return once and result["states"] == ["synced"] and result["linked"]


async def all_runs(quick: bool) -> dict[str, Any]:
    table: dict[str, dict[str, str]] = {}
    validated = {system: 0 for system in SYSTEMS}
    unspecified, runs, fine = 0, 0, 0
    for system in SYSTEMS:
        _, requests = await one(system, "500", None)
        for fault in (f for f in get_args(Fault) if f not in AWAY):
            if system == "salesforce" and fault == "partial":
                points = [n for n in range(requests) if n > 1]
            else:
                points = list(range(requests))
            struck, ended = 0, 0
            for strike in points[:: 6 if quick or fault.startswith("hang") else 1]:
                try:
                    result, _ = await one(system, fault, strike)
                except AssertionError:  # an `-after` of a request that was refused anyway
                    continue
                validated[system] += result["validated"]
                unspecified += result["unspecified"]
                if result["struck"]:
                    struck, ended = struck + 1, ended + good(result)
            runs, fine = runs + struck, fine + ended
            table.setdefault(system, {})[fault] = f"{ended} of {struck} end with one of each"
    return {"table": table, "validated": validated, "unspecified": unspecified, "runs": runs,
            "good": fine}  # fmt: skip


def measured(arguments: argparse.Namespace) -> bench.Result:
    """Run them all."""
    found = anyio.run(all_runs, arguments.quick)
    share = 100.0 * found["good"] / found["runs"]
    return bench.Result(
        "CRM writes that end with one of each record, whatever fails", share, None, found["runs"],
        "%", "100 %", share == 100.0, found,
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    bench.run(measured, bench.arguments(__doc__))


if __name__ == "__main__":
    main()
