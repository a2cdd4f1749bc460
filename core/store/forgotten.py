"""Ids of erased persons and their conversations."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from core.store.people_tables import ErasureRow, ForgottenRow

_erasure = ErasureRow.__table__
_forgotten = ForgottenRow.__table__


def note(c: sa.Connection, erasure_id: str, ids: Iterable[str]) -> None:
    """Record that an erasure covers these ids."""
    if rows := [{"id": one, "erasure_id": erasure_id} for one in sorted({*ids})]:
        c.execute(sa.insert(_forgotten), rows)


def among(c: sa.Connection, ids: Collection[str]) -> set[str]:
    """Which of these ids are erased or being erased."""
    found = sa.select(_forgotten.c.id).where(_forgotten.c.id.in_(ids))
    return {*c.execute(found).scalars()}


def by_which(one: str) -> sa.Select[tuple[str]]:
    """The erasures that cover one person or conversation."""
    return sa.select(_forgotten.c.erasure_id).where(_forgotten.c.id == one)


def done() -> sa.Select[tuple[str]]:
    """All ids covered by finished erasures."""
    over = sa.select(_erasure.c.id).where(_erasure.c.done_at.is_not(None))
    return sa.select(_forgotten.c.id).where(_forgotten.c.erasure_id.in_(over))
