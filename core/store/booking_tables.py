"""The tables of meetings: bookings, the calendar cells they occupy, and lead assignments."""

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
    """The booker's number, E.164."""
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
    entered: int | None = None
    """The sequence that was written to a calendar server; None: it is on none."""
    blank_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    """When to blank its entry on a calendar server, because its person was forgotten."""
    blanked: bool = False
    """Whether that was done."""


class CellRow(Table, table=True):
    """A taken quarter hour of a rep's time. Its primary key makes double booking impossible.

    `holder`: a booking's id, or `hold:` plus the conversation that holds it until `expires_at`.
    """

    __tablename__ = "booking_cell"

    rep: str = Field(primary_key=True)
    starts_at: datetime = Field(primary_key=True, sa_type=Instant)
    holder: str = Field(index=True)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)


class CalendarRow(Table, table=True):
    """An entry of the embedded calendar: a meeting, or time that somebody blocked."""

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
    """Whether one of our bookings is behind it; else somebody blocked the time."""


class AssignmentRow(Table, table=True):
    """The rep a conversation's lead was last routed to: the ledger's line."""

    __tablename__ = "assignment"
    __table_args__ = (sa.Index("ix_assignment_time", "at"),)

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    rep: str
    action: str
    at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the lead was closed; until then it counts against the rep's capacity."""
