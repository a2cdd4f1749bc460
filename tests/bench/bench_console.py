"""Queues and search of the console over 20,000 conversations: server time per page, rows read.

Every page is requested as a browser does, signed in, with the counts beside it. On SQLite and, if
one runs, on PostgreSQL, whose plan also gives the rows touched.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.flags.kinds import KINDS, gravest
from core.store.card_tables import CardCriterionRow, CardFlagRow, CardRow, TranscriptRow
from core.store.paging import cursor_of
from core.store.queues import QueueFilters, Viewer, page
from core.store.store import Store
from core.store.tables import ConversationRow
from tests.bench.rig import Result, arguments, run, say, spread, within
from tests.console.conftest import Office
from tests.fakes.a_call import AT
from tests.fakes.postgres import database
from voice_agent.console.doors import Role

CONVERSATIONS, QUICK = 20_000, 2_000
TARGET_MS = 100.0
WORDS = (
    "sync snowflake warehouse salesforce hubspot pricing plan seats healthcare director team data "
    "we have about two hundred people and need it before the next quarter thanks how does that "
    "work with our billing system is there single sign on what happens when it fails at night"
).split()
EVERY = timedelta(minutes=26)
FAR_DOWN = cursor_of(AT - 15_000 * EVERY, 15_001)
PAGES: Mapping[str, tuple[str, QueueFilters]] = {
    "flagged": ("/console/queues/flagged", QueueFilters("flagged")),
    "all": ("/console/queues/all", QueueFilters()),
    "filtered": ("/console/queues/all?verdict=qualified&channel=voice&after_hours=yes",
                 QueueFilters(verdict="qualified", channel="voice", after_hours=True)),
    "rare flag": ("/console/queues/all?flag=card_spoken", QueueFilters(flag="card_spoken")),
    "criterion": ("/console/queues/all?criterion=budget:met", QueueFilters(criterion="budget:met")),
    "common word": ("/console/queues/all?q=snowflake", QueueFilters(words="snowflake")),
    "rare word": ("/console/queues/all?q=zanzibar", QueueFilters(words="zanzibar")),
    "phrase, filtered": ("/console/queues/all?q=%22single+sign%22&verdict=qualified",
                         QueueFilters(words='"single sign"', verdict="qualified")),
    "nothing fits": ("/console/queues/all?q=snowflake&segment=none",
                     QueueFilters(words="snowflake", segment="none")),
    "slower than any": ("/console/queues/all?slower=5000", QueueFilters(slower_ms=5000)),
    "handoffs": ("/console/queues/handoffs", QueueFilters("handoffs")),
    "far down": (f"/console/queues/all?cursor={FAR_DOWN}", QueueFilters()),
    "people": ("/console/people", QueueFilters()),
}  # fmt: skip


def fill(c: sa.Connection, count: int) -> None:
    """Conversations over a year, their cards, flags, criteria and some 250 words each."""
    rng = random.Random(7)
    made = (ConversationRow, CardRow, CardFlagRow, CardCriterionRow, TranscriptRow)
    tables = [kind.__table__ for kind in made]
    for first in range(0, count, 1000):
        batch: list[list[dict[str, Any]]] = [[] for _ in tables]
        for n in range(first, min(first + 1000, count)):
            for rows, more in zip(batch, _conversation(n, count, rng), strict=True):
                rows += more
        for table, rows in zip(tables, batch, strict=True):
            c.execute(sa.insert(table), rows)


def _conversation(n: int, count: int, rng: random.Random) -> list[list[dict[str, Any]]]:
    at = AT - n * EVERY
    name, channel = f"c{n:06}", rng.choice(("voice", "voice", "voice", "chat", "email"))
    verdict = rng.choice(("qualified", "disqualified", "nurture", "insufficient", "needs_human"))
    kinds = [k for k in KINDS if rng.random() < (0.0005 if k == "card_spoken" else 0.03)]
    begun = {"id": name, "channel": channel, "direction": "inbound", "status": "completed",
             "company": "tideline", "server": "s", "started_at": at, "verdict": verdict,
             "wrapped_up_at": at}  # fmt: skip
    card = CardRow(
        id=n + 1, conversation_id=name, started_at=at, ended_at=at, status="completed",
        channel=channel, direction="inbound", caller=f"+1415555{n % 10_000:04}",
        called="+16175550142", after_hours=rng.random() < 0.3, outcome="completed",
        duration_ms=rng.randrange(20_000, 600_000), name=f"Caller {n}", verdict=verdict,
        segment=rng.choice(("startup", "mid-market", "enterprise")), score=rng.random(),
        rep=rng.choice((None, "sofia-alvarez", "maya-lindqvist")), action="callback",
        p95_ms=rng.randrange(300, 1500), abstained=rng.random() < 0.2, sync="written",
        flags=len(kinds), kinds=gravest(set(kinds)), version=1,
        reviewed_at=at if rng.random() < 0.7 else None,
    ).model_dump()  # fmt: skip
    flags = [{"card_id": n + 1, "kind": k, "times": 1, "turn": 1, "start_ms": 5, "note": "x"}
             for k in kinds]  # fmt: skip
    states = [{"card_id": n + 1, "name": c, "state": rng.choice(("met", "not_met", "unknown"))}
              for c in ("employees", "budget", "timeline", "use_case")]  # fmt: skip
    body = " ".join(rng.choices(WORDS, k=250)) + (" zanzibar" if n % 4000 == 17 else "")
    return [[begun], [card], flags, states, [{"id": n + 1, "body": body}]]


@contextmanager
def urls() -> Iterator[dict[str, str]]:
    """A database of each available kind."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"sqlite": f"sqlite:///{folder}/console.db"}
        try:
            with database() as postgres:
                yield found | {"postgresql": postgres}
        except Exception as error:  # pytest's skip where no server runs
            if type(error).__name__ != "Skipped":
                raise
            yield found


