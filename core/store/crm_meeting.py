"""The embedded CRM's meetings: one per booking, however often it is written or moved."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class MeetingRow(Table, table=True):
    """A meeting in the embedded CRM, in CRM terms."""

    __tablename__ = "crm_meeting"

    id: str = Field(primary_key=True)
    booking_id: str = Field(unique=True)
    contact_id: str | None = Field(default=None, foreign_key="crm_contact.id", index=True)
    account_id: str | None = Field(default=None, foreign_key="crm_account.id")
    owner: str
    title: str
    outcome: str = "SCHEDULED"
    """SCHEDULED, RESCHEDULED or CANCELED"""
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
