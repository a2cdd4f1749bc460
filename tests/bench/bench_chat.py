"""Website chat: time to an answer's first words with many sockets open, and what one socket takes.

    python -m tests.bench.bench_chat [--quick] [--sockets 500]

Every socket is a session of its own that has said hello and been greeted; loopback addresses are
spread so that the server's per-address limits hold as in production. Some of them ask one question
each, one after another and then ten at a time. First words: from sending the message to the first
`delta` at the page.
"""

import argparse
import json
import time
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.processes import Running, embedded_engines, server
from tests.bench.rig import Result, arguments, run, say, spread, within

TARGET_MS = 100
PER_ADDRESS = 20
QUESTIONS = (
    "Do you integrate with Snowflake?",
    "How much is the Growth plan?",
    "Do you support single sign-on?",
    "Is there a free trial?",
    "How often do syncs run?",
)


@dataclass
class Page:
    """One page's socket."""

    socket: ClientConnection
    waits_ms: list[float] = field(default_factory=list)
    whole_ms: list[float] = field(default_factory=list)

    async def until(self, kind: str, **fields: Any) -> None:
        while True:
            told = json.loads(await self.socket.recv())
            if told["type"] == kind and all(told.get(k) == v for k, v in fields.items()):
                return

    async def ask(self, n: int) -> None:
        """Ask one question; times its first words and its end."""
        message = {"type": "message", "id": f"m{n}", "text": QUESTIONS[n % len(QUESTIONS)]}
        began = time.perf_counter()
        await self.socket.send(json.dumps(message))
        await self.until("delta")
        self.waits_ms.append((time.perf_counter() - began) * 1000)
        await self.until("choices")
        self.whole_ms.append((time.perf_counter() - began) * 1000)


async def _open(running: Running, n: int) -> Page:
    address = f"127.0.{1 + n // PER_ADDRESS // 250}.{1 + n // PER_ADDRESS % 250}"
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=30) as client:
        made = (await client.post(f"{running.url}/chat/sessions", json={})).json()
    url = f"{running.url.replace('http', 'ws', 1)}/chat/ws"
    socket = await connect(
        url, local_addr=(address, 0), compression=None, ping_interval=None, proxy=None
    )
    page = Page(socket)
    await socket.send(json.dumps({"type": "hello", "token": made["token"], "after": 0}))
    await page.until("ready")
    return page


async def _pages(running: Running, count: int) -> list[Page]:
    pages: list[Page] = []

    async def one(n: int, gate: anyio.Semaphore) -> None:
        async with gate:
            pages.append(await _open(running, n))

    gate = anyio.Semaphore(20)
    async with anyio.create_task_group() as tasks:
        for n in range(count):
            tasks.start_soon(one, n, gate)
    return pages


async def _asked(pages: list[Page], at_once: int) -> None:
    for first in range(0, len(pages), at_once):
        async with anyio.create_task_group() as tasks:
            for n, page in enumerate(pages[first : first + at_once], first):
                tasks.start_soon(page.ask, n)


async def _held(running: Running, count: int, asking: int) -> dict[str, Any]:
    await _asked(await _pages(running, 1), 1)  # the very first conversation pays for warming up
    before_mb = running.rss_mb()
    began = time.perf_counter()
    pages = await _pages(running, count)
    opened_s = time.perf_counter() - began
    open_mb = running.rss_mb()
    say(f"{count} sockets open in {opened_s:.1f} s, {open_mb - before_mb:.1f} MB")
    await _asked(pages[:asking], 1)
    alone = [ms for page in pages for ms in page.waits_ms]
    whole = [ms for page in pages for ms in page.whole_ms]
    await _asked(pages[asking : 2 * asking], 10)
    crowd = [ms for page in pages[asking:] for ms in page.waits_ms]
    talked_mb = running.rss_mb()
    counted = running.metrics()["voice_agent_chat_sockets"]
    for page in pages:
        await page.socket.close()
    return {
        "alone": alone,
        "whole": whole,
        "crowd": crowd,
        "sockets": int(counted),
        "opened_s": round(opened_s, 1),
        "kb_per_open_socket": round((open_mb - before_mb) * 1024 / count, 1),
        "kb_per_conversation": round((talked_mb - open_mb) * 1024 / (2 * asking), 1),
    }


def measure(options: argparse.Namespace) -> Result:
    """Against a server of its own with the embedded engines."""
    asking = 50 if options.quick else 200
    with server("chat", **embedded_engines()) as running:
        held = anyio.run(_held, running, options.sockets, asking)
    alone, whole, crowd = (spread(held.pop(name)) for name in ("alone", "whole", "crowd"))
    return Result(
        figure="chat: first words of an answer",
        p50=alone["p50"], p95=alone["p95"], n=int(alone["n"] or 0), unit="ms",
        target=f"p95 ≤ {TARGET_MS} ms with {options.sockets} sockets open",
        met=within(alone["p95"], TARGET_MS) and held["sockets"] >= options.sockets,
        more={"whole_answer_ms": whole, "ten_at_once_ms": crowd, **held},
    )  # fmt: skip


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    run(measure, parser)
