"""The tables of mail: received, outgoing, opted-out addresses, and mailbox positions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class MailInRow(Table, table=True):
    """A received mail. It is stored before it is processed."""

    __tablename__ = "mail_in"
    __table_args__ = (sa.Index("ix_mail_in_status", "status", "received_at"),)

    key: str = Field(primary_key=True)
    """Hash of its Message-ID and sender: the same mail received twice is one row."""
    message_id: str = Field(default="", index=True)
    raw: bytes
    source: str = ""
    """How it was received: inbound, imap or smtp."""
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
    """An outgoing mail. Its id is its Message-ID, derived from its cause: one mail per cause."""

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
    """The rest of its content."""
    invitation: str | None = Field(default=None, unique=True)
    """The meeting and revision it invites to: announced once."""
    status: str = "queued"
    """draft, queued, sent, failed, returned (by the recipient's system), rejected or dropped"""
    why: str = ""
    tries: int = 0
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


class MailStopRow(Table, table=True):
    """An address that gets no unsolicited mail."""

    __tablename__ = "mail_stop"

    address: str = Field(primary_key=True)
    how: str = ""
    at: datetime = Field(sa_type=Instant)


class MailboxRow(Table, table=True):
    """How far a mailbox was read: UIDs up to `uid`, while `validity` is unchanged."""

    __tablename__ = "mailbox"

    name: str = Field(primary_key=True)
    validity: int = Field(default=0, sa_type=sa.BigInteger)
    uid: int = Field(default=0, sa_type=sa.BigInteger)
    since: datetime = Field(sa_type=Instant)
    """When it was first read; earlier mail is not ours to answer."""
