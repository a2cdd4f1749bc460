"""The tables of who is who: persons, what identifies them and where, and what joined them.

Every conversation has a person of its own at first; that several are one is a pointer from the
absorbed to the kept, so taking it back restores exactly what was.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class PersonRow(Table, table=True):
    """A person as one conversation met them; `merged_into` says who they turned out to be."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    merged_into: str | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)


class IdentifierRow(Table, table=True):
    """An address, number or browser, once: two servers cannot both meet it for the first time."""

    __tablename__ = "identifier"

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    first_seen_at: datetime = Field(sa_type=Instant)


class SightingRow(Table, table=True):
    """What one conversation shows of who it is with, and how sure that is."""

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
    """That one person turned out to be another: by a rule or by whom, why, and until when."""

    __tablename__ = "person_merge"

    id: str = Field(primary_key=True)
    kept: str = Field(foreign_key="person.id", index=True)
    absorbed: str = Field(foreign_key="person.id", index=True)
    why: str
    by: str = "rule"
    """rule, or whoever asked for it"""
    at: datetime = Field(sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class ErasureRow(Table, table=True):
    """A person to be forgotten: written down first, so that any server can go on with it."""

    __tablename__ = "person_erasure"

    id: str = Field(primary_key=True)
    """The person it was asked for."""
    persons: list[str] = Field(sa_type=sa.JSON)
    """Everybody who was counted as them."""
    conversations: list[str] = Field(sa_type=sa.JSON)
    gone: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Conversations already forgotten, so that each is counted once."""
    counts: dict[str, Any] = Field(sa_type=sa.JSON)
    """How much of what was erased."""
    by: str | None = None
    """Who asked for it."""
    why: str | None = None
    """asked, or retention: then proof of consent stays."""
    requested_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


class ForgottenRow(Table, table=True):
    """A person or a conversation that an erasure forgets, to be found by its id."""

    __tablename__ = "forgotten"

    id: str = Field(primary_key=True)
    """The person's or the conversation's."""
    erasure_id: str = Field(primary_key=True, foreign_key="person_erasure.id")
