"""`Inbox`: every mail is stored first, then judged, then answered or recorded.

All entry points lead to `receive`. Once it has returned, the mail is in the database and is worked
on, by this server or the next, until it is settled.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol

from anyio import to_thread

from core.clock import Clock
from core.errors import StoreFailed
from core.events import ConsentRecorded, Flagged
from core.facts.standing import barred
from core.store.mail_tables import MailInRow
from core.store.store import Store
from voice_agent.channels.email import thread
from voice_agent.channels.email.answering import Answering, Replied
from voice_agent.channels.email.message import Mail, Party, key_of, read
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.email.robots import Judged, base, judged
from voice_agent.channels.email.scrub import scrubbed
from voice_agent.channels.email.settings import MailSettings
from voice_agent.channels.email.trust import verified
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
Source = Literal["inbound", "imap", "smtp"]

MAX_BYTES = 20 * 1024 * 1024
READ, SEND = "mail-read", "mail-send"
"""Job kinds."""
HOUR = timedelta(hours=1)


class FollowUps(Protocol):
    """Reminders when no answer comes."""

    async def plan(self, mail_id: str) -> None:
        """Set the timers that start with a reply of ours. Raises: StoreFailed."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """Receives mails and works on them."""

    settings: MailSettings
    store: Store
    answering: Answering
    outbox: Outbox
    jobs: DurableJobs
    follow_ups: FollowUps
    clock: Clock

    async def receive(self, raw: bytes, source: Source, returned_to: str | None = None) -> str:
        """Store a mail and enqueue its job; returns its key. Raises: StoreFailed."""
        raw = raw[:MAX_BYTES]  # longer mails were refused on receipt
        if returned_to is not None:
            returned_to = "".join(c for c in returned_to if c.isprintable())[:320]
        key = await to_thread.run_sync(key_of, raw)
        raw = await to_thread.run_sync(scrubbed, raw)
        new = await self.store.mails.receive(
            MailInRow(
                key=key, raw=raw, source=source, returned_to=returned_to, received_at=self.clock()
            )
        )
        if new:
            try:
                await self.jobs.ask(READ, key)
            except StoreFailed as error:  # it is stored; the next look enqueues it
                log.warning("a mail waits to be read: %s", error)
        return key

    async def work(self, key: str, tries: int) -> float | None:
        """Read and settle a stored mail; a job. Raises: StoreFailed."""
        row = await self.store.mails.arrived(key)
        if row is None or row.status != "received":
            return None
        try:
            mail = await to_thread.run_sync(read, row.raw)
            await self._settle(row, mail)
        except Exception as error:  # a bug must not lose the mail: a person looks at it
            if isinstance(error, StoreFailed) and error.retryable:
                raise
            log.exception("a mail could not be worked on", extra={"mail": key})
            await self._close(row, "held", f"failed: {type(error).__name__}", {})
        return None

    async def _settle(self, row: MailInRow, mail: Mail) -> None:
        told = judged(
            mail, self.settings.address, returned_to=row.returned_to, forms=self.settings.forms,
            team=self.outbox.team,
        )  # fmt: skip
        to = mail.correspondent
        known = {
            "message_id": mail.message_id,
            "subject": mail.subject,
            "correspondent": to.address if to else "",
        }
        if told.kind == "answer" and to is not None:
            await self._answer(row, mail, to, known)
        elif told.kind in ("bounce", "complaint"):
            await self._returned(row, mail, told, known)
        else:
            held = told.kind in ("unreadable", "no_sender", "colleague")
            status = "held" if held else "recorded"
            await self._close(row, status, told.why, known)

    async def _answer(self, row: MailInRow, mail: Mail, to: Party, known: dict[str, Any]) -> None:
        now, mails = self.clock(), self.store.mails
        found = await self._thread(mail, to)
        if await mails.made_for(to.address, now - HOUR) >= self.settings.replies_per_hour:
            await self._close(row, "held", "more mails an hour than are answered", known)
            if found:
                flag = Flagged("mail_flood", 0, 0, f"no more answers this hour to {to.address}")
                await self.store.log.append_once(found, now, [flag], f"mail:flood:{row.key}")
            return
        proven = verified(mail, self.settings.authserv_id)
        proven = proven and (mail.reply_to is None or mail.reply_to == mail.sender)
        replied = await self.answering.answer(mail, to, found, row.received_at, proven)
        changes = {
            **known,
            "status": "answered" if replied.reply else "held",
            "why": "" if replied.reply else "left to a person",
            "conversation_id": replied.conversation_id,
            "turn": replied.turn,
            "verified": proven,
        }
        queued = replied.reply if replied.reply and replied.reply.status == "queued" else None
        # A settled mail is never worked on again: what nobody else would do comes first.
        await self._stop_if_asked(replied, to)
        if queued is not None:
            await self.follow_ups.plan(queued.id)
        await mails.settle(row.key, changes, replied.reply)
        if queued is not None:
            await self.jobs.ask(SEND, queued.id)

    async def _thread(self, mail: Mail, to: Party) -> str | None:
        """The conversation a mail continues, only for the person it began with. Anybody else in the
        thread, say a colleague, gets a conversation of their own."""
        ours = self.settings
        named = thread.named_by(ours.secret, ours.address, mail.recipients)
        last = await self.store.mails.last_in(thread.parts(named)) if named else None
        if last is not None and base(last.correspondent) == base(to.address):
            return last.conversation_id
        found = await self.store.mails.thread(mail.references)
        if found is not None and base(found.correspondent) == base(to.address):
            return found.conversation_id
        return None

    async def _stop_if_asked(self, replied: Replied, to: Party) -> None:
        """Stop mail to a buyer who wrote that they want no more."""
        if not replied.conversation_id:
            return
        facts = [entry.fact for entry in await self.store.log.read(replied.conversation_id)]
        if (wish := barred(facts)) is not None:
            await self.store.mails.stop(to.address, self.clock(), f"wrote: {wish.words}"[:200])

    async def _returned(
        self, row: MailInRow, mail: Mail, told: Judged, known: Mapping[str, Any]
    ) -> None:
        """Settle a bounced mail of ours, or a spam complaint."""
        ours = await self.store.mails.out(told.about) if told.about else None
        if ours is None:
            named = thread.named_by(self.settings.secret, self.settings.address, mail.recipients)
            ours = await self.store.mails.newest_to(thread.parts(named)) if named else None
        if ours is not None and told.kind == "bounce":
            await self.outbox.returned(ours.id, told.why)
        if ours is not None and told.kind == "complaint":
            await self.stop(ours.recipient, "reported as unwanted")
        more = {**known, "conversation_id": ours.conversation_id if ours else ""}
        await self._close(row, "recorded", f"{told.kind}: {told.why}", more)

    async def stop(self, address: str, how: str) -> None:
        """Send no more mail to an address. Raises: StoreFailed."""
        now = self.clock()
        if not await self.store.mails.stop(address, now, how):
            return
        for conversation_id in (await self.store.mails.conversations_with(address))[:1]:
            declined = ConsentRecorded("contact", "declined", how, 0)
            key = f"mail:stop:{address}"
            await self.store.log.append_once(conversation_id, now, [declined], key)

    async def _close(self, row: MailInRow, status: str, why: str, known: Mapping[str, Any]) -> None:
        log.info("a mail is %s: %s", status, why, extra={"mail": row.key})
        changes = {**known, "status": status, "why": why[:300]}
        await self.store.mails.settle(row.key, changes)
