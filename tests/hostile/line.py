"""A caller's side of the wire without manners of its own: the test chooses every message."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import anyio
import httpx

from voice_agent.emulator.messages import Ids, Writer
from voice_agent.emulator.socket import Dial, MediaSocket, SocketClosed, dial_websocket

CALLER, CALLED = "+14155550142", "+18005550100"
SILENCE = b"\xff" * 160


@dataclass
class Line:
    """An open media socket, and the parameters from our webhook."""

    socket: MediaSocket
    ids: Ids
    parameters: dict[str, str]
    got: list[dict[str, Any]] = field(default_factory=list)
    closed: int | None = None
    frames: int = 0

    def __post_init__(self) -> None:
        self._writer = Writer(self.ids)

    async def send(self, *messages: str | bytes) -> None:
        for message in messages:
            await self.socket.send(message)  # type: ignore[arg-type]

    async def start(self, **parameters: str) -> None:
        await self.send(self._writer.connected(), self._writer.start(self.parameters | parameters))

    async def again(self) -> None:
        """A second start on the same socket."""
        await self.send(self._writer.start(self.parameters))

    async def frame(self, payload: bytes = SILENCE) -> None:
        self.frames += 1
        await self.send(self._writer.media(payload, 20 * self.frames))

    async def stop(self) -> None:
        await self.send(self._writer.stop())

    async def listen(self) -> None:
        """Read, and return marks at once, until the server closes."""
        try:
            while True:
                message = json.loads(await self.socket.receive())
                self.got.append(message)
                if message["event"] == "mark":
                    await self.send(self._writer.mark(message["mark"]["name"]))
        except SocketClosed as closed:
            self.closed = closed.status

    async def heard_something(self) -> bool:
        """Whether the agent speaks to us."""
        with anyio.move_on_after(10):
            while not any(m["event"] == "media" for m in self.got):
                self.got.append(json.loads(await self.socket.receive()))
        return any(m["event"] == "media" for m in self.got)

    async def closed_within(self, seconds: float) -> int | None:
        """The close code; None when the socket stayed open."""
        with anyio.move_on_after(seconds):
            await self.listen()
        return self.closed


def media(ids: Ids, payload: str, timestamp: object = "20", **more: object) -> str:
    body = {"track": "inbound", "chunk": "1", "timestamp": timestamp, "payload": payload}
    return json.dumps({"event": "media", "streamSid": ids.stream_sid, "media": body} | more)


def good_payload() -> str:
    return b64encode(SILENCE).decode()


@asynccontextmanager
async def line(
    http: httpx.AsyncClient, call_sid: str, dial: Dial = dial_websocket, caller: str = CALLER
) -> AsyncIterator[Line]:
    """Call, be answered, and open the socket; nothing is sent yet."""
    form = {"CallSid": call_sid, "From": caller, "To": CALLED, "CallStatus": "ringing"}
    answer = await http.post("/twilio/voice", data=form)
    stream = ElementTree.fromstring(answer.text).find("./Connect/Stream")
    assert stream is not None, answer.text
    parameters = {p.get("name", ""): p.get("value", "") for p in stream}
    ids = Ids("AC" + "0" * 32, call_sid, "MZ" + call_sid[2:])
    async with dial(stream.get("url", ""), {}) as socket:
        yield Line(socket, ids, parameters)
