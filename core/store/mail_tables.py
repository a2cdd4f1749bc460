"""The tables of mail: what came, what goes out, who wants none, and how far mailboxes were read."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class MailInRow(Table, table=True):
    """A mail as it came. It is stored before anything is made of it."""

    __tablename__ = "mail_in"
    __table_args__ = (sa.Index("ix_mail_in_status", "status", "received_at"),)

    key: str = Field(primary_key=True)
    """Its Message-ID and sender, hashed: the same mail by two ways is one."""
    message_id: str = Field(default="", index=True)
    raw: bytes
    source: str = ""
    """Which way it came: inbound, imap or smtp."""
    returned_to: str | None = None
    """The envelope's sender; empty for the null path, None when unknown."""
    received_at: datetime = Field(sa_type=Instant)
    status: str = "received"
    """received; then answered, recorded (needs no answer) or held (a person has to look)."""
    why: str = ""
    conversation_id: str = Field(default="", index=True)
    turn: int = 0
    correspondent: str = Field(default="", index=True)
    verified: bool = False
    subject: str = ""


class MailOutRow(Table, table=True):
    """A mail of ours. Its id is its Message-ID and made from its cause, so a cause has one mail."""

    __tablename__ = "mail_out"
    __table_args__ = (sa.Index("ix_mail_out_status", "status", "created_at"),)

    id: str = Field(primary_key=True)
    conversation_id: str = Field(default="", index=True)
    answers: str | None = Field(default=None, index=True)
    """Key of the mail it replies to."""
    kind: str = "reply"
    """reply, follow_up, invitation, transcript or answer (a colleague's)"""
    recipient: str = Field(index=True)
    subject: str = ""
    text: str = ""
    letter: dict[str, Any] = Field(sa_type=sa.JSON)
    """The rest of what it is built from."""
    invitation: str | None = Field(default=None, unique=True)
    """The meeting and its change that it invites to: told once."""
    status: str = "queued"
    """draft, queued, sent, failed, returned (by the recipient's system), rejected or dropped"""
    why: str = ""
    tries: int = 0
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


class MailStopRow(Table, table=True):
    """An address that wants no mail it has not asked for."""

    __tablename__ = "mail_stop"

    address: str = Field(primary_key=True)
    how: str = ""
    at: datetime = Field(sa_type=Instant)


class MailboxRow(Table, table=True):
    """How far a mailbox was read: numbers up to `uid`, as long as `validity` is the same."""

    __tablename__ = "mailbox"

    name: str = Field(primary_key=True)
    validity: int = Field(default=0, sa_type=sa.BigInteger)
    uid: int = Field(default=0, sa_type=sa.BigInteger)
    since: datetime = Field(sa_type=Instant)
    """When it was first read; what lay there before is not ours to answer."""
