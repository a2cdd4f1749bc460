"""The emulator's media socket and clock; tests can replace both."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import anyio

from voice_agent.emulator.twiml import is_loopback
from voice_agent.errors import ServiceError

OPEN_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0


class SocketRefused(ServiceError):
    """The handshake failed; Twilio reports 31920 and continues with the next verb."""

    code = "socket-refused"


class SocketClosed(ServiceError):
    """The server closed the socket; `status` is the WebSocket close code."""

    code = "socket-closed"

    def __init__(self, status: int) -> None:
        super().__init__(f"closed with {status}")
        self.status = status


class MediaSocket(Protocol):
    """One open socket."""

    async def send(self, text: str) -> None:
        """Send a message. Raises: SocketClosed."""

    async def receive(self) -> str | bytes:
        """The next message. Raises: SocketClosed."""

    async def close(self) -> None:
        """Close from our side. Idempotent."""


Dial = Callable[[str, dict[str, str]], AbstractAsyncContextManager[MediaSocket]]
"""Opens a socket for a URL with headers. Raises: SocketRefused."""


class Clock(Protocol):
    """Monotonic seconds, and waiting until an instant."""

    def now(self) -> float:
        """Seconds since any origin."""

    async def sleep_until(self, at: float) -> None:
        """Return once `now` reaches the instant."""


class LoopClock:
    """The event loop's own clock: real, or virtual if the loop is."""

    def now(self) -> float:
        return anyio.current_time()

    async def sleep_until(self, at: float) -> None:
        await anyio.sleep_until(at)


class _WebSocket:
    def __init__(self, connection: object) -> None:
        from websockets.asyncio.client import ClientConnection

        assert isinstance(connection, ClientConnection)
        self._connection = connection

    async def send(self, text: str) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            await self._connection.send(text)
        except ConnectionClosed as closed:
            raise SocketClosed(closed.rcvd.code if closed.rcvd else 1006) from closed

    async def receive(self) -> str | bytes:
        from websockets.exceptions import ConnectionClosed

        try:
            return await self._connection.recv()
        except ConnectionClosed as closed:
            raise SocketClosed(closed.rcvd.code if closed.rcvd else 1006) from closed

    async def close(self) -> None:
        await self._connection.close()


@asynccontextmanager
async def dial_websocket(url: str, headers: dict[str, str]) -> AsyncIterator[MediaSocket]:
    """A real WebSocket, without compression, like Twilio's. Raises: SocketRefused."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    try:
        connection = await connect(
            url,
            additional_headers=headers,
            user_agent_header="Twilio.TmeWs/1.0",
            compression=None,
            proxy=None if is_loopback(url) else True,
            open_timeout=OPEN_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            ping_interval=None,
            max_queue=1024,
        )
    except (OSError, TimeoutError, WebSocketException) as error:
        raise SocketRefused(f"{url}: {error}") from error
    try:
        yield _WebSocket(connection)
    finally:
        with anyio.CancelScope(shield=True):
            await connection.close()
