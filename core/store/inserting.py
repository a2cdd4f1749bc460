"""What both databases store, and inserts of rows that may already exist."""

from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert
Text = TypeVar("Text", str, str | None)


def storable(text: Text) -> Text:
    """Text without NUL, which PostgreSQL does not store; a fact keeps it, escaped."""
    return text.replace("\x00", "") if text else text


def insert(c: sa.Connection, table: sa.Table) -> Insert:
    """An insert that supports ON CONFLICT."""
    return postgresql.insert(table) if c.dialect.name == "postgresql" else sqlite.insert(table)


def added(c: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its keys is taken; True if it was inserted.

    Uses RETURNING, because PostgreSQL's driver reports no row count for such an insert.
    """
    fresh = insert(c, table).values(**values).on_conflict_do_nothing()
    return c.execute(fresh.returning(*table.primary_key.columns)).first() is not None
