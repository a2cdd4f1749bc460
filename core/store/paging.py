"""Page cursors: where a page ended, as text, and how to continue from there."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa


class BadCursor(ValueError):
    """The cursor was not created by us."""


def cursor_of(at: datetime, last: object) -> str:
    """The cursor for rows ordered by an instant and an id, from the last row shown."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {last}".encode()).decode()


def place_of(cursor: str) -> tuple[datetime, str]:
    """The instant and the id of a cursor. Raises: BadCursor."""
    try:
        at, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        instant = datetime.fromisoformat(at)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(cursor) from error
    if instant.tzinfo is None or not last:
        raise BadCursor(cursor)
    return instant, last


def after(
    columns: Sequence[sa.ColumnElement[Any]], place: Sequence[Any], *, newest_first: bool = False
) -> sa.ColumnElement[bool]:
    """The rows after a position, in the order of these columns, as one comparison that an index can
    serve.

    `place`: their values in the last row of the previous page, or a query that selects one.
    """
    last = sa.tuple_(*(
        value if isinstance(value, sa.ScalarSelect) else sa.literal(value, column.type)
        for column, value in zip(columns, place, strict=True)
    ))  # fmt: skip
    here = sa.tuple_(*columns)
    return here < last if newest_first else here > last
