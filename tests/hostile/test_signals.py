"""A server told to stop: it finishes what it has, takes nothing new, and can be hurried."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import httpx
import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.hostile.line import CALLED, CALLER
from tests.hostile.process import (
    ForkedServer,
    ServerProcess,
    brisk_company,
    environment,
    eventually,
)
from voice_agent.emulator import script as scripts
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.script import Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("signals")
    company = brisk_company(folder / "company")
    with OpenAIServer(transcript="how much is the starter plan per month") as ears:
        yield environment(folder, ears.base_url, COMPANY=str(company), MAX_CALLS="1")


class Talk(threading.Thread):
    """An ordinary call: one question, its answer for a while, and the caller hangs up."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.report: CallReport | None = None

    def run(self) -> None:
        async def call() -> CallReport:
            pricing = scripts.load("pricing")
            leave = Step(parse_when("agent speaking 1.5s"), "hang up", hangup=True)
            script = replace(pricing, steps=(pricing.steps[0], leave))
            plan = CallPlan(self.url, script, call_sid="CAsignal", max_s=60)
            async with httpx.AsyncClient(trust_env=False) as http:
                return await EmulatedCall(plan, http).run()

        self.report = anyio.run(call)


def ring(server: ServerProcess, call_sid: str) -> str:
    answer = server.post("/twilio/voice", {"CallSid": call_sid, "From": CALLER, "To": CALLED})
    assert answer.status_code == 200
    return answer.text


def test_a_full_server_says_so_and_a_term_lets_the_call_finish_then_exits_0(
    env: dict[str, str], tmp_path: Path
):
    with ForkedServer(env | {"VOICE_AGENT_VAR": str(tmp_path)}, tmp_path) as server:
        talk = Talk(server.url)
        talk.start()
        eventually(lambda: server.active == 1)
        full = ring(server, "CAsecond")
        assert "<Say>" in full and "<Hangup" in full and "<Stream" not in full
        server.terminate()
        eventually(lambda: server.get("/readyz").status_code == 503)
        assert "draining" in server.get("/readyz").text
        turned_away = ring(server, "CAthird")
        assert "<Say>" in turned_away and "<Stream" not in turned_away
        assert server.process.poll() is None, "a call is going on"
        talk.join(60)
        assert server.exit_code(30) == 0
    assert talk.report is not None and talk.report.ended_by == "caller"
    assert talk.report.heard_ms, "the caller was answered while the server was going"
    with sqlite3.connect(tmp_path / "voice_agent.db") as database:
        rows = database.execute("SELECT status FROM conversation").fetchall()
    assert rows == [("completed",)], "its last facts were written before the server went"
    assert "Traceback" not in server.output


def test_a_second_term_ends_the_call_at_once(env: dict[str, str], tmp_path: Path):
    with ForkedServer(env | {"VOICE_AGENT_VAR": str(tmp_path)}, tmp_path) as server:
        talk = Talk(server.url)
        talk.start()
        eventually(lambda: server.active == 1)
        server.terminate()
        eventually(lambda: "refusing new calls" in server.output)
        began = time.monotonic()
        server.terminate()
        assert server.exit_code(15) == 0
        assert time.monotonic() - began < 10
        talk.join(30)
    assert talk.report is not None and talk.report.ended_by == "server"
    assert "Traceback" not in server.output, server.output
