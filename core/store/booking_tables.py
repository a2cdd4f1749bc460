"""The tables of meetings: bookings, the cells they take, and who was given which lead."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class BookingRow(Table, table=True):
    """A meeting with a rep. `sequence` grows with each change, `uid` never changes."""

    __tablename__ = "booking"
    __table_args__ = (sa.Index("ix_booking_caller", "caller", "starts_at"),)

    id: str = Field(primary_key=True)
    conversation_id: str = Field(index=True)
    """The conversation that booked it."""
    caller: str | None = None
    """E.164 of who booked it."""
    rep: str
    meeting: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    zone: str = ""
    """The buyer's time zone; empty when unknown."""
    uid: str = Field(unique=True)
    sequence: int = 0
    status: str = "booked"
    """booked or cancelled"""
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    blank_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    """When its entry on a calendar server is to be blanked: its person was forgotten."""
    blanked: bool = False
    """Whether that is done."""


class CellRow(Table, table=True):
    """A quarter of an hour of a rep's time that is taken. Its key makes double booking impossible.

    `holder` is a booking's id, or `hold:` and the conversation that keeps it until `expires_at`.
    """

    __tablename__ = "booking_cell"

    rep: str = Field(primary_key=True)
    starts_at: datetime = Field(primary_key=True, sa_type=Instant)
    holder: str = Field(index=True)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)


class CalendarRow(Table, table=True):
    """An entry of the embedded calendar: a meeting, or time somebody blocked."""

    __tablename__ = "calendar_entry"
    __table_args__ = (sa.Index("ix_calendar_entry_time", "rep", "ends_at"),)

    uid: str = Field(primary_key=True)
    rep: str
    sequence: int = 0
    title: str = ""
    notes: str = ""
    guest: str = ""
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    cancelled: bool = False
    ours: bool = True
    """Whether a booking of ours stands behind it; else it is time that somebody blocked."""


class AssignmentRow(Table, table=True):
    """The rep a conversation's lead was routed to, as its last decision says: the ledger's line."""

    __tablename__ = "assignment"
    __table_args__ = (sa.Index("ix_assignment_time", "at"),)

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    rep: str
    action: str
    at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the lead was dealt with; until then it counts against the rep's capacity."""
