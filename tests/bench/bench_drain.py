"""SIGTERM under twenty calls: how many end as their callers meant, what new callers hear, the exit.

A real server process; callers ask one question and hang up after the answer. The server is told to
stop once all of them talk. Shared engines answer over loopback HTTP, so that draining is measured
and not recognition.
"""

import argparse
import tempfile
import time
from pathlib import Path

import anyio
import httpx

from tests.bench import rig
from tests.fakes.office import HANG_UP, script
from tests.fakes.openai_server import OpenAIServer
from tests.hostile.process import ServerProcess, brisk_company, environment
from voice_agent.emulator.cli import place_call
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.twilio import CallPlan, sid

CALLS, QUICK_CALLS, NEWCOMERS = 20, 5, 5
DEADLINE_S = 60.0
"""These calls last about fifteen seconds; the server itself waits up to ten minutes."""
QUESTION = "demo/01_hi_there_i_was.wav"
CALLER = script(("at 4s", QUESTION), ("agent silent 1.5s", HANG_UP))


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Place the calls, stop the server under them, and count."""
    count = QUICK_CALLS if arguments.quick else CALLS
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        company = brisk_company(folder / "company")
        with OpenAIServer(transcript="does tideline work with snowflake") as ears:
            env = environment(folder / "var", ears.base_url, COMPANY=str(company))
            with ServerProcess(env, folder) as server:
                return anyio.run(_stopped, server, count)


async def _stopped(server: ServerProcess, count: int) -> rig.Result:
    reports: list[CallReport] = []
    refusals: list[str] = []

    async def call(n: int) -> None:
        plan = CallPlan(server.url, CALLER, call_sid=sid("CA"), caller=f"+1415555{1000 + n}",
                        max_s=DEADLINE_S, keep_audio=False)  # fmt: skip
        reports.append(await place_call(server.url, plan=plan))

    async with anyio.create_task_group() as callers:
        for n in range(count):
            callers.start_soon(call, n)
        while server.active < count:  # noqa: ASYNC110 - a server process tells by being asked
            await anyio.sleep(0.2)
        server.terminate()
        stopped = time.monotonic()
        await anyio.sleep(1.0)
        async with httpx.AsyncClient(trust_env=False) as http:
            for n in range(NEWCOMERS):
                told = {"CallSid": sid("CA"), "From": f"+1415556{1000 + n}", "To": "+18005550100"}
                answer = await http.post(f"{server.url}/twilio/voice", data=told)
                refusals.append(answer.text)
            ready = (await http.get(f"{server.url}/readyz")).json()
    code = await anyio.to_thread.run_sync(server.exit_code, DEADLINE_S)
    took_s = time.monotonic() - stopped
    whole = sum(r.ended_by == "caller" and bool(r.heard_ms) for r in reports)
    polite = sum("<Say>" in text and "<Stream" not in text for text in refusals)
    good = (whole, polite, code) == (count, NEWCOMERS, 0) and took_s < DEADLINE_S
    return rig.Result(
        "calls finished after SIGTERM", 100.0 * whole / count, None, count, "%",
        f"all finish, newcomers turned away politely, exit 0 within {DEADLINE_S:.0f} s", good,
        {
            "turned_away_politely": f"{polite} of {NEWCOMERS}",
            "readiness": ready["problems"],
            "exit_code": code,
            "exit_after_s": round(took_s, 1),
        },
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
