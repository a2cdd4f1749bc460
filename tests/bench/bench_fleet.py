"""Two servers behind the shipped balancer on PostgreSQL: one killed under calls, the other rolled.

    python -m tests.bench.bench_fleet --calls 50

Hosts are network namespaces with their own names (`fleet.py`: needs root, haproxy and a local
PostgreSQL). Fifty callers talk to both servers; one server is killed with -9; the other must keep
its callers, take new ones, and end and write up what the dead one left, without a restart. Then the
dead one is restarted, and the survivor is stopped and restarted under calls, while new callers keep
arriving: none may be lost. At the end every call is counted in the database.
"""

import argparse
import re
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from core.store.database import open_engine
from tests.bench import rig
from tests.bench.bench_crashes import doubled
from tests.bench.fleet import AUTH_TOKEN, Fleet, HostedServer, fleet
from tests.bench.fleet_calls import Callers, Placed, gaps
from tests.bench.processes import stub
from tests.fakes import postgres
from tests.hostile.process import brisk_company, eventually

CALLS, QUICK_CALLS = 50, 12
TALK_S = 20.0
"""How long all talk before, and after, the kill."""
STAY_S = 15.0
"""How long new callers stay."""
A_SECOND = 1.0
"""New callers."""
TAKEN_OVER_S = 240.0
PASSWORD = re.compile(r"sign in as admin with (\S+)")
BOOKS = (
    "SELECT c.call_sid, c.id, c.status, s.host, c.wrapped_up_at IS NOT NULL AS written, "
    "(SELECT count(*) FROM fact f WHERE f.conversation_id = c.id AND f.kind = 'ConversationEnded')"
    " AS ends, (SELECT count(*) FROM crm_activity a WHERE a.conversation_id = c.id) AS activities "
    "FROM conversation c LEFT JOIN server s ON s.id = c.server "
    "WHERE c.call_sid IS NOT NULL"
)


@dataclass
class Report:
    """The run's findings; a line in `wrong` fails it."""

    more: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def hold(self, true: bool, otherwise: str) -> None:
        """Note an expectation that does not hold."""
        if not true:
            self.wrong.append(otherwise)
            rig.say(f"  WRONG: {otherwise}")


def refusals(*servers: HostedServer) -> dict[str, int]:
    """Why these servers turned calls away, from their logs."""
    return dict(Counter(re.findall(r"call turned away: (\w+)", "".join(s.output for s in servers))))


def books(url: str) -> dict[str, Any]:
    """Every call's row by its sid."""
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text(BOOKS)).mappings().all()
    engine.dispose()
    return {row["call_sid"]: row for row in rows}


def shown_live(made: Fleet, server: HostedServer, password: str) -> str:
    """The live list as this server shows it to somebody signed in at the balancer."""
    with httpx.Client(base_url=made.url, trust_env=False, timeout=60) as http:
        page = http.get("/console/sign-in")
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert csrf is not None, page.text[:500]
        given = {"csrf": csrf[1], "name": "admin", "password": password}
        answer = http.post("/console/sign-in", data=given, headers={"Origin": made.url})
        assert answer.status_code == 303, answer.text[:500]
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in http.cookies.jar)
    listed = httpx.get(
        f"{server.url}/console/live/now", headers={"Cookie": cookies}, trust_env=False, timeout=60
    )
    assert listed.status_code == 200, listed.text[:500]
    return listed.text


