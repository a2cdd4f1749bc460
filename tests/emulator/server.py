"""An in-memory server for the emulator to call: its webhook and its end of the media socket."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import anyio
import httpx
import numpy as np

from voice_agent.audio import g711
from voice_agent.audio.pcm import Pcm
from voice_agent.emulator.socket import SocketClosed, SocketRefused

STREAM = (
    '<Response><Connect><Stream url="wss://agent.test/twilio/media">'
    '<Parameter name="token" value="t0k3n"/></Stream></Connect></Response>'
)


def tone(seconds: float, hz: float = 300.0) -> Pcm:
    t = np.arange(round(seconds * 8000)) / 8000
    return (9000 * np.sin(2 * np.pi * hz * t)).astype(np.int16)


class Server:
    """Speaks the server's side of Media Streams; `behave` runs once a stream has started."""

    def __init__(
        self,
        behave: Callable[["Server"], Awaitable[None]] | None = None,
        documents: dict[str, str] | None = None,
        refuse_socket: bool = False,
    ) -> None:
        self.got: list[tuple[float, dict[str, Any]]] = []
        self.requests: list[tuple[str, dict[str, str], str]] = []
        self.dialled: list[tuple[str, dict[str, str]]] = []
        self.stream_sid = ""
        self.documents = {"/twilio/voice": STREAM, "/twilio/status": ""} | (documents or {})
        self._behave = behave
        self._refuse = refuse_socket
        self._began: float | None = None
        self._started = anyio.Event()
        self._changed = anyio.Event()
        self.closed_by_peer = False

    # --- HTTP ---

    def http(self) -> httpx.AsyncClient:
        async def answer(request: httpx.Request) -> httpx.Response:
            form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
            signature = request.headers.get("x-twilio-signature", "")
            self.requests.append((str(request.url), form, signature))
            document = self.documents.get(request.url.path)
            if document is None:
                return httpx.Response(404)
            return httpx.Response(200, text=document, headers={"content-type": "text/xml"})

        return httpx.AsyncClient(transport=httpx.MockTransport(answer))

    # --- the socket, as the emulator sees it ---

    @asynccontextmanager
    async def dial(self, url: str, headers: dict[str, str]) -> AsyncIterator["Server"]:
        self.dialled.append((url, headers))
        if self._refuse:
            raise SocketRefused("503")
        self._out_send, self._out = anyio.create_memory_object_stream[str](10_000)
        async with anyio.create_task_group() as tasks:
            if self._behave:
                tasks.start_soon(self._run, self._behave)
            yield self
            tasks.cancel_scope.cancel()
        self._out_send.close()
        self._out.close()

    async def _run(self, behave: Callable[["Server"], Awaitable[None]]) -> None:
        await self._started.wait()
        await behave(self)

    async def send(self, text: str) -> None:
        message = json.loads(text)
        if message["event"] == "start":
            self.stream_sid = message["streamSid"]
            self._began = anyio.current_time()
            self._started.set()
        self.got.append((self.now(), message))
        self._changed.set()

    async def receive(self) -> str | bytes:
        try:
            return await self._out.receive()
        except anyio.EndOfStream:
            raise SocketClosed(1000) from None

    async def close(self) -> None:
        self.closed_by_peer = True

    # --- what the server does ---

    def now(self) -> float:
        return 0.0 if self._began is None else anyio.current_time() - self._began

    def play(self, pcm: Pcm) -> None:
        payload = b64encode(g711.encode(pcm)).decode()
        self._tell({"event": "media", "media": {"payload": payload}})

    def mark(self, name: str) -> None:
        self._tell({"event": "mark", "mark": {"name": name}})

    def clear(self) -> None:
        self._tell({"event": "clear"})

    def raw(self, text: str) -> None:
        self._out_send.send_nowait(text)

    def hang_up(self) -> None:
        self._out_send.close()

    def _tell(self, message: dict[str, Any]) -> None:
        self.raw(json.dumps({**message, "streamSid": self.stream_sid}))

    async def until(self, event: str, count: int = 1) -> tuple[float, dict[str, Any]]:
        """When this many messages of this event have come; returns the last of them."""
        while len(self.all(event)) < count:
            self._changed = anyio.Event()
            await self._changed.wait()
        return self.all(event)[count - 1]

    def all(self, event: str) -> list[tuple[float, dict[str, Any]]]:
        return [(at, message) for at, message in self.got if message["event"] == event]
