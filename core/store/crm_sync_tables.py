"""The tables of CRM sync: each record's id in the CRM, and what we last wrote.

`crm_sync` has a row for each of our records, even before it could be written.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class CrmSyncRow(Table, table=True):
    """One of our records and its sync state with the CRM."""

    __tablename__ = "crm_sync"
    __table_args__ = (
        sa.UniqueConstraint("system", "kind", "key"),
        sa.Index("ix_crm_sync_state", "state", "updated_at"),
    )

    id: str = Field(primary_key=True)
    system: str
    kind: str
    key: str
    variant: str = ""
    conversation_id: str = Field(index=True)
    """The latest conversation that contributed to it."""
    spoken_at: datetime = Field(sa_type=Instant)
    """When the conversation that last wrote it began: an older one does not overwrite it."""
    state: str = "pending"
    """pending, synced, kept (a person's edits were kept), incomplete, retrying or dead"""
    remote_id: str = ""
    url: str = ""
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Per field: `ours`, `theirs`, `did` and `why`; digests of what we wrote."""
    links: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Ids of linked records."""
    code: str = ""
    message: str = ""
    remedy: str = ""
    """What a person can do when it is dead or incomplete."""
    writer: str = ""
    """The write in progress: its server, a slash and its number there; empty: none is."""
    tries: int = 0
    tried_at: datetime | None = Field(default=None, sa_type=Instant)
    synced_at: datetime | None = Field(default=None, sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)


class AccountAliasRow(Table, table=True):
    """A domain, or a normalised name, that identifies one company."""

    __tablename__ = "account_alias"

    kind: str = Field(primary_key=True)
    """domain or name"""
    value: str = Field(primary_key=True)
    account_id: str = Field(index=True)


class CrmRecordRow(Table, table=True):
    """A lead, a task or a note in the embedded CRM."""

    __tablename__ = "crm_record"
    __table_args__ = (sa.UniqueConstraint("kind", "key"),)

    id: str = Field(primary_key=True)
    kind: str
    key: str
    variant: str = ""
    contact_id: str | None = Field(default=None, index=True)
    account_id: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    updated_at: datetime = Field(sa_type=Instant)
