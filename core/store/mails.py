"""`Mails`: received and outgoing mail, each step one commit.

A mail is stored before it is processed, and its outcome is committed together with its reply, so a
crash leaves it either waiting or answered. Every method raises StoreFailed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.inserting import added
from core.store.log import Query
from core.store.mail_tables import MailboxRow, MailInRow, MailOutRow, MailStopRow
from core.store.tables import every_row, first_row
from core.store.writer import Writer

_in = MailInRow.__table__
_out = MailOutRow.__table__
_stop = MailStopRow.__table__
_box = MailboxRow.__table__
_listed = [column for column in _in.c if column.name != "raw"]

LANE = "mail"


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation a mail belongs to."""

    conversation_id: str
    correspondent: str


class Mails:
    """The store's interface for mail."""

    def __init__(self, writer: Writer, query: Query) -> None:
        self._writer = writer
        self._query = query

    # --- what came ---------------------------------------------------------------------------

    async def receive(self, row: MailInRow) -> bool:
        """Store a mail, once by its key; True if it is new."""
        return await self._insert(_in, row.model_dump())

    async def arrived(self, key: str) -> MailInRow | None:
        """A received mail, with its bytes."""
        query = sa.select(_in).where(_in.c.key == key)
        return await self._query(lambda c: first_row(c, MailInRow, query))

    async def settle(
        self, key: str, changes: Mapping[str, Any], reply: MailOutRow | None = None
    ) -> bool:
        """Record a mail's outcome and its reply in one commit. False: it was settled before."""

        def work(c: sa.Connection) -> bool:
            waiting = _in.c.key == key, _in.c.status == "received"
            if not c.execute(sa.update(_in).where(*waiting).values(**changes)).rowcount:
                return False
            if reply is not None:
                values = reply.model_dump()
                told = sa.select(_out.c.id).where(_out.c.invitation == values["invitation"])
                if values["invitation"] and c.execute(told).first() is not None:
                    values["invitation"] = None  # announced meanwhile; the reply stays
                added(c, _out, values)
            return True

        return await self._writer.run(LANE, work)

    async def held(self, limit: int) -> list[Mapping[str, Any]]:
        """Mails left to a person, without their bytes, oldest first."""
        held = sa.select(*_listed).where(_in.c.status == "held")
        query = held.order_by(_in.c.received_at, _in.c.key).limit(limit)
        return await self._query(lambda c: [dict(row) for row in c.execute(query).mappings()])

    async def release(self, key: str, why: str) -> bool:
        """Record that a person has dealt with a held mail; False if it is held no more."""
        held = _in.c.key == key, _in.c.status == "held"
        update = sa.update(_in).where(*held).values(status="recorded", why=why)
        return await self._writer.run(LANE, lambda c: bool(c.execute(update).rowcount))

    async def waiting(self, before: datetime) -> list[str]:
        """Keys of unsettled mails received before an instant."""
        query = sa.select(_in.c.key).where(_in.c.status == "received", _in.c.received_at <= before)
        return await self._query(lambda c: list(c.execute(query).scalars()))

    async def inbox(self, status: str | None, limit: int) -> list[Mapping[str, Any]]:
        """The newest received mails, without their bytes."""
        query = sa.select(*_listed).order_by(_in.c.received_at.desc(), _in.c.key).limit(limit)
        if status:
            query = query.where(_in.c.status == status)
        return await self._query(lambda c: [dict(row) for row in c.execute(query).mappings()])

    async def thread(self, ids: Sequence[str]) -> Thread | None:
        """The conversation of the nearest known mail among `ids` (nearest last)."""

        def read(c: sa.Connection) -> Thread | None:
            for message_id in reversed(ids):
                ours = sa.select(_out.c.conversation_id, _out.c.recipient).where(
                    _out.c.id == message_id, _out.c.conversation_id != ""
                )
                theirs = sa.select(_in.c.conversation_id, _in.c.correspondent).where(
                    _in.c.message_id == message_id, _in.c.conversation_id != ""
                )
                for query in (ours, theirs):
                    if (row := c.execute(query).first()) is not None:
                        return Thread(*row)
            return None

        return await self._query(read)

    async def wrote(self, address: str, since: datetime) -> bool | None:
        """Whether a person wrote to us from this address since an instant; None while some mail is
        still unprocessed."""
        mine = sa.and_(_in.c.correspondent == address, _in.c.status.in_(("answered", "held")))
        new = sa.select(_in.c.status).where(_in.c.received_at > since)
        waits = new.where(_in.c.status == "received")

        def read(c: sa.Connection) -> bool | None:
            if c.execute(waits.limit(1)).first() is not None:
                return None
            return c.execute(new.where(mine).limit(1)).first() is not None

        return await self._query(read)

    async def last_in(self, conversations: Sequence[str]) -> MailInRow | None:
        """The newest answered mail of these conversations."""
        query = newest(_in, conversations, "answered", _in.c.received_at, _in.c.turn)
        return await self._query(lambda c: first_row(c, MailInRow, query))

    # --- what goes out -----------------------------------------------------------------------

    async def queue(self, row: MailOutRow) -> bool:
        """Queue a mail for sending (or store a draft), once by its id and invitation."""
        return await self._writer.run(LANE, lambda c: queue(c, row))

    async def out(self, mail_id: str) -> MailOutRow | None:
        query = sa.select(_out).where(_out.c.id == mail_id)
        return await self._query(lambda c: first_row(c, MailOutRow, query))

    async def change(self, mail_id: str, was: str, **changes: Any) -> bool:
        """Change an outgoing mail if its status is still `was`; True if it was."""
        update = sa.update(_out).where(_out.c.id == mail_id, _out.c.status == was).values(**changes)
        return await self._writer.run(LANE, lambda c: bool(c.execute(update).rowcount))

    async def outbox(self, status: str, limit: int = 1_000) -> list[MailOutRow]:
        """Outgoing mails with a status, oldest first."""
        query = (
            sa.select(_out).where(_out.c.status == status).order_by(_out.c.created_at, _out.c.id)
        )
        return await self._query(lambda c: every_row(c, MailOutRow, query.limit(limit)))

    async def newest_to(self, conversations: Sequence[str]) -> MailOutRow | None:
        """Our newest sent mail in these conversations."""
        query = newest(_out, conversations, "sent", _out.c.created_at)
        return await self._query(lambda c: first_row(c, MailOutRow, query))

    async def made_for(self, address: str, since: datetime) -> int:
        """How many mails were created for an address since an instant."""
        query = sa.select(sa.func.count()).where(
            _out.c.recipient == address, _out.c.created_at >= since
        )
        return int(await self._query(lambda c: c.execute(query).scalar_one()))

    async def invited(self, invitation: str) -> bool:
        """Whether this revision of a meeting was announced by mail."""
        query = sa.select(_out.c.id).where(_out.c.invitation == invitation)
        return await self._query(lambda c: c.execute(query).first() is not None)

    async def invited_since(self, row: MailOutRow) -> bool:
        """Whether a later mail of this conversation announces a meeting, sent or yet to be."""
        later = _out.c.conversation_id == row.conversation_id, _out.c.created_at > row.created_at
        query = sa.select(_out.c.id).where(*later, _out.c.invitation.is_not(None))
        return await self._query(lambda c: c.execute(query.limit(1)).first() is not None)

    # --- who wants none, and mailboxes -------------------------------------------------------

    async def stop(self, address: str, at: datetime, how: str) -> bool:
        """Record that an address opted out; True if that is new. Drops queued mail to it that was
        not asked for."""

        def work(c: sa.Connection) -> bool:
            new = added(c, _stop, {"address": address, "at": at, "how": how})
            c.execute(
                sa.update(_out)
                .where(_out.c.recipient == address, _out.c.kind == "follow_up")
                .where(_out.c.status.in_(("draft", "queued")))
                .values(status="dropped", why=how)
            )
            return new

        return await self._writer.run(LANE, work)

    async def stopped(self, address: str) -> bool:
        """Whether an address gets no unsolicited mail."""
        query = sa.select(_stop.c.address).where(_stop.c.address == address)
        return await self._query(lambda c: c.execute(query).first() is not None)

    async def conversations_with(self, address: str) -> list[str]:
        """Mail conversations with an address, newest first."""
        query = (
            sa.select(_out.c.conversation_id)
            .where(_out.c.recipient == address, _out.c.conversation_id != "")
            .order_by(_out.c.created_at.desc())
        )
        found: list[str] = await self._query(lambda c: list(c.execute(query).scalars()))
        return list(dict.fromkeys(found))

    async def mailbox(self, name: str) -> MailboxRow | None:
        """How far a mailbox was read; None when it never was."""
        query = sa.select(_box).where(_box.c.name == name)
        return await self._query(lambda c: first_row(c, MailboxRow, query))

    async def mark_read(self, row: MailboxRow) -> None:
        """Record how far a mailbox was read. Never moves behind another server's progress."""
        new = row.model_dump()

        def work(c: sa.Connection) -> None:
            if not added(c, _box, new):
                further = sa.or_(_box.c.validity != row.validity, _box.c.uid < row.uid)
                here = sa.update(_box).where(_box.c.name == row.name, further)
                c.execute(here.values(validity=row.validity, uid=row.uid))

        await self._writer.run(LANE, work)

    async def _insert(self, table: sa.Table, values: Mapping[str, Any]) -> bool:
        return await self._writer.run(LANE, lambda c: added(c, table, values))


