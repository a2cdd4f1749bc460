"""The table of nurture enrolments, and their sync with the outside system."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class NurtureRow(Table, table=True):
    """One nurture enrolment of one buyer; it begins with a conversation."""

    __tablename__ = "nurture"
    __table_args__ = (sa.Index("ix_nurture_status", "status", "re_engage_on"),)

    conversation_id: str = Field(primary_key=True)
    name: str = ""
    company: str = ""
    email: str = Field(default="", index=True)
    phone: str = ""
    owner: str = ""
    reason: str = ""
    resources: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    re_engage_on: datetime = Field(sa_type=Instant)
    status: str = "enrolled"
    """enrolled, due (the rep was told), left, or suppressed"""
    why: str = ""
    """Why they left or were suppressed."""
    enrolled_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    synced: str = ""
    """The status last sent to the outside system; empty: none."""
    sync_why: str = ""
    """Why the sync failed."""
