"""The fast path of media sockets: whole texts are cut out, everything else is left to uvicorn."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager

import anyio
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from uvicorn.server import ServerState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from tests.bench.bench_frames import Wire
from tests.bench.websocket import handshake
from voice_agent.emulator.messages import Ids, Writer
from voice_agent.telephony.protocol import MAX_MESSAGE_BYTES
from voice_agent.telephony.websocket import (
    LOOK_S,
    MOST_QUEUED,
    NOT_ALL,
    STRANGE,
    Mailbox,
    MediaWebSocket,
    frame_end,
    look_after,
    text_head,
    wake_for,
)


def framed(opcode: Opcode, body: bytes, fin: bool = True) -> bytes:
    return Frame(opcode, body, fin).serialize(mask=True)


def text(body: str) -> bytes:
    return framed(Opcode.TEXT, body.encode())


def frame_of(ms: int) -> str:
    ids = Ids("AC" + "0" * 32, "CA" + "0" * 32, "MZ" + "0" * 32)
    return Writer(ids).media(bytes(8 * ms), 36_000_000)


@given(st.binary(max_size=70_000), st.booleans())
def test_the_end_of_a_frame_is_where_the_library_puts_it(body, control):
    body = body[:125] if control else body
    whole = framed(Opcode.PING if control else Opcode.TEXT, body)
    ours = len(body) < 1 << 16
    assert frame_end(b"before" + whole + b"after", 6) == (6 + len(whole) if ours else STRANGE)
    if ours:
        assert frame_end(whole[:-1], 0) == NOT_ALL


@pytest.mark.parametrize(
    "first",
    [framed(Opcode.TEXT, b"half", fin=False), framed(Opcode.BINARY, b"x"), b"\x81\x02hi"],
    ids=["fragment", "binary", "unmasked"],
)
def test_fragments_binary_and_unmasked_frames_are_not_for_us(first):
    assert frame_end(first, 0) == STRANGE


@given(st.integers(0, 1 << 20))
def test_a_server_frame_has_the_librarys_head(size):
    whole = Frame(Opcode.TEXT, b"a" * min(size, 70_000)).serialize(mask=False)
    head = text_head(min(size, 70_000))
    assert whole.startswith(head) and len(whole) == len(head) + min(size, 70_000)


@asynccontextmanager
async def echoing(handler=None):
    """A real server on loopback whose socket sends back every message: its port, and itself."""

    async def echo(socket):
        await socket.accept()
        while (message := await socket.receive())["type"] == "websocket.receive":
            said = message.get("text")
            await socket.send_text(repr(message["bytes"]) if said is None else said)

    app = Starlette(routes=[WebSocketRoute("/", handler or echo)])
    config = uvicorn.Config(
        app, ws=MediaWebSocket, ws_max_size=MAX_MESSAGE_BYTES, ws_per_message_deflate=False,
        ws_ping_interval=None, lifespan="off", log_config=None, port=0, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], server
    finally:
        server.should_exit = True
        await serving


async def spoken(*pieces: bytes, expected: int) -> list[str]:
    """What comes back when these bytes arrive one after the other."""
    async with (
        echoing() as (port, _server),
        connect(f"ws://127.0.0.1:{port}/", compression=None) as client,
    ):
        for piece in pieces:
            client.transport.write(piece)
            await asyncio.sleep(0.005)
        async with asyncio.timeout(5):
            return [await client.recv() for _ in range(expected)]


@pytest.mark.real_clock
async def test_texts_cut_anywhere_and_glued_together_arrive_in_order():
    stream = b"".join(text(body) for body in ("one", "two" * 100, "drei ü", ""))
    cuts = (1, 2, 5, 40, 309, len(stream))
    pieces = [stream[a:b] for a, b in zip((0, *cuts), cuts, strict=False)]
    assert await spoken(*pieces, expected=4) == ["one", "two" * 100, "drei ü", ""]


@pytest.mark.real_clock
async def test_pings_fragments_and_binary_between_texts_keep_their_order():
    stream = [
        text("before") + framed(Opcode.PING, b"?") + text("after a ping"),
        framed(Opcode.TEXT, b"in two ", fin=False) + framed(Opcode.CONT, b"parts") + text("then"),
        framed(Opcode.BINARY, b"\0") + text("last"),
    ]
    heard = await spoken(*stream, expected=6)
    assert heard == ["before", "after a ping", "in two parts", "then", "b'\\x00'", "last"]


@pytest.mark.real_clock
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (framed(Opcode.TEXT, b"\xff\xfe"), 1007),
        (framed(Opcode.TEXT, b"x" * (MAX_MESSAGE_BYTES + 1)), 1009),
        (b"\x81\x02hi", 1002),
        (framed(Opcode.CLOSE, struct.pack("!H", 1000)), 1000),
    ],
    ids=["not UTF-8", "too large", "unmasked", "close"],
)
async def test_what_breaks_the_protocol_is_refused_as_the_library_does(sent, code):
    with pytest.raises(ConnectionClosed) as closed:
        await spoken(text("fine"), sent, expected=2)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == code


@pytest.mark.real_clock
async def test_a_flood_waits_until_it_is_taken_and_nothing_is_lost():
    go, counts = asyncio.Event(), []

    async def slow(socket):
        await socket.accept()
        await go.wait()
        for _ in range(20 * MOST_QUEUED):
            counts.append(int(await socket.receive_text()))
        await socket.send_text("all")

    async with (
        echoing(slow) as (port, _server),
        connect(f"ws://127.0.0.1:{port}/", compression=None) as client,
    ):
        for n in range(20 * MOST_QUEUED):
            client.transport.write(text(str(n)))
        await asyncio.sleep(0.05)
        go.set()
        async with asyncio.timeout(5):
            assert await client.recv() == "all"
    assert counts == list(range(20 * MOST_QUEUED))


async def woken_by(*texts: str, at_once: int = 2) -> bool:
    """Whether who waits for a message is given one once these came."""
    mailbox = Mailbox()
    mailbox.at_once = at_once
    reader = asyncio.ensure_future(mailbox.get())
    await asyncio.sleep(0)
    for text in texts:
        mailbox.put_nowait({"type": "websocket.receive", "text": text})
    await asyncio.sleep(0.001)
    woken = reader.done()
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    return woken


@pytest.mark.parametrize(
    ("texts", "woken"),
    [
        ([frame_of(20)], False),
        ([frame_of(20)] * 2, True),
        ([frame_of(40)], True),
        (['{"event":"mark","streamSid":"MZ1","mark":{"name":"1.0.1"}}'], True),
        ([frame_of(20), '{"event":"stop","streamSid":"MZ1"}'], True),
    ],
    ids=["a frame", "two frames", "a long frame", "a mark", "a frame and the end"],
)
async def test_a_reader_of_two_at_once_is_woken_for_two_frames_and_for_anything_else_at_once(
    texts, woken
):
    assert await woken_by(*texts) is woken


async def test_a_reader_who_never_said_is_woken_for_each_frame():
    assert await woken_by(frame_of(20), at_once=1)


class Kernel:
    """A socket that notes what it is told."""

    def __init__(self) -> None:
        self.low: list[int] = []

    def setsockopt(self, _level: int, name: int, value: int) -> None:
        assert name == socket.SO_RCVLOWAT
        self.low.append(value)


@asynccontextmanager
async def flowing(at_once: int):
    """A media socket that was sent a frame: itself, what its kernel is told, the frame's size."""
    kernel, served = Kernel(), asyncio.Future()

    async def handler(websocket):
        wake_for(websocket.scope)(at_once)
        await websocket.accept()
        served.set_result(None)
        await websocket.receive()

    config = uvicorn.Config(
        Starlette(routes=[WebSocketRoute("/", handler)]), ws=MediaWebSocket, lifespan="off",
        log_config=None, ws_per_message_deflate=False, ws_ping_interval=None,
    )  # fmt: skip
    config.load()
    protocol = MediaWebSocket(config=config, server_state=ServerState(), app_state={})
    end = Wire()
    protocol.connection_made(end)
    end._extra["socket"] = kernel
    protocol.data_received(handshake("localhost", "/"))
    await served
    whole = text(frame_of(20))
    protocol.data_received(whole)
    yield protocol, kernel, len(whole)
    protocol.connection_lost(None)
    await asyncio.gather(*protocol.tasks)