def queue(c: sa.Connection, row: MailOutRow) -> bool:
    """`Mails.queue` within a transaction."""
    return added(c, _out, row.model_dump())


def letters_of(c: sa.Connection, conversation_id: str) -> list[MailOutRow]:
    """A conversation's outgoing mails, oldest first."""
    query = sa.select(_out).where(_out.c.conversation_id == conversation_id)
    return every_row(c, MailOutRow, query.order_by(_out.c.created_at, _out.c.id))


def newest(
    table: sa.Table, conversations: Sequence[str], status: str, *order: sa.Column[Any]
) -> sa.Select[Any]:
    """Mails of conversations with a status, newest first. The status is hidden from SQLite's
    planner, which would otherwise scan every mail with it, and that is nearly all."""
    theirs = table.c.conversation_id.in_(conversations)
    query = sa.select(table).where(theirs, sa.func.coalesce(table.c.status, "") == status)
    return query.order_by(*(column.desc() for column in order))


def of_conversations(
    c: sa.Connection, conversations: Collection[str]
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Which received and which sent mails belong to these conversations, or to none and are from or
    to the same address."""
    came, sent = (t.c.conversation_id.in_(conversations) for t in (_in, _out))
    theirs = {
        *c.execute(sa.select(_out.c.recipient).where(sent)).scalars(),
        *c.execute(sa.select(_in.c.correspondent).where(came)).scalars(),
    } - {""}
    return (
        sa.or_(came, sa.and_(_in.c.conversation_id == "", _in.c.correspondent.in_(theirs))),
        sa.or_(sent, sa.and_(_out.c.conversation_id == "", _out.c.recipient.in_(theirs))),
    )


def forget_mails(c: sa.Connection, conversation_id: str) -> int:
    """Delete everything personal from a conversation's mails, and from others to the same address.

    Their keys stay, so that a repeated delivery is recognised. Returns how many there were.
    """
    came, went = of_conversations(c, [conversation_id])
    nothing = {"recipient": "", "subject": "", "text": "", "letter": {}, "why": ""}
    sent = c.execute(sa.update(_out).where(went).values(status="erased", **nothing)).rowcount
    left = sa.case((_in.c.status == "held", "recorded"), else_=_in.c.status)
    empty = {"raw": b"", "message_id": "", "returned_to": None, "correspondent": "", "subject": "",
             "why": "erased", "status": left}  # fmt: skip
    kept = _in.c.status != "received"
    taken = c.execute(sa.update(_in).where(came, kept).values(**empty)).rowcount
    return sent + taken
