"""A minimal WebSocket client for load: text frames both ways, nothing copied twice.

The mask is all zeros: the protocol allows it, and a frame can be sent as it was built.
"""

import asyncio
import struct
from base64 import b64encode
from typing import cast

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_MASK = b"\0\0\0\0"


def handshake(host: str, path: str) -> bytes:
    """The opening request."""
    key = b64encode(b"a bench's peer!!").decode("ascii")
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode("ascii")


def text_frame(body: bytes, opcode: int = TEXT) -> bytes:
    """One whole client frame."""
    size = len(body)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + _MASK + body


class Peer(asyncio.Protocol):
    """A client connection: `opened` after the handshake, `received` for each text message."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.closed = False
        self._open = False
        self._buffer = bytearray()

    def opened(self) -> None:
        """The server has accepted."""

    def received(self, text: bytes) -> None:
        """One whole message."""

    def send_text(self, body: bytes) -> None:
        """Send a message, if the connection is still open."""
        if not self.closed:
            self.transport.write(text_frame(body))

    def close(self) -> None:
        """Close from our side."""
        if not self.closed:
            self.transport.write(text_frame(struct.pack("!H", 1000), CLOSE))
            self.transport.close()
            self.closed = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._buffer.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(bytes(self._buffer[:200]))
            del self._buffer[: end + 4]
            self._open = True
            self.opened()
        while (size := self._frame_size()) is not None:
            head, whole = size
            opcode, body = self._buffer[0] & 0x0F, bytes(self._buffer[head:whole])
            del self._buffer[:whole]
            self._take(opcode, body)

    def _frame_size(self) -> tuple[int, int] | None:
        """Length of the header and of the whole first frame; None until all of it is there."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        head, size = 2, buffer[1] & 0x7F
        if size == 126:
            head, size = 4, int.from_bytes(buffer[2:4], "big")
        elif size == 127:
            head, size = 10, int.from_bytes(buffer[2:10], "big")
        return (head, head + size) if len(buffer) >= head + size else None

    def _take(self, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            self.received(body)
        elif opcode == PING:
            self.transport.write(text_frame(body, PONG))
        elif opcode == CLOSE:
            self.close()
