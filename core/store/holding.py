"""Legal holds: what may not be deleted, who placed the hold and why, and when it was released."""

from datetime import datetime
from typing import Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import Field

from core.store.contacts import root_of
from core.store.people import everybody
from core.store.tables import ConversationRow, Instant, Table, every_row, first_row


class Hold(Table, table=True):
    """A hold: while it is active, nothing of the person or conversation is deleted."""

    __tablename__ = "legal_hold"

    id: str = Field(primary_key=True)
    kind: str
    """person or conversation"""
    target: str = Field(index=True)
    why: str
    by: str
    at: datetime = Field(sa_type=Instant)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
    released_by: str | None = None


_hold = Hold.__table__
_conversation = ConversationRow.__table__
Kind = Literal["person", "conversation"]


def place(
    c: sa.Connection, kind: Kind, target: str, why: str, by: str, at: datetime
) -> Hold | None:
    """Place a hold on a person or a conversation; None if the id is unknown."""
    known = (
        root_of(c, target)
        if kind == "person"
        else c.execute(sa.select(_conversation.c.id).where(_conversation.c.id == target)).scalar()
    )
    if known is None:
        return None
    row = Hold(id=uuid4().hex, kind=kind, target=target, why=why, by=by, at=at)
    c.execute(sa.insert(_hold).values(row.model_dump()))
    return row


def release(c: sa.Connection, hold_id: str, by: str, at: datetime) -> Hold | None:
    """Release a hold; idempotent. None if there is no such hold."""
    standing = sa.and_(_hold.c.id == hold_id, _hold.c.released_at.is_(None))
    c.execute(sa.update(_hold).where(standing).values(released_at=at, released_by=by))
    return first_row(c, Hold, sa.select(_hold).where(_hold.c.id == hold_id))


def holds(c: sa.Connection, *, standing: bool = False) -> list[Hold]:
    """All holds, newest first; `standing`: only active ones."""
    query = sa.select(_hold).order_by(_hold.c.at.desc(), _hold.c.id)
    if standing:
        query = query.where(_hold.c.released_at.is_(None))
    return every_row(c, Hold, query)


def held(c: sa.Connection) -> frozenset[str]:
    """Conversations under a hold."""
    found: set[str] = set()
    for hold in holds(c, standing=True):
        if hold.kind == "conversation":
            found.add(hold.target)
            continue
        persons = everybody(c, root_of(c, hold.target) or hold.target)
        theirs = sa.select(_conversation.c.id).where(_conversation.c.person_id.in_(persons))
        found.update(c.execute(theirs).scalars())
    return frozenset(found)


def holding(c: sa.Connection, person: str) -> Hold | None:
    """The hold that prevents a person's erasure, if any."""
    persons = everybody(c, root_of(c, person) or person)
    theirs = sa.select(_conversation.c.id).where(_conversation.c.person_id.in_(persons))
    conversations = set(c.execute(theirs).scalars())
    for hold in holds(c, standing=True):
        if hold.target in (conversations if hold.kind == "conversation" else {*persons, person}):
            return hold
    return None
