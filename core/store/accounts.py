"""Console accounts and their sessions: reads and writes on a connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from core.store.console_tables import ConsoleAccountRow, ConsoleSessionRow
from core.store.inserting import storable
from core.store.tables import every_row, first_row, loaded

_account = ConsoleAccountRow.__table__
_session = ConsoleSessionRow.__table__

ROLES = ("rep", "manager", "admin")
"""Each role may do everything the roles before it may."""
IDLE = timedelta(hours=12)
"""A session unused for this long expires."""
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: its account, and the CSRF token of its forms."""

    id: str
    account: ConsoleAccountRow
    csrf: str
    seen_at: datetime


def tidy(name: str) -> str:
    """An account name normalised for lookup."""
    return storable(name.strip().casefold())


def add_first(c: sa.Connection, row: ConsoleAccountRow) -> bool:
    """Create the first account unless there is one; True when it was created now.

    If two servers start at once, one of them creates it, because names are unique.
    """
    if c.execute(sa.select(_account.c.id).limit(1)).first() is not None:
        return False
    return add(c, row)


def add(c: sa.Connection, row: ConsoleAccountRow) -> bool:
    """Create an account; False when the name is taken."""
    savepoint = c.begin_nested()
    try:
        c.execute(sa.insert(_account).values(row.model_dump()))
    except sa.exc.IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def by_name(c: sa.Connection, name: str) -> ConsoleAccountRow | None:
    """The account with this name, even if disabled."""
    return _one(c, _account.c.name == tidy(name))


def by_id(c: sa.Connection, account_id: str) -> ConsoleAccountRow | None:
    """The account with this id."""
    return _one(c, _account.c.id == account_id)


def everyone(c: sa.Connection) -> list[ConsoleAccountRow]:
    """All accounts by name."""
    return every_row(c, ConsoleAccountRow, sa.select(_account).order_by(_account.c.name))


def set_password(c: sa.Connection, account_id: str, hashed: str, *, generated: bool) -> None:
    """Set a new password and end every session of the account."""
    _set(c, account_id, {"password": hashed, "generated": generated})
    sign_out_everywhere(c, account_id)


def set_role(
    c: sa.Connection, account_id: str, role: str, rep: str | None, display: str = ""
) -> None:
    """Change an account's role, and (unless empty) the name others see; its open sessions take
    them on at once."""
    named: dict[str, object] = {"display": display} if display else {}
    _set(c, account_id, {"role": role, "rep": rep, **named})


def rehash(c: sa.Connection, account_id: str, hashed: str) -> None:
    """Store the same password with the current hash parameters."""
    _set(c, account_id, {"password": hashed})


def disable(c: sa.Connection, account_id: str, at: datetime | None) -> None:
    """Disable an account from `at` on, or enable it again (None)."""
    _set(c, account_id, {"disabled_at": at})
    if at is not None:
        sign_out_everywhere(c, account_id)


def other_admins(c: sa.Connection, account_id: str) -> int:
    """How many other admins can sign in."""
    counted = sa.select(sa.func.count()).where(
        _account.c.role == "admin", _account.c.id != account_id, _account.c.disabled_at.is_(None)
    )
    return int(c.execute(counted).scalar_one())


def sign_in(
    c: sa.Connection,
    token_hash: str,
    account_id: str,
    csrf: str,
    at: datetime,
    lasts: timedelta = LONGEST,
) -> None:
    """Open a session and delete expired ones."""
    c.execute(sa.delete(_session).where(_session.c.expires_at < at))
    row = ConsoleSessionRow(
        id=token_hash, account_id=account_id, csrf=csrf, created_at=at, seen_at=at,
        expires_at=at + lasts,
    )  # fmt: skip
    c.execute(sa.insert(_session).values(row.model_dump()))


def session(c: sa.Connection, token_hash: str, at: datetime) -> Session | None:
    """The session of a token, if it is open and its account enabled."""
    query = (
        sa.select(_account, _session.c.csrf, _session.c.seen_at)
        .join(_session, _session.c.account_id == _account.c.id)
        .where(_session.c.id == token_hash, _session.c.expires_at > at)
        .where(_session.c.seen_at > at - IDLE, _account.c.disabled_at.is_(None))
    )
    row = c.execute(query).mappings().first()
    if row is None:
        return None
    account = loaded(
        ConsoleAccountRow, {k: v for k, v in row.items() if k not in ("csrf", "seen_at")}
    )
    return Session(token_hash, account, row["csrf"], row["seen_at"])


def seen(c: sa.Connection, token_hash: str, at: datetime) -> None:
    """Record that the session was used."""
    c.execute(sa.update(_session).where(_session.c.id == token_hash).values(seen_at=at))


def sign_out(c: sa.Connection, token_hash: str) -> None:
    """Close one session."""
    c.execute(sa.delete(_session).where(_session.c.id == token_hash))


def sign_out_everywhere(c: sa.Connection, account_id: str) -> None:
    """Close every session of an account."""
    c.execute(sa.delete(_session).where(_session.c.account_id == account_id))


def new_account(
    name: str, role: str, at: datetime, *, display: str = "", rep: str | None = None,
    password: str = "", generated: bool = False,
) -> ConsoleAccountRow:  # fmt: skip
    """An account before it is stored; `password` is a hash."""
    return ConsoleAccountRow(
        id=uuid4().hex, name=tidy(name), display=display or name.strip(), role=role, rep=rep,
        password=password, generated=generated, created_at=at,
    )  # fmt: skip


def _one(c: sa.Connection, condition: sa.ColumnElement[bool]) -> ConsoleAccountRow | None:
    return first_row(c, ConsoleAccountRow, sa.select(_account).where(condition))


def _set(c: sa.Connection, account_id: str, values: dict[str, object]) -> None:
    c.execute(sa.update(_account).where(_account.c.id == account_id).values(values))
