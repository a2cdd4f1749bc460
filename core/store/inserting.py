"""Inserts of rows that may already exist, the same on either database."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert(c: sa.Connection, table: sa.Table) -> Insert:
    """An insert that supports ON CONFLICT."""
    return postgresql.insert(table) if c.dialect.name == "postgresql" else sqlite.insert(table)


def added(c: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its keys is taken; True if it was inserted.

    Uses RETURNING, because PostgreSQL's driver reports no row count for such an insert.
    """
    fresh = insert(c, table).values(**values).on_conflict_do_nothing()
    return c.execute(fresh.returning(*table.primary_key.columns)).first() is not None
