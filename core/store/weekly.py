"""Who wants the week's numbers by mail; as work on a connection."""

from datetime import datetime

import sqlalchemy as sa

from core.store.console_tables import ConsoleAccountRow
from core.store.tables import every_row
from core.store.weekly_table import WeeklyRow

_account = ConsoleAccountRow.__table__
_weekly = WeeklyRow.__table__


def want(c: sa.Connection, account_id: str, at: datetime) -> bool:
    """Mail them from now on; False when that was so already."""
    if wants(c, account_id):
        return False
    c.execute(sa.insert(_weekly).values(account_id=account_id, since=at, sent=""))
    return True


def stop(c: sa.Connection, account_id: str) -> bool:
    """No more of them; False when there were none."""
    return bool(c.execute(sa.delete(_weekly).where(_weekly.c.account_id == account_id)).rowcount)


def wants(c: sa.Connection, account_id: str) -> bool:
    """Whether an account is mailed."""
    query = sa.select(_weekly.c.account_id).where(_weekly.c.account_id == account_id)
    return c.execute(query).first() is not None


def due(c: sa.Connection, monday: str) -> list[ConsoleAccountRow]:
    """Accounts that may sign in, want the mail of a Monday, and have not been sent it."""
    query = (
        sa.select(_account)
        .join(_weekly, _weekly.c.account_id == _account.c.id)
        .where(_account.c.disabled_at.is_(None), _weekly.c.sent < monday)
        .order_by(_account.c.id)
    )
    return every_row(c, ConsoleAccountRow, query)


def sent(c: sa.Connection, account_id: str, monday: str) -> None:
    """The mail of a Monday went out."""
    mine = _weekly.c.account_id == account_id
    c.execute(sa.update(_weekly).where(mine).values(sent=monday))
