"""The console's tables: accounts, their sessions and saved views, and the audit log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table

COUNTING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""An auto-incremented number."""


class ConsoleAccountRow(Table, table=True):
    """A console user: their role, and which rep of the company they are."""

    __tablename__ = "console_account"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    """The sign-in name in lower case, often the mail address."""
    display: str = ""
    role: str = "rep"
    """rep, manager or admin"""
    rep: str | None = None
    """Id of the team member they are, which defines "mine"."""
    password: str = ""
    """An argon2 hash; empty for accounts that sign in elsewhere (OIDC)."""
    generated: bool = False
    """Whether the password is still the generated one."""
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class ConsoleSessionRow(Table, table=True):
    """A signed-in browser. The id is a hash, so what is stored here opens nothing."""

    __tablename__ = "console_session"

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="console_account.id", index=True)
    csrf: str
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)


class SavedViewRow(Table, table=True):
    """A queue with its filters, under a name; shared ones are visible to everybody."""

    __tablename__ = "console_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "queue", "name"),)

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="console_account.id", index=True)
    queue: str
    name: str
    query: str
    """As it appears in the URL."""
    shared: bool = False
    created_at: datetime = Field(sa_type=Instant)


class AuditRow(Table, table=True):
    """What somebody did. The database itself rejects changes and deletions."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_target", "target", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTING)
    at: datetime = Field(sa_type=Instant, index=True)
    account: str = Field(default="", index=True)
    """The account's name at the time; empty if unknown."""
    act: str = Field(index=True)
    """sign-in, play, download, share, override, …"""
    target: str = ""
    """The target of the action, as kind:id; `conversation:…`, `person:…`, `account:…`."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Contains no words or names of a buyer: the audit log outlives their erasure."""
    address: str = ""
