"""A webhook receiver that checks every signature, on a real socket that can go away."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Receiver:
    """Keeps what it accepted, in order. `answers`: statuses returned before it accepts again."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.forged = 0
        self.drop_after = 0
        """This many are accepted, and their responses lost."""

    async def hook(self, request: Request) -> Response:
        body = await request.body()
        got = request.headers
        words = f"{got['webhook-id']}.{got['webhook-timestamp']}.".encode() + body
        proof = base64.b64encode(hmac.digest(self._key, words, "sha256")).decode()
        if f"v1,{proof}" not in got["webhook-signature"].split():
            self.forged += 1
            return Response(status_code=401)
        if self.answers:
            status, headers = self.answers.pop(0)
            return Response(status_code=status, headers=headers)
        self.taken.append((got["webhook-id"], json.loads(body)))
        if self.drop_after:
            self.drop_after -= 1
            return Response(status_code=502)
        return Response(status_code=204)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/hook", self.hook, methods=["POST", "HEAD"])])


@asynccontextmanager
async def listening(receiver: Receiver, port: int) -> AsyncIterator[None]:
    """The receiver on a loopback port, for the duration of the block."""
    config = uvicorn.Config(
        receiver.app(), host="127.0.0.1", port=port, log_level="critical", lifespan="off",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server._serve)
        with anyio.fail_after(10):
            while not server.started:
                await anyio.sleep(0.01)
        yield
        server.should_exit = True
