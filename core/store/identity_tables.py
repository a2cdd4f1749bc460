"""The tables of signing in elsewhere: who an account is there, and spent sign-ins."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class ConsoleIdentityRow(Table, table=True):
    """Who an account is at an identity provider. The pair never changes hands; an address may."""

    __tablename__ = "console_identity"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="console_account.id", unique=True)
    since: datetime = Field(sa_type=Instant)


class SpentSignInRow(Table, table=True):
    """A sign-in that came back once and cannot come back again. The id is a hash."""

    __tablename__ = "console_spent"

    id: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=Instant, index=True)
