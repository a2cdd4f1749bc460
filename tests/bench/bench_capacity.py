"""What one call costs, and how many a fleet carries: measured here, extrapolated and simulated.

    python -m tests.bench.bench_capacity

One server on its own PostgreSQL database is loaded with calls, once with remote and once with
embedded engines: CPU time of the server and its children, rows, commits and write-ahead log of the
database, connections, bytes on the wire, and requests to the engines. From these the model behind
`voice-agent capacity` is shown at 100, 1,000 and 10,000 calls, and a simulation of a fleet of that
size behind a least-connections balancer shows how evenly calls are spread and what a dead server
does to the others.
"""

import argparse
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import httpx
import sqlalchemy as sa

from core.store.database import open_engine
from tests.bench import rig
from tests.bench.bench_concurrency import loaded
from tests.bench.cluster import cluster, commits_a_second
from tests.bench.fleet_model import Simulated, simulated
from tests.bench.processes import embedded_engines, remote_engines, server, stub
from voice_agent.server import capacity

SIZES = (100, 1_000, 10_000)
REMOTE_CALLS, EMBEDDED_CALLS, SECONDS = 20, 3, 60.0
COUNTED = (
    "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS wal, xact_commit AS commits, tup_inserted AS "
    "inserted, tup_updated AS updated, numbackends AS connections, "
    "pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS writes FROM pg_stat_database "
    "WHERE datname = current_database()"
)
APPEND = """
\\set n random(1, 1000)
BEGIN;
UPDATE called SET seq = seq + 1 WHERE id = :n;
INSERT INTO said (id, at, kind, payload) SELECT :n, now(), 'UtteranceRecorded', repeat('x', 300)
FROM generate_series(1, 2);
COMMIT;
"""
"""A commit as a call makes it: one row updated, two inserted."""
APPENDED = (
    "CREATE TABLE called (id int PRIMARY KEY, seq int)",
    "CREATE TABLE said (id int, at timestamptz, kind text, payload text)",
    "CREATE INDEX ON said (id, at)",
    "INSERT INTO called SELECT n, 0 FROM generate_series(1, 1000) n",
)


@contextmanager
def counting(url: str) -> Iterator[dict[str, float]]:
    """What the database, alone on its server, did meanwhile."""
    engine = open_engine(url)
    found: dict[str, float] = {}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

        def look() -> dict[str, float]:
            connection.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
            row = connection.execute(sa.text(COUNTED)).mappings().one()
            return {name: float(value) for name, value in row.items()}

        before = look()
        yield found
        after = look()
        found |= {name: after[name] - before[name] for name in after}
        found["connections"] = after["connections"] - 1
    engine.dispose()


def remote(seconds: float) -> dict[str, Any]:
    """A server with remote engines on PostgreSQL: everything but the engines themselves."""
    with (
        cluster() as url,
        stub() as engines,
        server("capacity", database_url=url, **remote_engines(engines)) as running,
    ):
        with counting(url) as idle:
            time.sleep(20.0)
        with counting(url) as busy:
            began = time.monotonic()
            step = loaded(running, REMOTE_CALLS, seconds)
            took_s = time.monotonic() - began
        used = httpx.get(engines.removesuffix("/v1") + "/used", trust_env=False).json()
    minutes = REMOTE_CALLS * (seconds + max(2.0, REMOTE_CALLS / 10) / 2) / 60
    of_calls = {
        name: (busy[name] - idle[name] / 20.0 * took_s) / minutes
        for name in ("wal", "commits", "writes", "inserted", "updated")
    }
    return {
        "calls": REMOTE_CALLS, "call_minutes": round(minutes, 1),
        "core_pct_per_call": step["cpu_pct_per_call"], "late": step["late"], "gaps": step["gaps"],
        "per_call_minute": {
            "rows": round(of_calls["inserted"], 1), "updates": round(of_calls["updated"], 1),
            "commits": round(of_calls["commits"], 1), "writes": round(of_calls["writes"], 1),
            "wal_kb": round(of_calls["wal"] / 1000, 1),
            **{name: round(value / minutes, 1) for name, value in used.items()},
        },
        "idle_commits_per_s": round(idle["commits"] / 20.0, 1),
        "database_connections": busy["connections"],
    }  # fmt: skip


def ceiling(seconds: int) -> dict[str, float]:
    """Commits like a call's that PostgreSQL takes here; the client uses one of its cores."""
    with cluster() as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            for line in APPENDED:
                connection.execute(sa.text(line))
        engine.dispose()
        return {"synced": round(commits_a_second(url, APPEND, 16, seconds)),
                "not_waited_for": round(commits_a_second(
                    f"{url}?options=-csynchronous_commit%3Doff", APPEND, 16, seconds))}  # fmt: skip


def embedded(seconds: float) -> dict[str, Any]:
    """A server that hears and speaks itself: its CPU time includes everything."""
    with server("capacity", **embedded_engines()) as running:
        step = loaded(running, EMBEDDED_CALLS, seconds)
    return {"calls": EMBEDDED_CALLS, "core_pct_per_call": step["cpu_pct_per_call"],
            "callers_speak_pct": step["callers_speak_pct"], "late": step["late"]}  # fmt: skip


def fleets() -> list[dict[str, Any]]:
    """Plan and simulation at each size, with remote engines."""
    made = []
    for calls in SIZES:
        plan = capacity.plan(calls, capacity.REMOTE)
        shown: Simulated = simulated(
            plan.servers, capacity.CALLS_PER_WORKER * capacity.WORKERS_PER_SERVER, calls,
            random.Random(1),
        )  # fmt: skip
        made.append({"calls": calls, "plan": asdict(plan), "simulated": asdict(shown)})
        rig.say(f"  {made[-1]}")
    return made


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Measure, compute, simulate."""
    seconds = 20.0 if arguments.quick else SECONDS
    remotely = remote(seconds)
    rig.say(f"  remote: {remotely}")
    database = ceiling(5 if arguments.quick else 15)
    rig.say(f"  commits a second: {database}")
    alone = embedded(seconds)
    rig.say(f"  embedded: {alone}")
    made = fleets()
    good = all(row["simulated"]["refused_pct"] < 0.1 for row in made)
    return rig.Result(
        "core of one call, remote engines", remotely["core_pct_per_call"], None, REMOTE_CALLS,
        "% of a core", "simulated fleets refuse under 0.1 % of calls with a server dead", good,
        {"remote": remotely, "embedded": alone, "database_commits_s": database, "fleets": made},
    )  # fmt: skip


def main() -> None:
    """Print the figures as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
