"""The tables of notices: what people are told, and each channel's delivery state."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class NoticeRow(Table, table=True):
    """A matter for a person, as shown in the inbox. Its id is derived from both."""

    __tablename__ = "notice"
    __table_args__ = (sa.Index("ix_notice_created", "created_at", "id"),)

    id: str = Field(primary_key=True)
    person: str = Field(default="", index=True)
    """Id of a rep or steward."""
    kind: str
    title: str
    text: str = ""
    about: str = ""
    """Id of its subject, e.g. of a callback."""
    acts: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Actions they can take with a button."""
    conversation_id: str = Field(default="", index=True)
    urgent: bool = False
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_by: str = ""


class NoticeDeliveryRow(Table, table=True):
    """A notice's delivery on one outside channel, such as Slack; `ref` is its id there."""

    __tablename__ = "notice_delivery"

    notice_id: str = Field(primary_key=True)
    way: str = Field(primary_key=True)
    status: str = Field(default="queued", index=True)
    """queued, sent or dead (a person has to look)"""
    tries: int = 0
    why: str = ""
    ref: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    at: datetime = Field(sa_type=Instant)
