"""The sync state of records with a CRM, in the database: created, updated, queried."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.crm.records import Record
from core.store.crm_keys import derived
from core.store.crm_sync_tables import AccountAliasRow, CrmRecordRow, CrmSyncRow
from core.store.forgotten import done
from core.store.inserting import added
from core.store.paging import after
from core.store.tables import every_row

_sync = CrmSyncRow.__table__
_alias = AccountAliasRow.__table__
_record = CrmRecordRow.__table__
STATES = ("pending", "synced", "kept", "incomplete", "retrying", "dead")
UNSETTLED = ("pending", "retrying", "dead")
"""States of records that are still to be written."""
SHARED = ("account", "contact", "lead")
"""Kinds that several conversations write to."""


@dataclass(frozen=True, slots=True)
class SyncFilters:
    """Filters for the list."""

    state: str | None = None
    kind: str | None = None
    conversation_id: str | None = None


def row_id(system: str, kind: str, key: str) -> str:
    """The id of a record's sync row."""
    return derived("crm-sync", f"{system}:{kind}:{key}")


def retry_of(row: CrmSyncRow) -> str:
    """A key for writing a record's conversation again: the same until that was tried."""
    return f"{row.conversation_id}/{row.id[:8]}.{row.updated_at:%Y%m%dT%H%M%S%f}"


def begin(
    c: sa.Connection, system: str, records: Sequence[Record], conversation_id: str,
    spoken_at: datetime, at: datetime, writer: str, writes: Callable[[str], bool],
) -> dict[str, CrmSyncRow] | None:  # fmt: skip
    """The sync rows of these records by id, created where missing, for one writer until `release`;
    None while another has one of them. `writes`: whether a writer is still at it."""
    for record in records:
        row = CrmSyncRow(
            id=row_id(system, record.kind, record.key), system=system, kind=record.kind,
            key=record.key, variant=record.variant, conversation_id=conversation_id,
            spoken_at=spoken_at, updated_at=at,
        )  # fmt: skip
        added(c, _sync, row.model_dump())
    ids = [row_id(system, record.kind, record.key) for record in records]
    locked = sa.select(_sync).where(_sync.c.id.in_(ids)).order_by(_sync.c.id).with_for_update()
    found = every_row(c, CrmSyncRow, locked)
    if any(row.writer not in ("", writer) and writes(row.writer) for row in found):
        return None
    for row in found:
        if row.spoken_at <= spoken_at:
            row.conversation_id = conversation_id
        row.writer = writer
        values = row.model_dump(include={"conversation_id", "writer"})
        c.execute(sa.update(_sync).where(_sync.c.id == row.id).values(values))
    return {row.id: row for row in found}


def unplan(
    c: sa.Connection, system: str, conversation_id: str, planned: Collection[str],
    writes: Callable[[str], bool],
) -> None:  # fmt: skip
    """Let go of what a conversation was still to write, but for the rows planned now and those that
    another is writing: after a merge or a change of its meeting, the rest is written by others or
    not at all."""
    mine = sa.and_(
        _sync.c.system == system, _sync.c.conversation_id == conversation_id,
        _sync.c.state.in_(UNSETTLED), _sync.c.id.not_in(planned),
    )  # fmt: skip
    held = every_row(c, CrmSyncRow, sa.select(_sync).where(mine).with_for_update())
    left = _sync.c.id.in_([row.id for row in held if not (row.writer and writes(row.writer))])
    c.execute(sa.delete(_sync).where(left, _sync.c.remote_id == ""))
    settled = {"state": "synced", "code": "", "message": "", "remedy": ""}
    c.execute(sa.update(_sync).where(left).values(**settled))


def release(c: sa.Connection, writer: str, ids: Collection[str]) -> None:
    """End a write of these rows: others may write their records."""
    mine = sa.and_(_sync.c.id.in_(ids), _sync.c.writer == writer)
    c.execute(sa.update(_sync).where(mine).values(writer=""))


def save(c: sa.Connection, rows: Iterable[CrmSyncRow]) -> None:
    """Store what rows say of their records."""
    for row in rows:
        values = row.model_dump(exclude={"id", "writer"})
        c.execute(sa.update(_sync).where(_sync.c.id == row.id).values(values))


def of_conversation(c: sa.Connection, system: str, conversation_id: str) -> list[CrmSyncRow]:
    """The rows a conversation was the last to write."""
    mine = sa.and_(_sync.c.system == system, _sync.c.conversation_id == conversation_id)
    return _rows(c, mine)


