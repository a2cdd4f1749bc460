"""A colleague takes a call over from another server's console: how soon the caller hears it.

Two servers on one PostgreSQL; the call is on one, the page's socket on the other, and then, for
comparison, on the same. In each round the agent is speaking, the colleague takes the floor, speaks
and hands back. Measured at the caller's ear from the moment the page sends: to the agent's `clear`,
from the colleague's first frame to its sound, and from handing back to the agent's voice.
"""

import argparse
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from tests.bench import rig
from tests.bench.processes import Running, embedded_engines, server
from tests.fakes import postgres
from tests.fakes.browser import HTML, token
from voice_agent.audio import g711
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

SILENT_MS = 300.0
FRAME = 160
LINE = "Let me read you what our engineers wrote about it, which takes a moment, so bear with me."
LOUD = g711.encode((np.sin(np.arange(FRAME) * 0.35) * 12_000).astype(np.int16))
LONGEST_S = 600
HEARD_S = 10.0


@dataclass
class Rounds:
    """Milliseconds of every round."""

    silent: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)


def measured(arguments: argparse.Namespace) -> rig.Result:
    """One call, its rounds from the other server and then from its own."""
    with postgres.database() as url:
        given = {
            "database_url": url,
            "secret_key": "a secret of benches",
            "peer_host": "auto",
        } | embedded_engines()
        recordings = {"recordings": str(rig.BENCH_VAR / "takeover")}
        with server("one", **given, **recordings) as one:
            with server("other", **given, **recordings) as other:
                far, near = anyio.run(_both, one, other, 3 if arguments.quick else 12)
    p95 = rig.percentile(far.silent, 95)
    return rig.Result(
        "agent silent after a takeover from another server", rig.percentile(far.silent, 50), p95,
        len(far.silent), "ms", f"≤ {SILENT_MS:.0f} ms", rig.within(p95, SILENT_MS),
        {
            "colleague_heard_ms": rig.spread(far.heard),
            "agent_back_ms": rig.spread(far.back),
            "same_server": {
                "silent_ms": rig.spread(near.silent),
                "colleague_heard_ms": rig.spread(near.heard),
                "agent_back_ms": rig.spread(near.back),
            },
        },
    )  # fmt: skip


async def _both(one: Running, other: Running, rounds: int) -> tuple[Rounds, Rounds]:
    stays = Step(parse_when(f"at {LONGEST_S}s"), "hang up", hangup=True)
    async with httpx.AsyncClient(trust_env=False) as http:
        call = EmulatedCall(
            CallPlan(other.url, Script("takeover", (stays,)), max_s=LONGEST_S), http
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call.run)
            async with httpx.AsyncClient(trust_env=False, headers=HTML, timeout=60) as browser:
                await _sign_in(browser, one)
                conversation = await _live(browser, one)
                found = []
                for page_at in (one, other):
                    async with _line(browser, page_at, conversation) as line:
                        found.append(await _rounds(line, call, rounds))
            tasks.cancel_scope.cancel()
    return found[0], found[1]


async def _rounds(line: ClientConnection, call: EmulatedCall, rounds: int) -> Rounds:
    found = Rounds()
    for n in range(rounds):
        rig.say(f"round {n + 1} of {rounds}")
        at = await _do(line, call, "say", LINE)
        await _audible(call, at)
        await anyio.sleep(1.0)
        at = await _do(line, call, "take")
        with anyio.fail_after(HEARD_S):
            while not any(clear >= at for clear in call.log.clears):
                await anyio.sleep(0.001)
        found.silent.append((min(c for c in call.log.clears if c >= at) - at) * 1000)
        await anyio.sleep(0.2)  # else their first sound would count as the end of the agent's
        spoken = call.at or 0.0
        for _ in range(50):
            await line.send(LOUD)
            await anyio.sleep(0.02)
        found.heard.append((await _audible(call, spoken) - spoken) * 1000)
        await anyio.sleep(0.5)
        at = await _do(line, call, "give_back")
        found.back.append((await _audible(call, at) - at) * 1000)
        await anyio.sleep(0.5)
    return found


async def _do(line: ClientConnection, call: EmulatedCall, act: str, words: str = "") -> float:
    """Send a command; returns when, in the caller's seconds."""
    at = call.at or 0.0
    await line.send(json.dumps({"do": act, "words": words}))
    return at


async def _audible(call: EmulatedCall, since: float) -> float:
    """When the caller first heard something that began after this."""
    with anyio.fail_after(HEARD_S):
        while True:
            later = [span.start for span in call.playout.spans if span.start >= since]
            if later and later[0] <= (call.at or 0.0):
                return later[0]
            await anyio.sleep(0.001)


async def _sign_in(browser: httpx.AsyncClient, at: Running) -> None:
    (password,) = re.findall(r"sign in as admin with (\S+)", (at.var / "server.log").read_text())
    page = await browser.get(f"{at.url}/console/sign-in")
    form = {"csrf": token(page.text), "name": "admin", "password": password, "next": ""}
    await browser.post(f"{at.url}/console/sign-in", data=form, headers={"origin": at.url})


async def _live(browser: httpx.AsyncClient, at: Running) -> str:
    """The conversation of the one call in progress."""
    with anyio.fail_after(HEARD_S):
        while True:
            page = await browser.get(f"{at.url}/console/live/now")
            if found := re.search(r"/console/live/([0-9a-f]{32})", page.text):
                return found[1]
            await anyio.sleep(0.1)


@asynccontextmanager
async def _line(
    browser: httpx.AsyncClient, at: Running, conversation: str
) -> AsyncIterator[ClientConnection]:
    """The socket of the call's page, read continuously."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    url = at.url.replace("http", "ws", 1) + f"/console/live/{conversation}/line"
    headers = {"Cookie": cookies, "Origin": at.url}
    async with connect(url, additional_headers=headers, compression=None, proxy=None) as line:
        while (told := await line.recv()) and '"away": ""' not in str(told):
            pass
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_read, line)
            yield line
            tasks.cancel_scope.cancel()


async def _read(line: ClientConnection) -> None:
    async for _ in line:
        pass


def main() -> None:
    """Print the figure as JSON."""
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
