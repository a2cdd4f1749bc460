"""The table of questions from other systems that approved knowledge does not answer."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


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
