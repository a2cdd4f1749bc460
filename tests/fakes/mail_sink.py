"""A mail server that keeps what it receives (aiosmtpd, a real wire)."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

import anyio
from aiosmtpd.smtp import SMTP, Envelope


@dataclass
class Sink:
    """`answers`: its responses to the next mails' DATA, in order; then 250."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    put_off: set[str] = field(default_factory=set)
    """Addresses it takes nothing for now."""
    shut: str = ""
    """The command at which it refuses us, whatever the mail: EHLO or MAIL."""

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["550 5.7.1 not from here"] if self.shut == "EHLO" else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.shut == "MAIL":
            return "550 5.7.1 this account is suspended"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        if address in self.put_off:
            return "451 4.7.1 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answers and not (answer := self.answers.pop(0)).startswith("2"):
            return answer
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        """The received mails, parsed."""
        return [mail(one.original_content or b"") for one in self.envelopes]

    async def wait(self, count: int, within_s: float = 30.0) -> EmailMessage:
        """Wait for the n-th mail."""
        with anyio.fail_after(within_s):
            while len(self.envelopes) < count:  # noqa: ASYNC110 - the wire tells nobody
                await anyio.sleep(0.02)
        return self.mails[count - 1]


def mail(raw: bytes) -> EmailMessage:
    made = email.message_from_bytes(raw, policy=default)
    assert isinstance(made, EmailMessage)
    return made


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    kept = Sink()
    loop = asyncio.get_running_loop()
    connections: list[SMTP] = []

    def door() -> SMTP:
        connections.append(SMTP(kept, timeout=30))
        return connections[-1]

    server = await loop.create_server(door, "127.0.0.1", 0)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        for one in connections:
            if one.transport is not None:
                one.transport.close()
        await asyncio.sleep(0.05)
