"""The do-not-call list: numbers the agent never dials, and who changed it when.

Functions take the connection of a transaction, so that a call and the list are checked together.
Only a person removes a number.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from core.store.callback_tables import DoNotCallChangeRow, DoNotCallRow
from core.store.inserting import added

_row = DoNotCallRow.__table__
_change = DoNotCallChangeRow.__table__


def add(
    c: sa.Connection, numbers: Iterable[str], at: datetime, *,
    how: str, by: str, conversation_id: str = "",
) -> int:  # fmt: skip
    """Add numbers (E.164) to the list; returns how many are new."""
    new = 0
    for number in sorted(set(numbers)):
        row = DoNotCallRow(number=number, at=at, how=how, by=by, conversation_id=conversation_id)
        if added(c, _row, row.model_dump()):
            _note(c, number, "added", at, how, by)
            new += 1
    return new


def remove(c: sa.Connection, number: str, at: datetime, *, how: str, by: str) -> bool:
    """Remove a number from the list; False if it was not there."""
    if not c.execute(sa.delete(_row).where(_row.c.number == number)).rowcount:
        return False
    _note(c, number, "removed", at, how, by)
    return True


def barred(c: sa.Connection, number: str) -> bool:
    """Whether a number must not be dialled."""
    query = sa.select(_row.c.number).where(_row.c.number == number)
    return c.execute(query).first() is not None


def listed(c: sa.Connection, limit: int, after: str = "") -> list[dict[str, Any]]:
    """The list by number."""
    query = sa.select(_row).where(_row.c.number > after).order_by(_row.c.number).limit(limit)
    return [dict(row) for row in c.execute(query).mappings()]


def changes(c: sa.Connection, number: str) -> Sequence[dict[str, Any]]:
    """A number's changes, oldest first."""
    query = sa.select(_change).where(_change.c.number == number).order_by(_change.c.at)
    return [dict(row) for row in c.execute(query).mappings()]


def _note(c: sa.Connection, number: str, change: str, at: datetime, how: str, by: str) -> None:
    row = DoNotCallChangeRow(
        id=uuid4().hex, number=number, change=change, at=at, how=how[:200], by=by[:100]
    )
    c.execute(sa.insert(_change).values(row.model_dump()))
