"""The table of what buyers asked in other systems and approved knowledge does not answer."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class AskedRow(Table, table=True):
    """A question of a ticket or chat, or a reason a deal was lost, without personal data."""

    __tablename__ = "asked_elsewhere"
    __table_args__ = (sa.Index("ix_asked_elsewhere_company", "company", "checked"),)

    source: str = Field(primary_key=True)
    """The export's name."""
    number: int = Field(primary_key=True)
    company: str
    record: str
    """Id of the ticket, chat or deal there."""
    text: str
    objection: bool = False
    reason: str = ""
    """Why knowledge does not answer it."""
    owner: str = ""
    worth: float = 0.0
    at: datetime = Field(sa_type=Instant)
    imported_at: datetime = Field(sa_type=Instant)
    checked: str = ""
    """The version of knowledge that does not answer it."""
