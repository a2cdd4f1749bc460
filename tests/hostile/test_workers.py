"""Several workers behind one port: each serves, one may die, all stop when told to."""

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import httpx
import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.hostile.process import ServerProcess, brisk_company, environment, eventually, run
from voice_agent.emulator import script as scripts
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.script import Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

pytestmark = pytest.mark.slow

CALLS = 4


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    company = brisk_company(tmp_path_factory.mktemp("workers") / "company")
    with OpenAIServer(transcript="how much is the starter plan per month") as ears:
        yield environment(
            company.parent, ears.base_url, COMPANY=str(company), WORKERS="2", MAX_CALLS="40"
        )


def calls(url: str, stay_s: float, prefix: str) -> list[CallReport]:
    """Several ordinary calls at once; each stays on the line for a while after its answer began."""
    reports: list[CallReport] = []

    async def call(sid: str) -> None:
        pricing = scripts.load("pricing")
        leave = Step(parse_when(f"agent speaking {stay_s}s"), "hang up", hangup=True)
        plan = CallPlan(url, replace(pricing, steps=(pricing.steps[0], leave)), call_sid=sid,
                        max_s=60)  # fmt: skip
        async with httpx.AsyncClient(trust_env=False) as http:
            reports.append(await EmulatedCall(plan, http).run())

    async def all_of_them() -> None:
        async with anyio.create_task_group() as tasks:
            for n in range(CALLS):
                tasks.start_soon(call, f"{prefix}{n}")

    anyio.run(all_of_them)
    return reports


def metric(server: ServerProcess, name: str) -> float:
    lines = [line for line in server.get("/metrics").text.splitlines() if line.startswith(name)]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def ended(server: ServerProcess) -> float:
    return metric(server, "voice_agent_calls_ended_total")


def rows(var: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(var / "voice_agent.db", timeout=5) as database:
        return database.execute(query).fetchall()


def living(var: Path) -> dict[str, int]:
    """The workers that have not stopped, and their processes."""
    found = rows(var, "SELECT id, pid FROM server WHERE stopped_at IS NULL")
    return {str(name): int(str(pid)) for name, pid in found if _runs(int(str(pid)))}


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_share_the_calls_outlive_one_of_them_and_go_together(
    env: dict[str, str], tmp_path: Path
):
    with ServerProcess(env | {"VOICE_AGENT_VAR": str(tmp_path)}, tmp_path) as server:
        eventually(lambda: len(living(tmp_path)) == 2, within_s=60)
        reports = calls(server.url, 0.5, "CAboth")
        assert all(r.ended_by == "caller" and r.heard_ms for r in reports)

        eventually(lambda: ended(server) == CALLS, what="one scrape tells of both")
        assert metric(server, "voice_agent_calls_limit") == 40

        talk = threading.Thread(target=calls, args=(server.url, 8.0, "CAkill"))
        talk.start()
        query = "SELECT server FROM conversation WHERE call_sid LIKE 'CAkill%'"
        eventually(lambda: len(rows(tmp_path, query)) == CALLS)
        (victim, pid), *_ = [(w, p) for w, p in living(tmp_path).items()
                             if (w,) in rows(tmp_path, query)]  # fmt: skip
        os.kill(pid, signal.SIGKILL)
        talk.join(60)
        eventually(lambda: len(living(tmp_path)) == 2 and victim not in living(tmp_path), 60)
        eventually(lambda: rows(tmp_path, "SELECT count(*) FROM conversation WHERE "
                                "wrapped_up_at IS NULL") == [(0,)], 60)  # fmt: skip
        assert metric(server, "voice_agent_calls_active") == 0, (
            "the dead one's calls are not counted"
        )
        after = calls(server.url, 0.5, "CAafter")
        assert all(r.ended_by == "caller" and r.heard_ms for r in after)
        eventually(lambda: rows(tmp_path, "SELECT count(*) FROM conversation WHERE "
                                "wrapped_up_at IS NULL") == [(0,)], 60)  # fmt: skip
        workers = living(tmp_path)
        server.terminate()
        assert server.exit_code(60) == 0
        assert not any(_runs(pid) for pid in workers.values())
    of_them = rows(tmp_path, "SELECT call_sid, status, server FROM conversation")
    assert len(of_them) == 3 * CALLS
    by = {str(sid): name for sid, _, name in of_them}
    assert victim not in {by[f"CAafter{n}"] for n in range(CALLS)}, "the others serve on"
    lost = {status for _, status, server in of_them if server == victim}
    assert "interrupted" in lost and lost <= {"interrupted", "completed"}
    assert all(s == "completed" for _, s, w in of_them if w != victim)
    once = rows(tmp_path, "SELECT conversation_id, count(*) FROM crm_activity GROUP BY 1")
    assert len(once) == 3 * CALLS and {n for _, n in once} == {1}


def test_a_parent_that_dies_takes_its_workers_with_it(env: dict[str, str], tmp_path: Path):
    with ServerProcess(env | {"VOICE_AGENT_VAR": str(tmp_path)}, tmp_path) as server:
        eventually(lambda: len(living(tmp_path)) == 2, within_s=60)
        workers = living(tmp_path)
        server.process.kill()
        eventually(lambda: not any(_runs(pid) for pid in workers.values()), within_s=30)


def test_what_keeps_the_first_worker_from_starting_is_said_once(
    env: dict[str, str], tmp_path: Path
):
    env = env | {"VOICE_AGENT_VAR": str(tmp_path), "VOICE_AGENT_COMPANY": str(tmp_path / "none")}
    code, told = run("serve", env=env, cwd=tmp_path)
    assert code == 1 and told.count("cannot start") == 1
