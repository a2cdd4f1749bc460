"""Unanswered questions from other systems, for the gap report. Blocking, on a connection."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table, every_row
from knowledge.gaps import Unanswered
from knowledge.profile import Company


class AskedRow(Table, table=True):
    """A question from a ticket or chat, or the reason a deal was lost, without personal data."""

    __tablename__ = "asked_elsewhere"
    __table_args__ = (sa.Index("ix_asked_elsewhere_company", "company", "checked"),)

    source: str = Field(primary_key=True)
    """The export's name."""
    number: int = Field(primary_key=True)
    company: str
    record: str
    """Id of the ticket, chat or deal in that system."""
    text: str
    objection: bool = False
    reason: str = ""
    """Why knowledge does not answer it."""
    owner: str = ""
    worth: float = 0.0
    at: datetime = Field(sa_type=Instant)
    imported_at: datetime = Field(sa_type=Instant)
    checked: str = ""
    """The knowledge version that does not answer it."""


_asked = AskedRow.__table__
LANE = "asked"


def replace_source(
    c: sa.Connection, company: Company, source: str, found: Sequence[Unanswered],
    at: datetime, checked: str,
) -> None:  # fmt: skip
    """Store an export's unanswered questions in place of its previous ones."""
    forget_source(c, company, source)
    rows = [
        AskedRow(
            source=source, number=n, company=company.id, record=one.conversation, text=one.text,
            objection=one.objection, reason=one.reason, owner=one.owner, worth=one.worth,
            at=one.at, imported_at=at, checked=checked,
        ).model_dump()
        for n, one in enumerate(found, start=1)
    ]  # fmt: skip
    if rows:
        c.execute(sa.insert(_asked), rows)


def forget_source(c: sa.Connection, company: Company, source: str) -> int:
    """Delete an export's questions; returns how many there were."""
    mine = (_asked.c.company == company.id) & (_asked.c.source == source)
    return c.execute(sa.delete(_asked).where(mine)).rowcount


def asked_elsewhere(
    c: sa.Connection, company: Company, since: datetime | None = None
) -> list[Unanswered]:
    """Unanswered questions from other systems, oldest first."""
    query = sa.select(_asked).where(_asked.c.company == company.id)
    if since is not None:
        query = query.where(_asked.c.at >= since)
    rows = every_row(c, AskedRow, query.order_by(_asked.c.at, _asked.c.source, _asked.c.number))
    return [
        Unanswered(
            text=row.text, reason=row.reason, owner=row.owner,
            conversation=f"{row.source}:{row.record}", caller=f"{row.source}:{row.record}",
            at=row.at, worth=row.worth, source=row.source, objection=row.objection,
        )
        for row in rows
    ]  # fmt: skip


def unchecked(c: sa.Connection, company: Company, version: str) -> bool:
    """Whether some were last checked against another knowledge version."""
    query = sa.select(_asked.c.number).where(
        _asked.c.company == company.id, _asked.c.checked != version
    )
    return c.execute(query.limit(1)).first() is not None


def check_again(
    c: sa.Connection, company: Company, version: str, answers: Callable[[str, bool], bool]
) -> int:
    """Delete the questions that this knowledge version answers; returns how many.

    `answers`: whether it does, given the words and whether they are an objection.
    """
    query = sa.select(_asked).where(_asked.c.company == company.id, _asked.c.checked != version)
    gone = 0
    for row in every_row(c, AskedRow, query):
        mine = (_asked.c.source == row.source) & (_asked.c.number == row.number)
        if answers(row.text, row.objection):
            gone += c.execute(sa.delete(_asked).where(mine)).rowcount
        else:
            c.execute(sa.update(_asked).where(mine).values(checked=version))
    return gone
