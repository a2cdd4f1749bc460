"""A real server process under siege over real sockets, while one honest caller talks to it."""

import gc
import json
import secrets
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import anyio
import httpx
import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.hostile.line import CALLED, CALLER, good_payload, line, media
from tests.hostile.process import (
    API_TOKEN,
    SECRET_KEY,
    ForkedServer,
    ServerProcess,
    brisk_company,
    environment,
    eventually,
)
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.emulator.socket import SocketClosed
from voice_agent.emulator.twilio import CallPlan, EmulatedCall
from voice_agent.telephony.protocol import MAX_MESSAGE_BYTES
from voice_agent.telephony.socket import MALFORMED_LIMIT, START_WITHIN_S

pytestmark = pytest.mark.slow
AUTH_TOKEN = "hostile-auth-token"


@pytest.fixture(scope="module")
def ears() -> Iterator[OpenAIServer]:
    with OpenAIServer() as stub:
        yield stub


@pytest.fixture(scope="module")
def server(ears: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    var = tmp_path_factory.mktemp("siege")
    company = brisk_company(var / "company")
    env = environment(var, ears.base_url, COMPANY=str(company))
    with ForkedServer(env, var) as running:
        yield running


@asynccontextmanager
async def calling(server: ServerProcess, call_sid: str = "", caller: str = CALLER):
    async with (
        httpx.AsyncClient(base_url=server.url, trust_env=False) as http,
        line(http, call_sid or "CA" + secrets.token_hex(16), caller=caller) as opened,
    ):
        yield opened


async def honest_call(server: ServerProcess, ears: OpenAIServer, script: Script, **plan: object):
    """Place a call whose words the stub hears exactly as the script has them."""

    def told(at: float, kind: str, words: str) -> None:
        if kind == "caller":
            ears.transcript = words

    async with httpx.AsyncClient(trust_env=False) as http:
        call = EmulatedCall(CallPlan(server.url, script, **plan), http, told=told)
        return await call.run()


# --- the attacks: each says itself how it must end -------------------------------------------


async def no_token(server: ServerProcess) -> None:
    async with calling(server) as caller:
        await caller.start(token="")
        assert await caller.closed_within(5) == 1008


async def token_of_another_call(server: ServerProcess) -> None:
    async with calling(server) as one, calling(server) as other:
        await one.start(token=other.parameters["token"])
        assert await one.closed_within(5) == 1008


async def second_socket(server: ServerProcess) -> None:
    call_sid = "CA" + secrets.token_hex(16)
    async with calling(server, call_sid) as first, calling(server, call_sid) as second:
        await first.start()
        assert await first.heard_something()
        await second.start()
        assert await second.closed_within(5) == 1008
        await first.frame()
        await first.stop()
        assert await first.closed_within(5) == 1000


async def giant_frame(server: ServerProcess) -> None:
    async with calling(server) as caller:
        await caller.start()
        assert await caller.heard_something()
        await caller.send(media(caller.ids, "A" * MAX_MESSAGE_BYTES))
        assert await caller.closed_within(5) == 1009


async def giant_frame_before_the_start(server: ServerProcess) -> None:
    async with calling(server) as caller:
        await caller.send("x" * (MAX_MESSAGE_BYTES + 1))
        assert await caller.closed_within(5) == 1009


async def large_frames_without_end(server: ServerProcess) -> None:
    payload = good_payload() * 200
    async with calling(server) as caller:
        await caller.start()
        with anyio.move_on_after(8):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(caller.listen)
                for n in range(300):
                    await caller.send(media(caller.ids, payload, str(20 * n)))
                    await anyio.sleep(0.02)
        await caller.stop()


async def binary_and_malformed(server: ServerProcess) -> None:
    async with calling(server) as caller:
        await caller.start()
        with pytest.raises(SocketClosed):
            for _ in range(MALFORMED_LIMIT + 50):
                await caller.send(b"\x00\x01", "{", media(caller.ids, "not base64!"))
            await caller.closed_within(5)
            raise SocketClosed(0)


async def not_utf8(server: ServerProcess) -> None:
    """A text frame whose bytes are no text, written below the WebSocket library."""
    async with calling(server) as caller:
        transport = caller.socket._connection.transport  # type: ignore[attr-defined]
        transport.write(b"\x81\x82\x00\x00\x00\x00\xff\xfe")
        assert await caller.closed_within(5) == 1007


async def never_started(server: ServerProcess) -> None:
    began = anyio.current_time()
    async with calling(server) as caller:
        assert await caller.closed_within(START_WITHIN_S + 5) == 1008
    assert anyio.current_time() - began < START_WITHIN_S + 3


async def reset_without_a_close(server: ServerProcess) -> None:
    """The peer's machine is gone: a TCP reset, no close frame."""
    call_sid = "CA" + secrets.token_hex(16)
    with anyio.move_on_after(10):
        async with calling(server, call_sid) as caller:
            await caller.start()
            assert await caller.heard_something()
            transport = caller.socket._connection.transport  # type: ignore[attr-defined]
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
    ended = await anyio.to_thread.run_sync(lambda: eventually(lambda: _ended(server, call_sid)))
    assert ended["status"] == "completed"


async def no_websocket_at_all(server: ServerProcess) -> None:
    parts = urlsplit(server.url)
    async with await anyio.connect_tcp(parts.hostname or "", parts.port or 0) as tcp:
        await tcp.send(b"\x16\x03\x01\x02\x00\x01\x00\xff\xff GET / nonsense\r\n\r\n")
        with anyio.fail_after(10):
            try:
                while await tcp.receive():
                    pass
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                pass


async def strange_callers(server: ServerProcess) -> None:
    for caller in ("anonymous", "+266696687", "", "<Hangup/>", "\x00", "'; DROP TABLE fact;--"):
        async with calling(server, caller=caller) as opened:
            await opened.start()
            assert await opened.heard_something()
            await opened.stop()
            await opened.closed_within(5)
            document = await anyio.to_thread.run_sync(
                lambda sid=opened.ids.call_sid: eventually(lambda: _ended(server, sid))
            )
            assert document["from"] is None


async def bad_webhooks(server: ServerProcess) -> None:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
        assert (await http.post("/twilio/voice", data={"CallSid": "../etc"})).status_code == 400
        assert (await http.post("/twilio/voice", content=b"x" * 100_000)).status_code == 413
        assert (await http.get("/twilio/voice")).status_code == 405
        assert (await http.get("/api/v1/calls")).status_code == 401


ATTACKS: tuple[Callable[[ServerProcess], Awaitable[None]], ...] = (
    no_token, token_of_another_call, second_socket, giant_frame, giant_frame_before_the_start,
    large_frames_without_end, binary_and_malformed, not_utf8, never_started,
    reset_without_a_close, no_websocket_at_all, strange_callers, bad_webhooks,
)  # fmt: skip


def _ended(server: ServerProcess, call_sid: str):
    document = server.document(call_sid)
    return document if document and document["status"] != "in_progress" else None


def _wavs(server: ServerProcess) -> int:
    return sum(name.endswith(".wav") for name in server.descriptors)


async def test_an_honest_caller_is_served_while_everything_else_goes_wrong(
    server: ServerProcess, ears: OpenAIServer
):
    pricing = scripts.load("pricing")
    leave = Step(parse_when("agent speaking 3.0s"), "hang up", hangup=True)
    script = replace(pricing, steps=(pricing.steps[0], leave))
    reports = []

    async def honest() -> None:
        reports.append(await honest_call(server, ears, script, call_sid="CAhonest", max_s=60))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(honest)
        for attack in ATTACKS:
            tasks.start_soon(attack, server)
    memory_mb = server.memory_mb

    def settled() -> bool:
        return server.active == 0 and server.sockets <= 1 and _wavs(server) == 0

    await anyio.to_thread.run_sync(lambda: eventually(settled, 15, "all sockets closed"))
    report = reports[0]
    assert report.violations == [] and report.ended_by in ("caller", "server"), report.notes
    document = eventually(lambda: _ended(server, "CAhonest"))
    assert any(row["citations"] for row in document["transcript"])
    assert memory_mb < 700
    assert server.metric("voice_agent_calls_active") == 0
    failures = [line for line in server.lines if "Traceback" in line]
    assert all("UnicodeDecodeError" in line for line in failures), "only uvicorn's own, for no text"
    for secret in (API_TOKEN, SECRET_KEY, CALLER):
        assert secret not in server.output


async def test_a_thousand_sockets_that_come_and_go_leave_nothing(server: ServerProcess):
    memory_mb = server.memory_mb
    url = server.url.replace("http", "ws") + "/twilio/media"
    from voice_agent.emulator.socket import dial_websocket

    async def rude(n: int) -> None:
        async with dial_websocket(url, {}) as raw:
            await raw.send(json.dumps({"event": "connected"}) if n % 2 else "nonsense")

    for _ in range(20):
        async with anyio.create_task_group() as tasks:
            for n in range(50):
                tasks.start_soon(rude, n)
    gc.collect()
    eventually(lambda: server.sockets <= 1, 15, "sockets closed")
    assert server.memory_mb - memory_mb < 40


def test_unsigned_webhooks_are_refused_and_nothing_secret_is_logged(ears: OpenAIServer, tmp_path):
    env = environment(tmp_path, ears.base_url, TWILIO_AUTH_TOKEN=AUTH_TOKEN)
    with ForkedServer(env, tmp_path) as server:
        form = {"CallSid": "CA1", "From": CALLER, "To": CALLED}
        plain = server.post("/twilio/voice", form)
        forged = server.post("/twilio/voice", form, **{"X-Twilio-Signature": "Zm9yZ2Vk"})
        assert (plain.status_code, forged.status_code) == (403, 403)
        server.terminate()
        assert server.exit_code(20) == 0
    assert "bad signature" in server.output
    for secret in (AUTH_TOKEN, API_TOKEN, SECRET_KEY, CALLER, "Zm9yZ2Vk"):
        assert secret not in server.output
