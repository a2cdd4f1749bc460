"""A server killed in the middle of a call, then restarted on what it left."""

import sqlite3
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import httpx
import numpy as np
import psycopg
import pytest

from tests.fakes import postgres
from tests.fakes.openai_server import OpenAIServer
from tests.hostile.process import (
    ForkedServer,
    ServerProcess,
    brisk_company,
    environment,
    eventually,
)
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import Script, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

pytestmark = pytest.mark.slow
QUESTION = "does tideline integrate with our snowflake data warehouse"
CALL_SID = "CA" + "5" * 32
TOLERANCE_S = 3.0
"""How much of a recording a crash may cost."""
TABLES = ("crm_contact", "crm_account", "crm_activity")


@pytest.fixture
def ears() -> Iterator[OpenAIServer]:
    with OpenAIServer() as stub:
        yield stub


@dataclass
class Talk:
    """One call placed from a thread of its own, so that the test may kill its server."""

    url: str
    ears: OpenAIServer

    def __enter__(self) -> "Talk":
        self._thread = threading.Thread(target=lambda: anyio.run(self._call))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()

    async def _call(self) -> None:
        carrier = scripts.load("fast_talker").steps[-1]
        ask = replace(carrier, when=parse_when("greeting ended"), text=QUESTION)
        plan = CallPlan(self.url, Script("kill", (ask,)), call_sid=CALL_SID, max_s=60)
        async with httpx.AsyncClient(trust_env=False) as http:
            await EmulatedCall(plan, http, told=self._told).run()

    def _told(self, at: float, kind: str, words: str) -> None:
        if kind == "caller":
            self.ears.transcript = words


def counts(url: str) -> dict[str, int]:
    """Rows of the CRM's tables and their distinct keys, straight from the database."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            return {
                t: connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES
            }
    with psycopg.connect(url) as connection:
        return {t: connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES}


def answered(document: dict[str, Any] | None) -> bool:
    """Both sides have spoken, and something was learned."""
    if not document:
        return False
    cited = any(row["citations"] for row in document["transcript"])
    return cited and bool(document["signals"]) and len(document["transcript"]) >= 7


def killed_in_a_call(server: ServerProcess, ears: OpenAIServer) -> tuple[dict[str, Any], float]:
    """The document as it stood when the server was killed, and the call's age then."""
    with Talk(server.url, ears):
        eventually(lambda: server.document(CALL_SID), 10)
        began = time.monotonic()
        before = eventually(
            lambda: document if answered(document := server.document(CALL_SID)) else None, 45,
            "an answered question",
        )  # fmt: skip
        lasted_s = time.monotonic() - began
        server.kill()
    return before, lasted_s


def whole(server: ServerProcess) -> dict[str, Any]:
    return eventually(
        lambda: d if (d := server.document(CALL_SID)) and d["crm"]["status"] == "written" else None,
        20, "the CRM record",
    )  # fmt: skip


def holds_all(after: dict[str, Any], before: dict[str, Any], lasted_s: float) -> None:
    """Everything that was known at the kill is in the document of the next server."""
    assert after["status"] == "interrupted"
    assert after["transcript"][: len(before["transcript"])] == before["transcript"]
    told = [(s["criterion"], s["quote"]) for s in after["signals"]]
    assert told[: len(before["signals"])] == [
        (s["criterion"], s["quote"]) for s in before["signals"]
    ]
    assert after["started_at"] == before["started_at"] and after["ended_at"]
    assert after["handoff"]["summary"]
    assert abs(after["recording"]["duration_ms"] / 1000 - lasted_s) < TOLERANCE_S


def plays(server: ServerProcess, folder: Path, lasted_s: float) -> None:
    """The recording is a WAV of two lanes on which both were heard, as any player reads it."""
    answer = server.get(f"/api/v1/calls/{CALL_SID}/recording")
    assert answer.status_code == 200 and answer.headers["content-type"] == "audio/wav"
    with wave.open(BytesIO(answer.content)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert abs(len(samples) / 8000 - lasted_s) < TOLERANCE_S
    assert (np.abs(samples).max(axis=0) > 1000).all(), "both lanes hold a voice"
    path = folder / "played.wav"
    path.write_bytes(answer.content)
    try:
        played = subprocess.run(["sox", path, "-n", "stat"], capture_output=True, text=True)
    except FileNotFoundError:
        return
    assert played.returncode == 0 and "WARN" not in played.stderr, played.stderr


def killed_and_started_again(ears: OpenAIServer, var: Path, url: str) -> None:
    """The whole story on one database."""
    company = brisk_company(var / "company")
    env = environment(var, ears.base_url, DATABASE_URL=url, COMPANY=str(company))
    with ForkedServer(env, var) as server:
        before, lasted_s = killed_in_a_call(server, ears)
    with ForkedServer(env, var) as server:  # taken up, and killed again while wrapping up
        assert "finishing a conversation" in server.output
        server.kill()
    with ForkedServer(env, var) as server:
        after = whole(server)
        holds_all(after, before, lasted_s)
        plays(server, var, lasted_s)
        once = counts(url)
        server.terminate()
        assert server.exit_code(30) == 0
    assert once["crm_activity"] == 1 and once["crm_contact"] == 1


def test_a_killed_server_loses_nothing_that_was_said_and_writes_the_crm_once(
    ears: OpenAIServer, tmp_path: Path
):
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    killed_and_started_again(ears, tmp_path, url)


@pytest.mark.postgres
def test_a_killed_server_on_postgresql_loses_nothing_either(ears: OpenAIServer, tmp_path: Path):
    with postgres.database() as url:
        killed_and_started_again(ears, tmp_path, url)
