"""The tables of legal holds and of deletions by retention."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class HoldRow(Table, table=True):
    """A hold: while active, nothing of the person or conversation is deleted."""

    __tablename__ = "legal_hold"

    id: str = Field(primary_key=True)
    kind: str
    """person or conversation"""
    target: str = Field(index=True)
    why: str
    by: str
    at: datetime = Field(sa_type=Instant)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
    released_by: str | None = None


class TombstoneRow(Table, table=True):
    """A kind of data that a conversation had, and when it was deleted."""

    __tablename__ = "tombstone"

    conversation_id: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    """audio, words, contact or consent"""
    at: datetime = Field(sa_type=Instant)
