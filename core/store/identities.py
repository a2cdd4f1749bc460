"""Maps identities at a provider to console accounts; work on a connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field

from core.store import accounts
from core.store.console_tables import ConsoleAccountRow
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


_identity = ConsoleIdentityRow.__table__
_spent = SpentSignInRow.__table__
LASTS = timedelta(hours=12)
"""Session lifetime after a provider sign-in; after that the provider is asked again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person authenticated by a provider. `role`: None when the provider grants none."""

    issuer: str
    subject: str
    email: str
    """An address that the provider has verified."""
    display: str
    role: str | None
    rep: str | None = None
    """The team member they are, by address."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Their account and what was done to it, or why they were refused."""

    account: ConsoleAccountRow | None
    acts: tuple[str, ...] = ()
    """account added, account linked, role changed"""
    why: str = ""
    """no-role, disabled or taken"""


def spend(c: sa.Connection, key: str, at: datetime, lasts: timedelta) -> bool:
    """Mark a sign-in as used; False if it was used before, here or on another server."""
    c.execute(sa.delete(_spent).where(_spent.c.expires_at < at))
    savepoint = c.begin_nested()
    try:
        c.execute(sa.insert(_spent).values(id=key, expires_at=at + lasts))
    except sa.exc.IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def arrived(c: sa.Connection, who: Arrival, at: datetime) -> Outcome:
    """The account of an authenticated person, created or linked if needed, with their current role.

    A disabled account stays disabled, and an address never takes over another person's account.
    """
    known = _account_of(c, who)
    if known is None and who.role is not None:
        return _begin(c, who, at)
    if known is None:
        return Outcome(None, why="no-role")
    return _again(c, who, known)


def issuers(c: sa.Connection) -> dict[str, str]:
    """The provider each account signs in with, by account id."""
    rows = c.execute(sa.select(_identity.c.account_id, _identity.c.issuer))
    return {account_id: issuer for account_id, issuer in rows}


def _again(c: sa.Connection, who: Arrival, known: ConsoleAccountRow) -> Outcome:
    if known.disabled_at is not None:
        return Outcome(None, why="disabled")
    if who.role is None:  # also ends their open sessions
        accounts.sign_out_everywhere(c, known.id)
        return Outcome(None, why="no-role")
    if who.role == known.role:
        return Outcome(known)
    accounts.set_role(c, known.id, who.role, known.rep)
    return Outcome(accounts.by_id(c, known.id), ("role changed",))


def _begin(c: sa.Connection, who: Arrival, at: datetime) -> Outcome:
    assert who.role is not None
    row = accounts.new_account(
        who.email, who.role, at, display=who.display or who.email, rep=who.rep
    )
    act = "account added"
    if not accounts.add(c, row):
        found = accounts.by_name(c, who.email)
        if found is None or linked(c, found.id):
            return Outcome(None, why="taken")
        if found.disabled_at is not None:
            return Outcome(None, why="disabled")
        row, act = found, "account linked"
    c.execute(
        sa.insert(_identity).values(
            issuer=who.issuer, subject=who.subject, account_id=row.id, since=at
        )
    )
    outcome = _again(c, who, row)
    return Outcome(outcome.account, (act, *outcome.acts), outcome.why)


def _account_of(c: sa.Connection, who: Arrival) -> ConsoleAccountRow | None:
    query = sa.select(_identity.c.account_id).where(
        _identity.c.issuer == who.issuer, _identity.c.subject == who.subject
    )
    found = c.execute(query).scalar()
    return accounts.by_id(c, found) if found else None


def linked(c: sa.Connection, account_id: str) -> bool:
    """Whether an account is linked to a provider."""
    query = sa.select(_identity.c.subject).where(_identity.c.account_id == account_id)
    return c.execute(query).first() is not None
