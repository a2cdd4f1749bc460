"""uvicorn's WebSocket with a fast path for what calls consist of: many whole text messages.

uvicorn pauses and resumes reading around every message and passes each frame through a generator;
for a hundred calls that alone takes a third of a core. Here a whole, unfragmented text frame is cut
out of the bytes and queued, its reader is woken for as many of Twilio's frames at once as it wants,
and what is sent within one turn of the event loop leaves in one write. Everything else (handshake,
control frames, fragments, oversized frames, protocol violations) is left to uvicorn, so that the
protocol's rules stay in one place.

While a stream flows, the kernel waits for that many frames too (SO_RCVLOWAT) before it wakes the
loop. `look_after` finds the streams that flow, and those that have stopped, whose remaining bytes
are read at once.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Set
from typing import Any

import anyio
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

try:
    from websockets.speedups import apply_mask
except ImportError:  # built without a C compiler
    from websockets.utils import apply_mask

WHOLE_TEXT, CONTROL, MASKED = 0x81, 0x08, 0x80
MEDIUM, LARGE = 126, 127
"""Sizes below the first are in the second byte; these mean that two or eight bytes follow."""
NOT_ALL, STRANGE = -1, -2
FRAME, SHORT = '{"event":"media"', 450
"""How Twilio's media messages begin, and a bound on the length of a 20 ms one, in characters."""
AT_ONCE = "voice_agent.frames_at_once"
"""The scope extension whose function sets how many such frames to wake for."""
LOOK_S = 0.15
"""Longer than the wait for frames; a peer that stops is read after once or twice this."""
MOST_QUEUED = 100
"""Messages (two seconds of frames) after which a peer has to wait until they are read."""


def _is_short_frame(text: str) -> bool:
    return len(text) < SHORT and text.startswith(FRAME)


class Mailbox(asyncio.Queue[Any]):
    """The queue of one reader, who takes messages in order: no locks, one future while it waits."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: deque[Any] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self.at_once = 1
        """How many of Twilio's frames wake the reader; anything else does at once."""

    def __len__(self) -> int:
        return len(self._messages)

    def empty(self) -> bool:
        """Whether all messages were taken."""
        return not self._messages

    def put_nowait(self, item: Any) -> None:
        """Add a message."""
        self._messages.append(item)
        if len(self._messages) < self.at_once and _is_short_frame(item.get("text") or ""):
            return
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def get(self) -> Any:
        """The oldest message; waits for one."""
        while not self._messages:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._messages.popleft()