def killed(
    made: Fleet, callers: Callers, one: HostedServer, two: HostedServer, count: int, report: Report
) -> None:
    """Kill one server under its calls, and check what the other does."""
    before = {call.sid: gaps([call]) for call in callers.talking("first")}
    dead = [c for c in callers.talking("first") if c.streamed_by == one.label]
    kept = [c for c in callers.talking("first") if c.streamed_by == two.label]
    callers.place("after the kill", count // 5, 10.0, STAY_S)
    one.kill()
    died = time.monotonic()
    eventually(lambda: all(c.ended_by for c in dead), 30, "callers of the dead server are let go")
    time.sleep(TALK_S)
    stutters = sum(gaps([c])[0] - before[c.sid][0] for c in kept)
    report.hold(all(not c.ended_by for c in kept), "a survivor's call ended")
    report.more["kill"] = kill = {
        "calls_of_the_dead": len(dead), "calls_of_the_survivor": len(kept),
        "survivors_unharmed": sum(not c.ended_by for c in kept),
        "survivors_stutters_after": stutters, "worst_gap_ms": gaps(kept)[1],
        "callers_promised_a_call_back": sum(c.promised for c in dead),
        "callers_then_hear": dict(Counter(" ".join(c.followed) or c.ended_by for c in dead)),
    }  # fmt: skip

    def written() -> int:
        rows = books(made.database_url)
        return sum(bool(rows[c.sid]["written"]) for c in dead if c.sid in rows)

    ends = time.monotonic() + TAKEN_OVER_S
    first_s = None
    while (done := written()) < len(dead) and time.monotonic() < ends:
        first_s = first_s or (round(time.monotonic() - died, 1) if done else None)
        time.sleep(0.5)
    all_s = round(time.monotonic() - died, 1)
    kill |= {"written_up_by_the_survivor": done, "first_after_s": first_s or all_s,
             "all_after_s": all_s}  # fmt: skip
    report.hold(all(c.promised for c in dead), "a caller of the dead server was not taken care of")
    report.hold(done == len(dead), f"only {done} of {len(dead)} lost calls were written up")
    rig.say(f"  kill: {kill}")


def rolled(made: Fleet, callers: Callers, two: HostedServer, report: Report) -> None:
    """Restart the dead server, then stop and restart the survivor under calls."""
    kept = callers.talking("first")
    with made.server(made.hosts[0]) as one:
        callers.place("rolling", round(70 * A_SECOND), 70.0, STAY_S)
        time.sleep(10.0)
        two.terminate()
        began = time.monotonic()
        time.sleep(8.0)
        gone_early = two.process.poll()
        callers.leave("first")
        code = two.exit_code(120)
        drained_s = round(time.monotonic() - began, 1)
        with made.server(made.hosts[1]) as again:
            eventually(lambda: len(callers.of("rolling")) == round(70 * A_SECOND), 120)
            eventually(lambda: all(c.over for c in callers.calls), 60, "all have hung up")
            eventually(
                lambda: all(r["written"] for r in books(made.database_url).values()), 120,
                "everything is written up",
            )  # fmt: skip
            turned_away = refusals(one, two, again)
            again.terminate()
            report.hold(again.exit_code(60) == 0, "the last stop was not clean")
    newcomers = callers.of("rolling")
    report.more["rolling"] = shown = {
        "kept_calls_whole": sum(c.whole for c in kept), "kept_calls": len(kept),
        "exit_code": code, "stopped_after_s": drained_s,
        "newcomers": len(newcomers), "newcomers_whole": sum(c.whole for c in newcomers),
        "served_by": dict(Counter(c.streamed_by for c in newcomers)), "turned_away": turned_away,
        "stutters": gaps(newcomers)[0], "worst_gap_ms": gaps(newcomers)[1],
    }  # fmt: skip
    report.hold(code == 0 and gone_early is None, f"the drained server exited {code}")
    report.hold(all(c.whole for c in kept), "a call was lost to the restart")
    report.hold(all(c.whole for c in newcomers), "a newcomer was lost to the restart")
    for call in newcomers:
        if not call.whole:
            rig.say(f"    {call.sid}: {call.ended_by} {call.webhook_by} {call.streamed_by}")
    rig.say(f"  rolling: {shown}")


def _answered(callers: Callers, count: int) -> bool:
    placed = callers.of("first")
    return len(placed) == count and all(c.streamed_by or c.ended_by for c in placed)


def counted(made: Fleet, calls: list[Placed], report: Report) -> None:
    """Check that everything exists once."""
    rows = books(made.database_url)
    served = [c for c in calls if c.streamed_by]
    missing = [c.sid for c in served if c.sid not in rows]
    ends = Counter(row["ends"] for row in rows.values())
    activities = Counter(row["activities"] for row in rows.values())
    twice = doubled(made.database_url)
    report.more["books"] = {
        "calls_served": len(served), "conversations": len(rows), "missing": len(missing),
        "status": dict(Counter(row["status"] for row in rows.values())),
        "ends_per_call": dict(ends), "crm_activities_per_call": dict(activities), "twice": twice,
        "webhook_answered_elsewhere": sum(c.webhook_by != c.streamed_by for c in served),
        "status_told_elsewhere": sum(c.status_by != c.streamed_by for c in served),
    }  # fmt: skip
    report.hold(not missing and len(rows) == len(served), "a call is missing, or there twice")
    report.hold({*ends} == {1} and {*activities} == {1} and not twice, "something is there twice")


def run_through(made: Fleet, count: int, report: Report) -> list[Placed]:
    """The whole scenario; returns what every caller experienced."""
    with made.server(made.hosts[0]) as one, made.server(made.hosts[1]) as two:
        password = next(m[1] for s in (one, two) if (m := PASSWORD.search(s.output)))
        eventually(lambda: httpx.get(f"{made.url}/readyz/calls", trust_env=False).is_success, 20)
        with Callers(made.url, AUTH_TOKEN) as callers:
            callers.place("first", count, count / 5)
            eventually(lambda: _answered(callers, count), 120, "all are connected or turned away")
            time.sleep(TALK_S)
            talking = callers.talking("first")
            rows, listed = books(made.database_url), shown_live(made, two, password)
            of_one = [rows[c.sid]["id"] for c in talking if c.streamed_by == one.label]
            shown = sum(f"/console/live/{conversation}" in listed for conversation in of_one)
            report.more["both_serve"] = {
                "calls": len(talking), "by": dict(Counter(c.streamed_by for c in talking)),
                "hosts_in_the_books": dict(Counter(row["host"] for row in rows.values())),
                "stutters": gaps(talking)[0], "worst_gap_ms": gaps(talking)[1],
                "live_list_of_two_shows_of_one": f"{shown} of {len(of_one)}",
                "heard_ms": rig.spread([ms for c in talking for ms in c.tally.heard_ms]),
            }  # fmt: skip
            rig.say(f"  both serve: {report.more['both_serve']}")
            report.hold(shown == len(of_one), "the live list lacks calls of the other server")
            killed(made, callers, one, two, count, report)
            rolled(made, callers, two, report)
            return callers.calls


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Run it and judge it."""
    count = QUICK_CALLS if arguments.quick else arguments.calls
    report = Report()
    with tempfile.TemporaryDirectory() as temporary, postgres.database() as url, stub() as engines:
        folder = Path(temporary)
        company = brisk_company(folder / "company")
        with fleet(folder, url, engines, company) as made:
            calls = run_through(made, count, report)
            counted(made, calls, report)
    whole = [c for c in calls if c.whole]
    dead = report.more["kill"]["calls_of_the_dead"]
    return rig.Result(
        "calls not harmed by a kill and a rolling restart",
        round(100 * len(whole) / max(1, len(calls) - dead), 1), None, len(calls) - dead, "%",
        "all but those of the killed server are whole; those are written up once, by the other",
        not report.wrong, {**report.more, "wrong": report.wrong},
    )  # fmt: skip


def main() -> None:
    """Print the figures as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--calls", type=int, default=CALLS)
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
