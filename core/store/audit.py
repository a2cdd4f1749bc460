"""The audit log: who did what to which conversation. Lines are added and read, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.console_tables import AuditRow
from core.store.inserting import storable

_audit = AuditRow.__table__
LARGEST_ID = 2**63 - 1
MOST = 200
"""Longest name, target or address that is kept."""


@dataclass(frozen=True, slots=True)
class Audited:
    """One line. `target` is `kind:id`; `detail` contains no words or names of a buyer."""

    at: datetime
    account: str
    act: str
    target: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    id: int = 0
    """Its number once written."""


def record(c: sa.Connection, line: Audited) -> None:
    """Add a line in the transaction of the action it records."""
    c.execute(
        sa.insert(_audit).values(
            at=line.at, account=storable(line.account)[:MOST], act=line.act,
            target=storable(line.target)[:MOST],
            detail=dict(line.detail), address=storable(line.address)[:MOST],
        )
    )  # fmt: skip


def lines(
    c: sa.Connection,
    *,
    before: int = LARGEST_ID,
    limit: int = 100,
    act: str = "",
    account: str = "",
    target: str = "",
    at: datetime | None = None,
) -> list[Audited]:
    """Lines before a number, latest first; filtered by action, account, target or instant."""
    query = sa.select(_audit).where(_audit.c.id < before)
    for column, value in ((_audit.c.act, act), (_audit.c.account, account)):
        if value:
            query = query.where(column == value)
    if target:
        query = query.where(_audit.c.target == target)
    if at is not None:
        query = query.where(_audit.c.at == at)
    rows = c.execute(query.order_by(_audit.c.id.desc()).limit(limit)).mappings()
    return [Audited(**row) for row in rows]
