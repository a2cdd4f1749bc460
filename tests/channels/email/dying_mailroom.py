"""A whole mail channel on DBOS; as a module it receives one mail and kills itself at a moment.

Arguments: database URL, the server's id, port of the mail server, the moment.
"""

import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio

from core.clock import utc_now
from core.store.desk import StoredDesk
from core.store.store import Store
from tests.channels.email.mails import OURS, SNOWFLAKE, buyer_mail
from tests.channels.email.rig import SECRET
from tests.core.talk import engine, sample
from tests.fakes.records import records as crm_records
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.channels.email.mailroom import Mailroom, Post
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.email.settings import Account, MailSettings
from voice_agent.channels.email.smtp import Smtp
from voice_agent.channels.email.unasked import Unasked
from voice_agent.channels.writing import Writing
from voice_agent.workflows.durable import Workflows

MAIL = buyer_mail(f"{SNOWFLAKE}\n\nBest,\nDana", message_id="<one@northwind.example>")


@asynccontextmanager
async def channel(
    url: str, server: str, port: int, watch: Callable[[Store, Smtp], None] = lambda *_: None
) -> AsyncIterator[Mailroom]:
    """The channel as a server has it, without the rest of the server."""
    store, company = Store(url, server=server), sample().company
    settings = MailSettings(OURS, SECRET, smtp=Account("127.0.0.1", port, "none"))
    assert settings.smtp is not None
    smtp = Smtp(settings.smtp)
    watch(store, smtp)
    outbox = Outbox(settings, store, smtp, lambda: company, utc_now)
    unasked = Unasked(settings, lambda: company, store.mails, outbox, utc_now)
    workflows = Workflows(store, crm_records(store), company=lambda: company, notify=unasked.tell)
    await workflows.start()
    desk = StoredDesk(store, EmbeddedCalendar(store), lambda: company)
    writing = Writing(engine(), store, desk, workflows, utc_now)
    try:
        async with writing.running():
            post = Post(settings, store, outbox, unasked, utc_now)
            room = post.mailroom(writing, workflows.jobs)
            await workflows.sweep()
            await workflows.jobs.begin()
            async with room.running():
                yield room
    finally:
        await workflows.aclose()
        await store.aclose()


def dying(moment: str) -> Callable[[Store, Smtp], None]:
    """Makes this process die before or after an effect."""

    def around(name: str, do: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def done(*args: Any, **more: Any) -> Any:
            if moment == f"before:{name}":
                os.kill(os.getpid(), signal.SIGKILL)
            result = await do(*args, **more)
            if moment == f"after:{name}":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return done

    def watch(store: Store, smtp: Smtp) -> None:
        for holder, name in (
            (store.mails, "receive"), (store.mails, "settle"), (store.written, "receive"),
            (store.written, "commit"), (store.mails, "change"), (smtp, "send"),
        ):  # fmt: skip
            label = name if holder is not store.written else f"say-{name}"
            setattr(holder, name, around(label, getattr(holder, name)))

    return watch


async def main(url: str, server: str, port: str, moment: str) -> None:
    async with channel(url, server, int(port), dying(moment)) as room:
        await room.inbox.receive(MAIL, "inbound")
        await anyio.sleep(60)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
