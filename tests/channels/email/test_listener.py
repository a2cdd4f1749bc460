"""Mail by SMTP: stored before it is accepted, and only for our address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosmtplib
import anyio
import pytest

from core.errors import StoreFailed
from tests.channels.email.mails import OURS, buyer_mail
from voice_agent.channels.email import listener
from voice_agent.channels.email.listener import listening
from voice_agent.channels.email.message import read
from voice_agent.errors import ConfigError

pytestmark = pytest.mark.real_clock
LARGEST = 10_000


class Stored:
    def __init__(self) -> None:
        self.mails: list[tuple[bytes, str]] = []
        self.down = False

    async def __call__(self, raw: bytes, returned_to: str) -> None:
        if self.down:
            raise StoreFailed("away")
        self.mails.append((raw, returned_to))


@asynccontextmanager
async def door(stored: Stored) -> AsyncIterator[int]:
    async with listening("127.0.0.1", 0, OURS, stored, LARGEST) as port:
        yield port
    await anyio.sleep(0.05)


async def post(
    port: int, raw: bytes, to: str = OURS, sender: str = "dana@northwind.example"
) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        await client.sendmail(sender, [to], raw)


async def test_a_mail_is_stored_with_its_envelope():
    stored = Stored()
    async with door(stored) as port:
        await post(port, buyer_mail("Hello"), to="sales+abc@tideline.example")
        await post(port, buyer_mail("Hello"), sender="")
    (raw, sender), (_, null) = stored.mails
    assert (sender, null) == ("dana@northwind.example", "")
    assert "sales+abc@tideline.example" in read(raw).recipients
    assert read(raw).written.text == "Hello"


async def test_mail_for_anybody_else_is_not_relayed():
    stored = Stored()
    async with door(stored) as port:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await post(port, buyer_mail("Hello"), to="boss@elsewhere.example")
    assert not stored.mails


async def test_a_mail_that_cannot_be_stored_stays_with_the_sender():
    stored = Stored()
    stored.down = True
    async with door(stored) as port:
        with pytest.raises(aiosmtplib.SMTPDataError) as error:
            await post(port, buyer_mail("Hello"))
    assert error.value.code == 451


async def test_a_huge_mail_is_refused():
    stored = Stored()
    async with door(stored) as port:
        with pytest.raises(aiosmtplib.SMTPResponseException) as error:
            await post(port, buyer_mail("x\n" * LARGEST))
    assert error.value.code == 552 and not stored.mails


async def test_nonsense_on_the_wire_ends_that_connection_alone():
    stored = Stored()
    async with door(stored) as port:
        for noise in (b"\x00" * 100, b"GET / HTTP/1.1\r\n\r\n", b"a" * 100_000, b"DATA\r\n.\r\n"):
            stream = await anyio.connect_tcp("127.0.0.1", port)
            await stream.send(noise)
            await stream.aclose()
        await post(port, buyer_mail("Hello"))
    assert len(stored.mails) == 1


async def test_connections_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 3)
    async with door(Stored()) as port:
        streams = [await anyio.connect_tcp("127.0.0.1", port) for _ in range(3)]
        for stream in streams:
            assert (await stream.receive()).startswith(b"220")
        one_more = await anyio.connect_tcp("127.0.0.1", port)
        with pytest.raises(anyio.EndOfStream):
            await one_more.receive()
        for stream in (*streams, one_more):
            await stream.aclose()


async def test_a_port_in_use_names_the_setting():
    async with door(Stored()) as port:
        with pytest.raises(ConfigError, match="VOICE_AGENT_EMAIL_LISTEN"):
            async with listening("127.0.0.1", port, OURS, Stored(), LARGEST):
                pass
