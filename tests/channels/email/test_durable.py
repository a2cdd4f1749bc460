"""Killed at any moment, a mail is answered once, as far as SMTP permits."""

from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from tests.channels.email.dying_mailroom import MAIL, channel
from tests.channels.email.mails import COST, buyer_mail, words
from tests.fakes import stores
from tests.fakes.mail_sink import Sink
from tests.nursery import ended

pytestmark = [pytest.mark.real_clock, pytest.mark.slow]
MOMENTS = {"after:receive": 1, "after:settle": 1, "after:send": 2}
"""Where the server dies, and how often the buyer's mail system is handed the reply."""


async def killed(url: str, port: int, moment: str) -> int:
    command = ("tests.channels.email.dying_mailroom", url, "dead", str(port), moment)
    return await to_thread.run_sync(ended, *command)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_server_killed_at_any_moment_leaves_no_mail_unanswered(
    tmp_path: Path, mail_server: Sink, moment: str
):
    url = stores.sqlite(tmp_path / "mail.db")
    with anyio.fail_after(120):
        assert await killed(url, mail_server.port, moment) == -9
    async with channel(url, "next", mail_server.port) as room:
        with anyio.fail_after(60):
            while not (sent := await room.store.mails.outbox("sent")):
                await anyio.sleep(0.1)
        await room.inbox.receive(MAIL, "imap")
        await anyio.sleep(1.0)
    copies = [one.original_content for one in mail_server.envelopes]
    assert len(copies) == MOMENTS[moment] and len(set(copies)) == 1
    assert len(sent) == 1 and "natively to Snowflake" in words(mail_server.mails[0])


async def test_a_conversation_by_mail_on_durable_jobs(tmp_path: Path, mail_server: Sink):
    async with channel(stores.sqlite(tmp_path / "mail.db"), "one", mail_server.port) as room:
        await room.inbox.receive(MAIL, "inbound")
        first = await mail_server.wait(1)
        await room.inbox.receive(buyer_mail(COST, answers=first), "inbound")
        assert "$1,200" in words(await mail_server.wait(2))
