"""The tables of provider sign-in: linked identities and used sign-ins."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class ConsoleIdentityRow(Table, table=True):
    """An account's identity at a provider. The pair never changes owner; an address may."""

    __tablename__ = "console_identity"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="console_account.id", unique=True)
    since: datetime = Field(sa_type=Instant)


class SpentSignInRow(Table, table=True):
    """A completed sign-in, which cannot be used again. The id is a hash."""

    __tablename__ = "console_spent"

    id: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=Instant, index=True)
