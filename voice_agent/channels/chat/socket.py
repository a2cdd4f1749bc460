"""`WS /chat/ws`: one socket, from its handshake to its end."""

from collections.abc import Callable

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from voice_agent.channels.chat import protocol
from voice_agent.channels.chat.doors import Doors
from voice_agent.channels.chat.services import ChatServices
from voice_agent.channels.chat.sessions import Session, session_of
from voice_agent.channels.chat.visit import POLICY, TRY_LATER, Gone, Visit
from voice_agent.sockets import close, received

HELLO_WITHIN_S = 10.0
SEND_WITHIN_S = 20.0
"""A page that accepts nothing for this long is dropped; it reads what it missed on return."""
NO_SESSION = 4401
"""Close code: unknown session, request another."""


class ChatSocket:
    """The endpoint of all chat sockets."""

    def __init__(self, services: ChatServices, doors: Doors) -> None:
        self._services = services
        self._doors = doors

    async def endpoint(self, socket: WebSocket) -> None:
        """Serve one socket until either side ends it."""
        if not self._doors.welcome(socket):
            await socket.close(POLICY)  # before accepting it: the handshake gets 403
            return
        await socket.accept()
        if self._doors.socket_wait(socket):
            await close(socket, TRY_LATER)
            return
        metrics = self._services.metrics
        metrics.opened(1)
        try:
            await close(socket, await self._served(socket))
        except (WebSocketDisconnect, Gone):
            pass
        finally:
            metrics.opened(-1)

    async def _served(self, socket: WebSocket) -> int:
        """Serve it; returns the close code."""
        hello = None
        with anyio.move_on_after(HELLO_WITHIN_S):
            hello = await _hello(socket)
        if hello is None:
            self._refused("no_hello")
            return POLICY
        session = self._session(hello.token)
        if session is None:
            self._refused("token")
            return NO_SESSION
        pipe = _Pipe(socket, self._refused)
        visit = Visit(
            self._services, self._doors, socket, session, pipe, hello.after, hello.invited
        )
        return await visit.run()

    def _session(self, token: str) -> Session | None:
        return session_of(self._services.key, token, self._services.clock())

    def _refused(self, why: str) -> None:
        self._services.metrics.refused.labels(why).inc()


class _Pipe:
    """A socket's messages in and out; raises when the page has stopped listening."""

    def __init__(self, socket: WebSocket, refused: Callable[[str], None]) -> None:
        self._socket = socket
        self._refused = refused

    async def send(self, message: str) -> None:
        try:
            with anyio.fail_after(SEND_WITHIN_S):
                await self._socket.send_text(message)
        except TimeoutError:
            self._refused("slow")
            raise Gone from None
        except (WebSocketDisconnect, RuntimeError):
            raise Gone from None

    async def receive(self) -> str | bytes:
        return await received(self._socket)


async def _hello(socket: WebSocket) -> protocol.Hello | None:
    try:
        first = protocol.parse(await received(socket))
    except protocol.Malformed:
        return None
    return first if isinstance(first, protocol.Hello) else None
