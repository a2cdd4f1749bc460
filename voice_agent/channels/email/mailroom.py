"""`Mailroom`: the mail channel with its routes, built and kept running for `app`."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import anyio
from starlette.routing import Route

from core.clock import Clock
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.channels.email import listener
from voice_agent.channels.email.answering import Answering
from voice_agent.channels.email.drafts import Drafts
from voice_agent.channels.email.follow_ups import FOLLOW, FollowUpTimers
from voice_agent.channels.email.imap import Mailbox
from voice_agent.channels.email.inbox import MAX_BYTES, READ, SEND, Inbox
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.email.routes import MailRoutes
from voice_agent.channels.email.settings import Configured, MailSettings, mail_settings
from voice_agent.channels.email.smtp import Smtp
from voice_agent.channels.email.unasked import Unasked
from voice_agent.channels.writing import Writing
from voice_agent.rounds import regularly
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
LOOK_S = 2.0
"""Interval between looks for letters queued by other channels, and for unread mail."""
LEFT = timedelta(seconds=20)
"""An unsettled mail this old was stored by a server that died before enqueueing its job."""


@dataclass(frozen=True, slots=True)
class Mailroom:
    """The mail channel. Enter `running` before any mail is worked on."""

    settings: MailSettings
    store: Store
    inbox: Inbox
    outbox: Outbox
    follow_ups: FollowUpTimers
    jobs: DurableJobs
    clock: Clock
    asked: set[tuple[str, str]] = field(default_factory=set)
    """What was waiting at the last look; its jobs are enqueued."""

    def routes(self, api_token: str) -> Sequence[Route]:
        """The channel's routes; an empty token lets nobody approve drafts."""
        return MailRoutes(
            self.settings, self.store.mails, self.inbox, self.drafts, api_token
        ).routes()

    @property
    def drafts(self) -> Drafts:
        """What people decide about mails that wait for them."""
        return Drafts(self.store.mails, self.outbox, self.follow_ups, self.jobs)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read the mailbox, listen, and take up what was left. Raises: ConfigError."""
        settings = self.settings
        async with AsyncExitStack() as stack:
            if settings.listen is not None:
                port = await stack.enter_async_context(
                    listener.listening(*settings.listen, settings.address, self._by_smtp, MAX_BYTES)
                )
                log.info("mail is taken by SMTP on %s:%d", settings.listen[0], port)
            tasks = await stack.enter_async_context(anyio.create_task_group())
            stack.callback(tasks.cancel_scope.cancel)
            tasks.start_soon(self._look)
            if settings.imap is not None:
                box = Mailbox(settings.imap, self.store.mails, self._by_imap, self.clock, MAX_BYTES)
                tasks.start_soon(box.watch)
            yield

    async def _by_smtp(self, raw: bytes, returned_to: str) -> object:
        return await self.inbox.receive(raw, "smtp", returned_to)

    async def _by_imap(self, raw: bytes) -> object:
        return await self.inbox.receive(raw, "imap")

    async def _look(self) -> None:
        await regularly("looking after mail", self.tend, LOOK_S)

    async def tend(self) -> None:
        """Enqueue jobs for mails that wait for one; idempotent."""
        mails = self.store.mails
        waiting = {(READ, key) for key in await mails.waiting(self.clock() - LEFT)}
        waiting |= {(SEND, row.id) for row in await mails.outbox("queued")}
        for kind, key in sorted(waiting - self.asked):
            await self.jobs.ask(kind, key)
        self.asked.clear()
        self.asked.update(waiting)


@dataclass(frozen=True, slots=True)
class Post:
    """The part of the channel that needs no conversation: the outbox, and unsolicited letters."""

    settings: MailSettings
    store: Store
    outbox: Outbox
    unasked: Unasked
    clock: Clock

    def mailroom(self, writing: Writing, jobs: DurableJobs) -> Mailroom:
        """The whole channel; its jobs are served from now on."""
        settings, store, outbox, clock = self.settings, self.store, self.outbox, self.clock
        answering = Answering(settings, store, writing, outbox)
        timers = FollowUpTimers(settings, store, writing, outbox, jobs, clock)
        inbox = Inbox(settings, store, answering, outbox, jobs, timers, clock)
        jobs.serve(READ, inbox.work)
        jobs.serve(SEND, outbox.send)
        jobs.serve(FOLLOW, timers.work)
        return Mailroom(settings, store, inbox, outbox, timers, jobs, clock)


def mail_post(
    settings: Configured,
    secret: bytes,
    store: Store,
    company: Callable[[], Company],
    clock: Clock,
    by_itself: Callable[[str], bool] = lambda address: True,
) -> Post | None:
    """The channel's outbox; None when no address is set. Raises: ConfigError."""
    mail = mail_settings(settings, secret)
    if mail is None:
        return None
    sender = Smtp(mail.smtp) if mail.smtp else None
    outbox = Outbox(mail, store, sender, company, clock, by_itself)
    return Post(mail, store, outbox, Unasked(mail, company, store.mails, outbox, clock), clock)
