"""The mail channel without a server around it: real store, engine and SMTP, jobs run in place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from core.store.desk import StoredDesk
from core.store.store import Store
from knowledge.load import Loaded
from tests.channels.email.mails import OURS
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes.mail_sink import Sink
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.channels.email.mailroom import Mailroom, Post
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.email.settings import Account, MailSettings
from voice_agent.channels.email.smtp import Sender, Smtp
from voice_agent.channels.email.unasked import Unasked
from voice_agent.channels.writing import Writing
from voice_agent.workflows.ports import WORK, Job

SECRET = b"k" * 32
TOKEN = "token"
INBOUND = "in-secret"


@dataclass
class Clock:
    """Stands still unless moved."""

    now: datetime = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class NoWrapUp:
    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None:
        return None


@dataclass
class HandJobs:
    """Jobs that run on demand: `run` runs those due, `timers` are the later ones."""

    clock: Clock
    kinds: dict[str, Job] = field(default_factory=dict)
    asked: dict[tuple[str, str, int], datetime] = field(default_factory=dict)
    done: set[tuple[str, str, int]] = field(default_factory=set)

    def serve(self, kind: str, job: Job, queue: str = WORK) -> None:
        self.kinds[kind] = job

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        due = self.clock() + timedelta(seconds=after_s)
        self.asked.setdefault((kind, key, tries), due)

    async def run(self) -> None:
        """Run everything due now, and what that enqueues."""
        while ready := [
            j for j, due in self.asked.items() if j not in self.done and due <= self.clock()
        ]:
            for kind, key, tries in ready:
                again = await self.kinds[kind](key, tries)
                self.done.add((kind, key, tries))
                if again is not None:
                    await self.ask(kind, key, after_s=again, tries=tries + 1)


@dataclass
class Rig:
    """One mail channel; `room` is its front door."""

    settings: MailSettings
    store: Store
    writing: Writing
    room: Mailroom
    post: Post
    jobs: HandJobs
    clock: Clock
    sink: Sink
    http: httpx.AsyncClient

    async def get(self, raw: bytes, **more: Any) -> str:
        """A mail arrives and is worked on to its end."""
        key = await self.room.inbox.receive(raw, "inbound", **more)
        await self.jobs.run()
        return key

    async def status(self, key: str) -> tuple[str, str]:
        row = await self.store.mails.arrived(key)
        assert row is not None
        return row.status, row.why


def mail_settings(sink: Sink, **changes: Any) -> MailSettings:
    account = Account("127.0.0.1", sink.port, "none")
    made = MailSettings(OURS, SECRET, "https://agent.example", smtp=account, inbound_secret=INBOUND)
    return replace(made, **changes)


@asynccontextmanager
async def rig(
    store: Store, sink: Sink, *, loaded: Loaded | None = None, sender: Sender | None = None,
    **changes: Any,
) -> AsyncIterator[Rig]:  # fmt: skip
    """The channel, running except for its polling: tests say when jobs run."""
    clock, company = Clock(), sample().company
    settings = mail_settings(sink, **changes)
    writing = Writing(
        engine(),
        store,
        StoredDesk(store, EmbeddedCalendar(store), lambda: company),
        NoWrapUp(),
        clock,
    )
    assert settings.smtp is not None
    outbox = Outbox(settings, store, sender or Smtp(settings.smtp), lambda: company, clock)
    post = Post(
        settings,
        store,
        outbox,
        Unasked(settings, lambda: company, store.mails, outbox, clock),
        clock,
    )
    jobs = HandJobs(clock)
    room = post.mailroom(writing, jobs)
    app = Starlette(routes=list(room.routes(TOKEN)))
    transport = httpx.ASGITransport(app=app)
    async with (
        writing.running(),
        httpx.AsyncClient(transport=transport, base_url="http://agent.example") as http,
    ):
        yield Rig(settings, store, writing, room, post, jobs, clock, sink, http)
