"""Rows that may be there already: what is done about them is said alike of either database."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert(c: sa.Connection, table: sa.Table) -> Insert:
    """An insert that can be told what to do where a key is taken."""
    return postgresql.insert(table) if c.dialect.name == "postgresql" else sqlite.insert(table)


def added(c: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a key of it is taken; says whether it was inserted.

    By what comes back: PostgreSQL's driver counts no rows for such an insert.
    """
    fresh = insert(c, table).values(**values).on_conflict_do_nothing()
    return c.execute(fresh.returning(*table.primary_key.columns)).first() is not None
