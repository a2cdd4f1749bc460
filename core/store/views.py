"""Saved views of queues: an account's own, and shared ones."""

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from core.store.console_tables import SavedViewRow
from core.store.tables import every_row

_view = SavedViewRow.__table__
MOST = 50
"""Most views of one queue per account."""


def of(c: sa.Connection, account_id: str, queue: str) -> list[SavedViewRow]:
    """The views of a queue visible to an account, by name."""
    mine = sa.or_(_view.c.account_id == account_id, _view.c.shared.is_(True))
    query = sa.select(_view).where(mine, _view.c.queue == queue).order_by(_view.c.name)
    return every_row(c, SavedViewRow, query)


def save(
    c: sa.Connection, account_id: str, queue: str, name: str, query: str, shared: bool, at: datetime
) -> bool:
    """Save a view, replacing one of that name; False when there are too many."""
    mine = (_view.c.account_id == account_id) & (_view.c.queue == queue)
    values = {"query": query, "shared": shared, "created_at": at}
    if c.execute(sa.update(_view).where(mine, _view.c.name == name).values(values)).rowcount:
        return True
    kept = c.execute(sa.select(sa.func.count()).select_from(_view).where(mine)).scalar_one()
    if kept >= MOST:
        return False
    row = {"id": uuid4().hex, "account_id": account_id, "queue": queue, "name": name, **values}
    c.execute(sa.insert(_view).values(row))
    return True


def drop(c: sa.Connection, view_id: str, account_id: str | None) -> bool:
    """Delete a view, if it belongs to this account (None: to any)."""
    statement = sa.delete(_view).where(_view.c.id == view_id)
    if account_id is not None:
        statement = statement.where(_view.c.account_id == account_id)
    return bool(c.execute(statement).rowcount)
