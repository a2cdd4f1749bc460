"""`Outbox`: our mails, stored before they are sent, and retried until the mail server has them.

When the answer to SMTP's last line is lost, nobody can tell whether the mail was accepted. It is
sent again, byte for byte and with the same Message-ID, by which mail systems recognise it; so
nothing is lost, and a crash at that instant may show it twice.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.events import DisclosureHeard, Fact, Flagged, Noted
from core.store.mail_tables import MailOutRow
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.channels.email import thread
from voice_agent.channels.email.build import From, Letter, built
from voice_agent.channels.email.settings import MailSettings
from voice_agent.channels.email.smtp import NotSent, Sender
from voice_agent.patience import TWO_DAYS

log = logging.getLogger(__name__)
UNSET_S = 3_600.0
"""Pause of a mail that waits for a mail server to be set."""


class Outbox:
    """Stores, sends and withdraws mails. `sender` is None when no mail server is set."""

    def __init__(
        self,
        settings: MailSettings,
        store: Store,
        sender: Sender | None,
        company: Callable[[], Company],
        clock: Clock,
        by_itself: Callable[[str], bool] = lambda address: True,
    ) -> None:
        self._settings = settings
        self._store = store
        self._sender = sender
        self._company = company
        self._clock = clock
        self._by_itself = by_itself

    @property
    def sender(self) -> From:
        """The sender of our mails."""
        company = self._company()
        return From(self._settings.address, f"{company.voice.agent_name} at {company.name}")

    @property
    def team(self) -> frozenset[str]:
        """Addresses of the company's people, in lower case."""
        return frozenset(person.email.lower() for person in self._company().people)

    def unsubscribe(self, address: str) -> str:
        """The unsubscribe link for an address; empty when the server has no public URL."""
        if not self._settings.public_url:
            return ""
        token = thread.unsubscribe_token(self._settings.secret, address)
        return f"{self._settings.public_url}/email/unsubscribe?t={token}"

    def row(
        self, letter: Letter, *, kind: str, conversation_id: str, turn: int = 0, **more: Any
    ) -> MailOutRow:
        """A letter's row: a draft when a person has to approve it, else queued."""
        approved = self._settings.approval or not self._by_itself(letter.to)
        waits = approved and kind in ("reply", "follow_up")
        rest = asdict(letter) | {"at": letter.at.isoformat(), "turn": turn}
        for name in ("id", "to", "subject", "text"):
            del rest[name]
        return MailOutRow(
            id=letter.id, conversation_id=conversation_id, kind=kind, recipient=letter.to,
            subject=letter.subject, text=letter.text, letter=rest,
            status="draft" if waits else "queued", created_at=letter.at, **more,
        )  # fmt: skip

    async def send(self, mail_id: str, tries: int) -> float | None:
        """Send a queued mail; a job. Raises: StoreFailed."""
        row = await self._store.mails.out(mail_id)
        if row is None or row.status != "queued":
            return None
        if self._sender is None:
            return UNSET_S
        bounces = self._settings.address
        if row.conversation_id.startswith("mail-"):
            bounces = thread.reply_address(self._settings.secret, bounces, row.conversation_id)
        try:
            letter = letter_of(row)
            raw = built(letter, self.sender)
            await self._sender.send(raw, bounces, row.recipient, *letter.cc)
        except NotSent as error:
            return await self._not_sent(row, error, tries)
        now = self._clock()
        await self._store.mails.change(
            mail_id, "queued", status="sent", sent_at=now, tries=tries + 1
        )
        await self._note(row, now)
        return None

    async def _not_sent(self, row: MailOutRow, error: NotSent, tries: int) -> float | None:
        pause_s = None if error.final else TWO_DAYS.after(tries)
        if pause_s is not None:
            log.warning("a mail waits to be sent: %s", error, extra={"mail": row.id})
            return pause_s
        log.error("a mail could not be sent: %s", error, extra={"mail": row.id})
        changes = {"status": "failed", "why": str(error)[:300], "tries": tries + 1}
        await self._store.mails.change(row.id, "queued", **changes)
        await self.flag(row, "mail_undeliverable", f"our {named(row)} could not be sent: {error}")
        return None

    async def returned(self, mail_id: str, why: str) -> bool:
        """A mail bounced: flag it for the rep. False: it is not ours."""
        row = await self._store.mails.out(mail_id)
        if row is None:
            return False
        if await self._store.mails.change(mail_id, "sent", status="returned", why=why[:300]):
            await self.flag(row, "mail_undeliverable", f"our {named(row)} came back: {why}")
        return True

    async def flag(self, row: MailOutRow, kind: str, note: str) -> None:
        """Flag a mail's conversation, once."""
        if row.conversation_id:
            turn = int(row.letter.get("turn", 0))
            await self._append(row, [Flagged(kind, turn, 0, note[:300])], f"mail:{kind}:{row.id}")

    async def _note(self, row: MailOutRow, now: datetime) -> None:
        """Record in the log what a sent mail changes."""
        if not row.conversation_id:
            return
        told: Mapping[str, object] = {"mail": row.id, "kind": row.kind}
        await self._append(row, [Noted("mail_sent", told)], f"mail:sent:{row.id}")
        begun = await self._store.conversations.get(row.conversation_id)
        if row.kind == "reply" and begun is not None:
            ms = max(0, round((now - begun.started_at).total_seconds() * 1000))
            await self._append(row, [DisclosureHeard(ms)], "mail:disclosure")

    async def _append(self, row: MailOutRow, facts: list[Fact], key: str) -> None:
        await self._store.log.append_once(row.conversation_id, self._clock(), facts, key)

    # --- for people --------------------------------------------------------------------------

    async def approve(
        self, mail_id: str, text: str | None = None, subject: str | None = None
    ) -> bool:
        """Release a draft for sending, dated now, with other words if given; False when it is no
        longer a draft."""
        row = await self._store.mails.out(mail_id)
        if row is None:
            return False
        dated = row.letter | {"at": self._clock().isoformat()}
        changes = {"status": "queued", "letter": dated} | _words(text, subject)
        return await self._store.mails.change(mail_id, "draft", **changes)

    async def reject(self, mail_id: str, why: str) -> bool:
        """Discard a draft. The next mail about a meeting it told of carries the invitation; until
        then a flag asks for somebody to tell the buyer."""
        row = await self._store.mails.out(mail_id)
        changes = {"status": "rejected", "why": why[:300], "invitation": None}
        if row is None or not await self._store.mails.change(mail_id, "draft", **changes):
            return False
        if row.invitation and not await self._store.mails.invited_since(row):
            await self.flag(row, "meeting_untold", _untold(row))
        return True

    async def edit(self, mail_id: str, text: str, subject: str | None) -> bool:
        """Change a draft's words."""
        return await self._store.mails.change(mail_id, "draft", **_words(text, subject))


def named(row: MailOutRow) -> str:
    """What a mail is called where people read of it."""
    return {"follow_up": "reminder"}.get(row.kind, row.kind)


def _untold(row: MailOutRow) -> str:
    status = "cancelled" if row.letter.get("ics_method") == "CANCEL" else "booked"
    return f"a meeting is {status}, and the mail about it was discarded: tell {row.recipient}"


def _words(text: str | None, subject: str | None) -> dict[str, str]:
    given = {"text": text, "subject": subject}
    return {name: value for name, value in given.items() if value}


def letter_of(row: MailOutRow) -> Letter:
    """The letter stored in a row."""
    rest = {k: v for k, v in row.letter.items() if k in Letter.__dataclass_fields__}
    rest |= {"at": datetime.fromisoformat(rest["at"]), "references": tuple(rest["references"])}
    rest |= {"cc": tuple(rest.get("cc", ()))}
    letter = Letter(id=row.id, to=row.recipient, subject=row.subject, text=row.text, **rest)
    return replace(letter, subject=letter.subject[:300])
