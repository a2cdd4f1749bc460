"""The identity tables: persons, their identifiers and where they were seen, and merges.

Every conversation starts with its own person; a merge is a pointer from the absorbed to the kept,
so undoing it restores exactly what was.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class PersonRow(Table, table=True):
    """A person as one conversation met them; `merged_into` points to who they turned out to be."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    merged_into: str | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)


class IdentifierRow(Table, table=True):
    """An address, number or browser, once: two servers cannot both insert it first."""

    __tablename__ = "identifier"

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    first_seen_at: datetime = Field(sa_type=Instant)


class SightingRow(Table, table=True):
    """What one conversation shows about identity, and how certain it is."""

    __tablename__ = "sighting"
    __table_args__ = (sa.Index("ix_sighting_identifier", "kind", "value"),)

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    how: str
    """verified, device, caller_id or stated"""
    confidence: float
    at: datetime = Field(sa_type=Instant)


class MergeRow(Table, table=True):
    """A merge of one person into another: by which rule or account, why, and until when."""

    __tablename__ = "person_merge"

    id: str = Field(primary_key=True)
    kept: str = Field(foreign_key="person.id", index=True)
    absorbed: str = Field(foreign_key="person.id", index=True)
    why: str
    by: str = "rule"
    """rule, or the account that requested it"""
    at: datetime = Field(sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class ErasureRow(Table, table=True):
    """A person to be erased: recorded first, so that any server can continue."""

    __tablename__ = "person_erasure"

    id: str = Field(primary_key=True)
    """The person it was requested for."""
    persons: list[str] = Field(sa_type=sa.JSON)
    """Everybody who resolved to them."""
    conversations: list[str] = Field(sa_type=sa.JSON)
    gone: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Conversations already erased, so that each is counted once."""
    counts: dict[str, Any] = Field(sa_type=sa.JSON)
    """What was erased, by kind and count."""
    by: str | None = None
    """Who requested it."""
    why: str | None = None
    """asked, or retention, in which case the proof of consent stays."""
    requested_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


class ForgottenRow(Table, table=True):
    """A person or conversation covered by an erasure, by its id."""

    __tablename__ = "forgotten"

    id: str = Field(primary_key=True)
    """The person's or the conversation's."""
    erasure_id: str = Field(primary_key=True, foreign_key="person_erasure.id")
