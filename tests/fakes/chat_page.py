"""A web page with the chat, as the server sees it: requests and a socket into the app."""

import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import anyio
import httpx
from starlette.types import ASGIApp


class Closed(Exception):
    """The server closed the socket, or refused it with 403; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Page:
    """A socket into `/chat/ws`. The server's messages are kept in `received`."""

    def __init__(self) -> None:
        self.to_server, self.from_page = anyio.create_memory_object_stream[dict](1000)
        self.to_page, self.from_server = anyio.create_memory_object_stream[dict](1000)
        self.received: list[dict[str, Any]] = []

    async def sends(self, kind: str, **fields: Any) -> None:
        await self.sends_raw(json.dumps({"type": kind, **fields}))

    async def sends_raw(self, text: str) -> None:
        with suppress(anyio.BrokenResourceError):  # it has closed; `next` raises with the code
            await self.to_server.send({"type": "websocket.receive", "text": text})

    async def writes(self, about: str, text: str) -> None:
        await self.sends("message", id=about, text=text)

    async def takes(self, message: MutableMapping[str, Any]) -> None:
        """Take the server's message like uvicorn: raises when the page is gone."""
        try:
            await self.to_page.send(dict(message))
        except anyio.BrokenResourceError:
            raise OSError("the page is gone") from None

    async def next(self) -> dict[str, Any]:
        """The next message. Raises: Closed."""
        with anyio.fail_after(20):
            try:
                message = await self.from_server.receive()
            except anyio.EndOfStream:
                raise Closed(1006) from None
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        told = json.loads(message["text"])
        self.received.append(told)
        return told

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next message of a kind with these fields; earlier ones are in `received`."""
        while True:
            told = await self.next()
            if told["type"] == kind and all(told.get(k) == v for k, v in fields.items()):
                return told

    async def until_answered(self, turn: int) -> list[dict[str, Any]]:
        """The lines of our answer to a turn, once no more are being written."""
        while True:
            await self.until("typing", on=False)
            if ours := [line for line in self.lines if line["turn"] == turn and not _mine(line)]:
                return ours

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [told for told in self.received if told["type"] == "line"]


def _mine(line: dict[str, Any]) -> bool:
    return line["speaker"] == "caller"


@asynccontextmanager
async def connected(
    app: ASGIApp, origin: str | None = "http://testserver", address: str = "127.0.0.1"
) -> AsyncIterator[Page]:
    """A page with an open socket; leaving loses the connection. Raises: Closed."""
    page = Page()
    headers = [(b"host", b"testserver")] + ([(b"origin", origin.encode())] if origin else [])
    scope = {
        "type": "websocket", "path": "/chat/ws", "raw_path": b"/chat/ws", "query_string": b"",
        "headers": headers, "subprotocols": [], "client": (address, 1),
        "server": ("testserver", 80), "scheme": "ws",
    }  # fmt: skip
    ends = page.to_server, page.from_page, page.to_page, page.from_server
    async with AsyncExitStack() as stack:
        for end in ends:
            stack.callback(end.close)
        await page.to_server.send({"type": "websocket.connect"})
        tasks = await stack.enter_async_context(anyio.create_task_group())

        async def serve() -> None:
            try:
                await app(scope, page.from_page.receive, page.takes)
            except (anyio.EndOfStream, anyio.ClosedResourceError):
                pass
            finally:
                page.from_page.close()
                page.to_page.close()

        tasks.start_soon(serve)
        first = await page.from_server.receive()
        refused = first["type"] == "websocket.close"
        if not refused:
            try:
                yield page
            finally:
                with suppress(anyio.BrokenResourceError):
                    await page.to_server.send({"type": "websocket.disconnect", "code": 1006})
                page.to_server.close()
    if refused:
        raise Closed(first.get("code", 1000))


async def session(
    app: ASGIApp,
    origin: str | None = "http://testserver",
    address: str = "127.0.0.1",
    **asked: Any,
) -> httpx.Response:
    """The response of `POST /chat/sessions`."""
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        headers = {"origin": origin} if origin else {}
        return await client.post("/chat/sessions", json=asked, headers=headers)