async def timed(url: str, count: int, times: int) -> dict[str, Any]:
    """Milliseconds per page, and on PostgreSQL rows touched."""
    store = Store(url, server="bench")
    try:
        await store.write("bench", lambda c: fill(c, count))
        if store.engine.dialect.name == "postgresql":
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
                c.execute(sa.text("ANALYZE"))
        office = Office(store, at=AT + timedelta(minutes=5))
        role: Role = "manager"
        await office.hire(role, role)
        browser = await office.browser(role)
        return {name: await _page(store, browser, path, wanted, times)
                for name, (path, wanted) in PAGES.items()}  # fmt: skip
    finally:
        await store.aclose()


async def _page(store: Store, browser: Any, path: str, wanted: QueueFilters, times: int) -> Any:
    taken: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        answer = await browser.see(path)
        taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.text
    cursor = path.partition("cursor=")[2]
    rows = await store.query(lambda c: touched(c, wanted, cursor)) if "queues" in path else None
    return {**spread(taken), "rows_touched": rows}


def touched(c: sa.Connection, wanted: QueueFilters, cursor: str = "") -> int | None:
    """Rows read for a page according to PostgreSQL; None elsewhere."""
    if c.dialect.name != "postgresql":
        return None
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        asked.append((statement, given))

    sa.event.listen(c, "before_cursor_execute", note)
    page(c, wanted, Viewer("manager", None, AT), cursor=cursor)
    sa.event.remove(c, "before_cursor_execute", note)
    plans = [
        c.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given).scalar_one()
        for statement, given in asked
    ]
    return sum(_rows(plan[0]["Plan"]) for plan in plans)


def _rows(node: Mapping[str, Any]) -> int:
    inner = sum(_rows(child) for child in node.get("Plans", ()))
    if inner:
        return inner
    loops = node["Actual Loops"]
    return int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * loops)


def measure(options: argparse.Namespace) -> Result:
    """Both databases, every page."""
    count, times = (QUICK, 10) if options.quick else (CONVERSATIONS, 60)
    with urls() as found:
        made = {kind: asyncio.run(timed(url, count, times)) for kind, url in found.items()}
    worst = max(page["p95"] for pages in made.values() for page in pages.values())
    middle = max(page["p50"] for pages in made.values() for page in pages.values())
    say(json.dumps(made, indent=1))
    return Result(
        f"console, slowest page of {count:,} conversations", middle, worst, times, "ms",
        f"p95 ≤ {TARGET_MS:.0f} ms on every page and database", within(worst, TARGET_MS),
        dict(made),
    )  # fmt: skip


if __name__ == "__main__":
    run(measure, arguments(__doc__))
