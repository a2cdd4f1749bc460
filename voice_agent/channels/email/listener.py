"""Receives mail by SMTP, for a company whose mail server forwards to this one (aiosmtpd).

A mail is accepted only once it is stored; until then the other side keeps it. Mail for any address
but ours is refused, so nothing can be relayed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from core.errors import StoreFailed
from voice_agent.channels.email.robots import base
from voice_agent.errors import ConfigError

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

log = logging.getLogger(__name__)
MOST_CONNECTIONS = 50
IDLE_S = 60.0

Receive = Callable[[bytes, str], Awaitable[object]]
"""Stores a mail, given its bytes and the envelope sender. Raises: StoreFailed."""


class _Handler:
    """aiosmtpd's hooks, named by it."""

    def __init__(self, ours: str, receive: Receive) -> None:
        self._ours, self._receive = ours, receive

    async def handle_RCPT(  # noqa: N802
        self, server: "SMTP", session: "Session", envelope: "Envelope", address: str, options: Any
    ) -> str:
        if base(address.strip().lower()) != self._ours:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: "SMTP", session: "Session", envelope: "Envelope"
    ) -> str:
        raw = envelope.original_content or b""
        named = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos[:20])
        try:
            sender = (envelope.mail_from or "").strip("<>")
            await self._receive(named.encode("ascii", "replace") + raw, sender)
        except StoreFailed as error:
            log.warning("a mail could not be stored and stays where it is: %s", error)
            return "451 4.3.0 cannot store mail now, try again later"
        return "250 2.0.0 stored"


@asynccontextmanager
async def listening(
    host: str, port: int, ours: str, receive: Receive, largest: int
) -> AsyncIterator[int]:
    """Listen while entered; yields the port. Raises: ConfigError."""
    from aiosmtpd.smtp import SMTP

    handler, open_ones = _Handler(ours, receive), set[SMTP]()

    class Door(SMTP):
        """One connection, of a limited number."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            if len(open_ones) >= MOST_CONNECTIONS:
                transport.close()
                return
            open_ones.add(self)
            super().connection_made(transport)

        def connection_lost(self, error: Exception | None) -> None:
            if self in open_ones:
                open_ones.discard(self)
                super().connection_lost(error)

    def door() -> SMTP:
        return Door(handler, data_size_limit=largest, timeout=IDLE_S, ident="voice-agent")

    try:
        server = await asyncio.get_running_loop().create_server(door, host, port)
    except OSError as error:
        raise ConfigError(
            f"cannot listen for mail on {host}:{port} ({error.strerror}); set"
            " VOICE_AGENT_EMAIL_LISTEN"
        ) from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for one in list(open_ones):
            if one.transport is not None:
                one.transport.close()
