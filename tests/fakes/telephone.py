"""The emulator's telephone connected directly to our media socket: no network, so time can jump."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
from starlette.types import ASGIApp

from voice_agent.emulator.socket import MediaSocket, SocketClosed


class AsgiSocket:
    """A WebSocket into an ASGI application. Everything the server sent is kept in `received`."""

    def __init__(self) -> None:
        self._to_server, self.from_client = anyio.create_memory_object_stream[dict](4096)
        self.to_client, self._from_server = anyio.create_memory_object_stream[dict](4096)
        self.received: list[tuple[float, dict[str, Any]]] = []
        self._closed = False

    async def send(self, text: str | bytes) -> None:
        field = "text" if isinstance(text, str) else "bytes"
        try:
            await self._to_server.send({"type": "websocket.receive", field: text})
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            raise SocketClosed(1006) from None

    async def receive(self) -> str | bytes:
        try:
            message = await self._from_server.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            raise SocketClosed(1006) from None
        if message["type"] == "websocket.close":
            raise SocketClosed(message.get("code", 1000))
        if "text" in message:
            self.received.append((anyio.current_time(), json.loads(message["text"])))
        return message.get("text") or message["bytes"]

    async def close(self) -> None:
        """Close from the client's side, as the server sees a lost connection."""
        if not self._closed:
            self._closed = True
            try:
                self._to_server.send_nowait({"type": "websocket.disconnect", "code": 1005})
            except (anyio.BrokenResourceError, anyio.WouldBlock):
                pass
            self._to_server.close()


def dial_asgi(app: ASGIApp, opened: Callable[[AsgiSocket], None] = lambda socket: None):
    """A `Dial` for the emulator that opens sockets into `app`."""

    @asynccontextmanager
    async def dial(url: str, headers: dict[str, str]) -> AsyncIterator[MediaSocket]:
        socket = AsgiSocket()
        opened(socket)
        path = "/" + url.split("/", 3)[3]
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
            "scheme": "ws",
        }
        await socket._to_server.send({"type": "websocket.connect"})

        async def serve() -> None:
            try:
                await app(scope, socket.from_client.receive, socket.to_client.send)
            except anyio.EndOfStream:
                pass
            finally:
                socket.to_client.close()
                socket.from_client.close()

        ends = socket._to_server, socket.from_client, socket.to_client, socket._from_server
        async with AsyncExitStack() as stack:
            for end in ends:  # however the call ends, even if it never began
                stack.callback(end.close)
            tasks = await stack.enter_async_context(anyio.create_task_group())
            tasks.start_soon(serve)
            assert (await socket._from_server.receive())["type"] == "websocket.accept"
            yield socket
            await socket.close()
            with anyio.move_on_after(30):
                async for _ in socket._from_server:
                    pass

    return dial