async def test_the_kernel_gathers_frames_of_a_stream_that_flows_until_it_stands_still():
    async with flowing(at_once=4) as (protocol, kernel, size):
        protocol.look()
        assert kernel.low == [3 * size + 1]
        wake_for(protocol.scope)(2)
        assert kernel.low == [3 * size + 1, size + 1]
        protocol.look()  # nothing came since: what is there may be all there is
        assert kernel.low == [3 * size + 1, size + 1, 1]


async def test_the_kernel_gathers_nothing_for_who_wants_each_frame():
    async with flowing(at_once=1) as (protocol, kernel, _size):
        protocol.look()
        assert kernel.low == []


@pytest.mark.real_clock
async def test_the_last_words_of_a_stream_are_read_soon_though_no_frame_comes_after_them():
    over = asyncio.Event()

    async def frames(websocket):
        wake_for(websocket.scope)(4)
        await websocket.accept()
        while (await websocket.receive_text()) != "stop":
            pass
        over.set()
        await websocket.receive()

    async with (
        echoing(frames) as (port, server),
        connect(f"ws://127.0.0.1:{port}/", compression=None) as client,
        anyio.create_task_group() as tasks,
    ):
        ended = anyio.Event()
        tasks.start_soon(look_after, server.server_state.connections, ended)
        for _ in range(30):
            await client.send(frame_of(20))
            await asyncio.sleep(0.02)
        await client.send("stop")
        async with asyncio.timeout(3 * LOOK_S + 1):
            await over.wait()
        ended.set()
