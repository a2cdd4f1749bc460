"""The tables of the reps' console: accounts, their sessions and saved views, and the audit."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table

COUNTING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A number the database counts up by itself."""


class ConsoleAccountRow(Table, table=True):
    """Who may use the console, as what, and which rep of the company they are."""

    __tablename__ = "console_account"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    """What they sign in with, in small letters: often their mail address."""
    display: str = ""
    role: str = "rep"
    """rep, manager or admin"""
    rep: str | None = None
    """Id of the team's member they are, so that "mine" means something."""
    password: str = ""
    """An argon2 hash; empty for who signs in elsewhere (OIDC)."""
    generated: bool = False
    """Whether the password is still the one that was made up for them."""
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class ConsoleSessionRow(Table, table=True):
    """A browser that signed in. The id is a hash: what is stored here opens nothing."""

    __tablename__ = "console_session"

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="console_account.id", index=True)
    csrf: str
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)


class SavedViewRow(Table, table=True):
    """A queue with its filters, under a name; shared ones are seen by everybody."""

    __tablename__ = "console_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "queue", "name"),)

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="console_account.id", index=True)
    queue: str
    name: str
    query: str
    """As it stands in the URL."""
    shared: bool = False
    created_at: datetime = Field(sa_type=Instant)


class AuditRow(Table, table=True):
    """What somebody did. The database itself refuses to change or delete a line."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_target", "target", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTING)
    at: datetime = Field(sa_type=Instant, index=True)
    account: str = Field(default="", index=True)
    """The account's name at the time; empty for nobody known."""
    act: str = Field(index=True)
    """sign-in, play, download, share, override, …"""
    target: str = ""
    """What it was done to, as kind:id; `conversation:…`, `person:…`, `account:…`."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """No words and no names of a buyer: the audit outlives their erasure."""
    address: str = ""
