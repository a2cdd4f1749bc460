"""The tables of promised calls: the promise, its history, our calls for it, and do-not-call."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class CallbackRow(Table, table=True):
    """A promised call, one per conversation. Instants are UTC; `zone` is that of `said`."""

    __tablename__ = "callback"
    __table_args__ = (sa.Index("ix_callback_due", "status", "next_at"),)

    id: str = Field(primary_key=True)
    conversation_id: str = Field(unique=True, foreign_key="conversation.id")
    company: str = ""
    channel: str = ""
    number: str = Field(default="", index=True)
    """E.164"""
    name: str = ""
    language: str = "en"
    said: str = ""
    """The window in its spoken form."""
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime = Field(sa_type=Instant)
    zone: str = ""
    owner: str = Field(default="", index=True)
    claimed_by: str = ""
    priority: str = "normal"
    reason: str = ""
    about: str = ""
    quote: str = ""
    turn: int = 0
    consent: str = ""
    """given, declined, or empty: whether our AI may call; the consent event is in the log."""
    consent_question: str = ""
    consent_words: str = ""
    consent_turn: int = 0
    consent_ms: int = 0
    status: str = "promised"
    why: str = ""
    """Why it ended, where that needs a reason."""
    version: int = 1
    """Counts its windows, owners and numbers: work planned for an earlier version is void."""
    planned: int = 0
    """The version for which durable work was enqueued."""
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    """When to check it again."""
    reminded: bool = False
    escalated: bool = False
    handed_on: bool = False
    message_left: bool = False
    requested_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)


class CallbackEventRow(Table, table=True):
    """What happened to a promised call; append-only. The person concerned is notified once."""

    __tablename__ = "callback_event"

    callback_id: str = Field(primary_key=True, foreign_key="callback.id")
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    kind: str
    by: str = ""
    """A team member, `buyer`, `agent`, or empty: the clock."""
    note: str = ""
    tells: str = ""
    """Id of the person to notify; empty: nobody."""
    told_at: datetime | None = Field(default=None, sa_type=Instant)


class CallbackAttemptRow(Table, table=True):
    """One of our calls: written before it is dialled, so that none is dialled twice."""

    __tablename__ = "callback_attempt"

    id: str = Field(primary_key=True)
    callback_id: str = Field(foreign_key="callback.id", index=True)
    n: int
    number: str
    at: datetime = Field(sa_type=Instant)
    status: str = "recorded"
    call_sid: str | None = Field(default=None, unique=True)
    answered_by: str = ""
    updated_at: datetime = Field(sa_type=Instant)


class DoNotCallRow(Table, table=True):
    """A number the agent never dials. It outlives the erasure of the person who asked for it."""

    __tablename__ = "do_not_call"

    number: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    how: str = ""
    by: str = ""
    conversation_id: str = ""


class DoNotCallChangeRow(Table, table=True):
    """Who added a number to the list or removed it, and when; append-only."""

    __tablename__ = "do_not_call_change"

    id: str = Field(primary_key=True)
    number: str = Field(index=True)
    change: str
    """added or removed"""
    at: datetime = Field(sa_type=Instant)
    how: str = ""
    by: str = ""