def one(c: sa.Connection, sync_id: str) -> CrmSyncRow | None:
    """A row by its id."""
    return next(iter(_rows(c, _sync.c.id == sync_id)), None)


def page(
    c: sa.Connection, wanted: SyncFilters, limit: int, place: tuple[datetime, str] | None
) -> list[CrmSyncRow]:
    """Rows by latest update first, starting after an instant and id."""
    order = (_sync.c.updated_at, _sync.c.id)
    query = sa.select(_sync).order_by(*(column.desc() for column in order)).limit(limit)
    for name in ("state", "kind", "conversation_id"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(_sync.c[name] == value)
    if place is not None:
        query = query.where(after(order, place, newest_first=True))
    return every_row(c, CrmSyncRow, query)


def counts(c: sa.Connection, system: str) -> Mapping[str, int]:
    """How many records are in each state."""
    query = (
        sa.select(_sync.c.state, sa.func.count())
        .where(_sync.c.system == system)
        .group_by(_sync.c.state)
    )
    found: dict[str, int] = {state: n for state, n in c.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def waiting(c: sa.Connection, system: str) -> list[str]:
    """The conversations with records that are still to be written."""
    mine = _sync.c.system == system, _sync.c.state.in_(UNSETTLED)
    query = sa.select(_sync.c.conversation_id).where(*mine).distinct()
    return list(c.execute(query.order_by(_sync.c.conversation_id)).scalars())


def erased(c: sa.Connection, system: str) -> list[CrmSyncRow]:
    """Rows of forgotten persons whose records are still in the CRM."""
    standing = sa.and_(_sync.c.system == system, _sync.c.remote_id != "")
    return _rows(c, sa.and_(standing, about(done(), done())))


def about(persons: Any, conversations: Any) -> sa.ColumnElement[bool]:
    """The rows about these persons alone, or of these conversations. Both: ids, or queries."""
    return sa.or_(
        sa.and_(_sync.c.kind.in_(("contact", "lead")), _sync.c.key.in_(persons)),
        sa.and_(_sync.c.kind.not_in(SHARED), _sync.c.conversation_id.in_(conversations)),
    )


def writing(
    c: sa.Connection, persons: Iterable[str], conversations: Sequence[str], living: Collection[str]
) -> bool:
    """Whether one of these servers is writing records about them."""
    held = sa.select(_sync.c.writer).where(about(list(persons), conversations))
    writers = c.execute(held.where(_sync.c.writer != "")).scalars()
    return any(writer.rpartition("/")[0] in living for writer in writers)


def forget(c: sa.Connection, persons: Iterable[str], conversations: Sequence[str]) -> int:
    """Remove what these persons told from the rows of their records; returns how many.

    The rows keep their ids in the CRM; nothing can be written there through them any more.
    """
    theirs = list(persons)
    mine = about(theirs, conversations)
    blank: dict[str, Any] = {"fields": {}, "message": "", "remedy": ""}
    count = c.execute(sa.update(_sync).where(mine).values(blank)).rowcount
    c.execute(sa.delete(_record).where(_record.c.contact_id.in_(theirs)))
    accounts = _only_theirs(c, set(theirs), conversations)
    theirs_alone = sa.and_(_sync.c.kind == "account", _sync.c.key.in_(accounts))
    c.execute(sa.update(_sync).where(theirs_alone).values(blank))
    c.execute(sa.delete(_alias).where(_alias.c.account_id.in_(accounts)))
    return count


def _only_theirs(c: sa.Connection, persons: set[str], conversations: Sequence[str]) -> list[str]:
    """Keys of the companies these conversations mentioned and no other person belongs to."""
    told = _rows(c, sa.and_(_sync.c.kind == "account", _sync.c.conversation_id.in_(conversations)))
    return [row.key for row in told if not _has_others(c, row, persons)]


def _has_others(c: sa.Connection, account: CrmSyncRow, persons: set[str]) -> bool:
    others = sa.select(_sync.c.id).where(
        _sync.c.system == account.system, _sync.c.kind == "contact", _sync.c.key.not_in(persons),
        _sync.c.links["account"].as_string() == account.remote_id,
    )  # fmt: skip
    return c.execute(others.limit(1)).first() is not None


def _rows(c: sa.Connection, which: sa.ColumnElement[bool]) -> list[CrmSyncRow]:
    return every_row(c, CrmSyncRow, sa.select(_sync).where(which))
