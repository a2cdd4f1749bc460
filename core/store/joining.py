"""Merges and unmerges persons in the database: one pointer and one record each.

Functions take the connection of a write transaction. Both rows are locked before their pointers are
read, so that no two merges can form a cycle.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from core.identity import joined
from core.store.people_tables import MergeRow, PersonRow

_person = PersonRow.__table__
_merge = MergeRow.__table__
RULE = "rule"


def pointers(c: sa.Connection, persons: Iterable[str]) -> dict[str, str]:
    """The pointers of everybody merged with any of these."""
    found: dict[str, str] = {}
    tops: set[str] = set()
    asked = set(persons)
    while asked:  # up
        up = sa.select(_person.c.id, _person.c.merged_into).where(_person.c.id.in_(asked))
        rows = c.execute(up).all()
        found |= {one: at for one, at in rows if at is not None}
        tops |= {one for one, at in rows if at is None}
        asked = {at for _, at in rows if at is not None and at not in found}
    under = tops
    while under:  # and down from the roots
        down = sa.select(_person.c.id, _person.c.merged_into).where(
            _person.c.merged_into.in_(under)
        )
        rows = c.execute(down).all()
        found |= {one: at for one, at in rows}
        under = {one for one, _ in rows}
    return found


def join(
    c: sa.Connection, kept: str, absorbed: str, why: str, at: datetime, by: str = RULE
) -> str | None:
    """Record that one person is another; returns the record's id, None if already merged."""
    _lock(c, {kept, absorbed})
    known = pointers(c, {kept, absorbed})
    _lock(c, {joined.root(kept, known), joined.root(absorbed, known)})
    known = pointers(c, {kept, absorbed})
    top, under = joined.root(kept, known), joined.root(absorbed, known)
    if top == under:
        return None
    c.execute(sa.update(_person).where(_person.c.id == under).values(merged_into=top))
    made = uuid4().hex
    c.execute(sa.insert(_merge).values(id=made, kept=top, absorbed=under, why=why, by=by, at=at))
    return made


def part(c: sa.Connection, absorbed: str, at: datetime, by: str = RULE) -> bool:
    """Undo a person's merge; False if they are not merged."""
    _lock(c, {absorbed})
    same = sa.and_(_person.c.id == absorbed, _person.c.merged_into.is_not(None))
    if not c.execute(sa.update(_person).where(same).values(merged_into=None)).rowcount:
        return False
    c.execute(
        sa.update(_merge)
        .where(_merge.c.absorbed == absorbed, _merge.c.undone_at.is_(None))
        .values(undone_at=at, undone_by=by)
    )
    return True


def joined_by_rule(c: sa.Connection, person: str) -> bool:
    """Whether a person's merge, if any, was made by a rule only."""
    mine = sa.select(_merge.c.by).where(_merge.c.absorbed == person, _merge.c.undone_at.is_(None))
    return c.execute(mine).scalar() == RULE


def kept_apart(c: sa.Connection, persons: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of persons that somebody separated by hand, in both directions."""
    ids = set(persons)
    undone = sa.select(_merge.c.kept, _merge.c.absorbed).where(
        _merge.c.undone_at.is_not(None), _merge.c.undone_by != RULE,
        sa.or_(_merge.c.kept.in_(ids), _merge.c.absorbed.in_(ids)),
    )  # fmt: skip
    found = {(kept, absorbed) for kept, absorbed in c.execute(undone)}
    return found | {(absorbed, kept) for kept, absorbed in found}


def _lock(c: sa.Connection, persons: Iterable[str]) -> None:
    """Lock these pointers until the commit. SQLite has a single writer anyway."""
    rows = sa.select(_person.c.id).where(_person.c.id.in_(set(persons))).order_by(_person.c.id)
    c.execute(rows.with_for_update()).all()