class MediaWebSocket(WebSocketsSansIOProtocol):
    """The `ws` of a uvicorn configuration."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.queue = self._mailbox = Mailbox()
        self._application, self.app = self.app, self._run
        self._requested = False
        self._ours = True
        """Whether uvicorn's parser is between two frames, so that we may cut them."""
        self._rest = b""
        """The beginning of an incomplete frame."""
        self._unsent: list[bytes] = []
        self._received = 0
        """Bytes since the last look."""
        self._frame_size = 0
        """Size of Twilio's frames, in bytes."""
        self._kernel_waits_for = 1

    def data_received(self, data: bytes) -> None:
        """Queue whole text messages; pass everything else to uvicorn."""
        self._received += len(data)
        if not self.handshake_complete:
            self._ours = not self._requested  # uvicorn reads what comes before our response
            self._requested = True
            return super().data_received(data)
        if not self._ours:
            return super().data_received(data)
        data, self._rest = self._rest + data if self._rest else data, b""
        at = 0
        while at < len(data):
            end = frame_end(data, at)
            if end == NOT_ALL:
                self._rest = data[at:]
                break
            if end == STRANGE or end - at > self.config.ws_max_size or self.transport.is_closing():
                self._ours = False
                return super().data_received(data[at:])
            if data[at] != WHOLE_TEXT or not self._queued(data, at, end):
                super().data_received(data[at:end])
            at = end
        full = len(self._mailbox) > MOST_QUEUED
        if full and not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def _queued(self, data: bytes, at: int, end: int) -> bool:
        """Take one text frame; False when it is not UTF-8, which uvicorn knows how to refuse."""
        head = at + (6 if data[at + 1] & 0x7F < MEDIUM else 8)
        try:
            text = apply_mask(data[head:end], data[head - 4 : head]).decode()
        except UnicodeDecodeError:
            return False
        if self._frame_size < end - at < SHORT:
            self._frame_size = end - at
        if not self.close_sent:
            self._mailbox.put_nowait({"type": "websocket.receive", "text": text})
        return True

    def look(self) -> None:
        """Make the kernel batch frames for a stream that flows, and deliver at once for one that
        has stopped: its last message may be shorter."""
        flows, self._received = self._received > 0, 0
        self._wait_for(1 + (self._mailbox.at_once - 1) * self._frame_size if flows else 1)

    def _wake_for(self, frames: int) -> None:
        """Wake the reader for this many frames at once."""
        self._mailbox.at_once = frames
        if self._kernel_waits_for > 1:
            self._wait_for(1 + (frames - 1) * self._frame_size)

    def _wait_for(self, size: int) -> None:
        if size != self._kernel_waits_for and not self.transport.is_closing():
            self._kernel_waits_for = size
            own = self.transport.get_extra_info("socket")
            if own is not None:
                own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)

    async def send(self, message: Any) -> None:
        """Send one ASGI message; text leaves together with everything sent at this instant."""
        text = message.get("text") if message["type"] == "websocket.send" else None
        free = self.handshake_complete and not self.close_sent and self.writable.is_set()
        if text is None or not free or self.disconnected or self.conn.extensions:
            self._flush()
            return await super().send(message)
        if not self._unsent:
            self.loop.call_soon(self._flush)
        body = text.encode()
        self._unsent.append(text_head(len(body)) + body)

    async def _run(self, scope: Any, *asgi: Any) -> None:
        """Run the application; write its last messages before uvicorn closes the connection."""
        scope["extensions"][AT_ONCE] = self._wake_for
        try:
            await self._application(scope, *asgi)
        finally:
            self._flush()

    def shutdown(self) -> None:
        """The server is stopping: send the close after what was sent before."""
        self._flush()
        super().shutdown()

    def _flush(self) -> None:
        if self._unsent and not self.transport.is_closing():
            self.transport.write(b"".join(self._unsent))
        self._unsent.clear()


async def look_after(connections: Set[Any], over: anyio.Event) -> None:
    """Look at a server's media sockets now and then, until it is over."""
    while not over.is_set():
        for connection in connections:
            if isinstance(connection, MediaWebSocket):
                connection.look()
        with anyio.move_on_after(LOOK_S):
            await over.wait()


def wake_for(scope: Any) -> Callable[[int], None]:
    """The function that sets how many frames to wake for; without batching, it does nothing."""
    told: Callable[[int], None] = scope.get("extensions", {}).get(AT_ONCE, lambda frames: None)
    return told


def frame_end(data: bytes, at: int) -> int:
    """Index after the client's frame at `at`; NOT_ALL if incomplete, STRANGE if not for us.

    For us are whole text frames and control frames, masked, with at most two bytes of size.
    """
    have = len(data) - at
    if data[at] != WHOLE_TEXT and not data[at] & CONTROL:
        return STRANGE
    if have < 2:
        return NOT_ALL
    size = data[at + 1] - MASKED
    if size < 0 or size > MEDIUM:
        return STRANGE
    if size == MEDIUM:
        if have < 4:
            return NOT_ALL
        size = 2 + (data[at + 2] << 8 | data[at + 3])
    return at + 6 + size if have >= 6 + size else NOT_ALL


def text_head(size: int) -> bytes:
    """The header of a server's whole text frame."""
    if size < MEDIUM:
        return bytes((WHOLE_TEXT, size))
    if size < 1 << 16:
        return bytes((WHOLE_TEXT, MEDIUM)) + size.to_bytes(2)
    return bytes((WHOLE_TEXT, LARGE)) + size.to_bytes(8)
