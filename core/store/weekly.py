"""Subscriptions to the weekly figures by mail; work on a connection."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.console_tables import ConsoleAccountRow
from core.store.tables import Instant, Table, every_row


class WeeklyRow(Table, table=True):
    """A subscribed account. `sent`: the Monday of the last mail, so that none is sent twice."""

    __tablename__ = "weekly_mail"

    account_id: str = Field(primary_key=True, foreign_key="console_account.id")
    since: datetime = Field(sa_type=Instant)
    sent: str = ""


_account = ConsoleAccountRow.__table__
_weekly = WeeklyRow.__table__


def want(c: sa.Connection, account_id: str, at: datetime) -> bool:
    """Subscribe an account; False if it was already."""
    if wants(c, account_id):
        return False
    c.execute(sa.insert(_weekly).values(account_id=account_id, since=at, sent=""))
    return True


def stop(c: sa.Connection, account_id: str) -> bool:
    """Unsubscribe an account; False if it was not subscribed."""
    return bool(c.execute(sa.delete(_weekly).where(_weekly.c.account_id == account_id)).rowcount)


def wants(c: sa.Connection, account_id: str) -> bool:
    """Whether an account is subscribed."""
    query = sa.select(_weekly.c.account_id).where(_weekly.c.account_id == account_id)
    return c.execute(query).first() is not None


def due(c: sa.Connection, monday: str) -> list[ConsoleAccountRow]:
    """Subscribed accounts that may sign in and have not been sent a Monday's mail."""
    query = (
        sa.select(_account)
        .join(_weekly, _weekly.c.account_id == _account.c.id)
        .where(_account.c.disabled_at.is_(None), _weekly.c.sent < monday)
        .order_by(_account.c.id)
    )
    return every_row(c, ConsoleAccountRow, query)


def sent(c: sa.Connection, account_id: str, monday: str) -> None:
    """Record that a Monday's mail was sent."""
    mine = _weekly.c.account_id == account_id
    c.execute(sa.update(_weekly).where(mine).values(sent=monday))
