"""The embedded CRM's meetings: one per booking, however often it is written or moved."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.booking_tables import BookingRow
from core.store.crm import derived
from core.store.tables import Instant, Table


class MeetingRow(Table, table=True):
    """A meeting in the embedded CRM, in the field's terms."""

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


_booking = BookingRow.__table__  # type: ignore[attr-defined]
_meeting = MeetingRow.__table__  # type: ignore[attr-defined]


def upsert_meeting(
    c: sa.Connection, values: dict[str, Any], sequence: int, at: datetime
) -> tuple[str, str]:
    """`(id, status)` of a booking's one meeting; `values` carry `booking_id`.

    What a newer change of the booking has overtaken (`sequence`) is not written any more.
    """
    booking_id = values["booking_id"]
    current = sa.select(_booking.c.sequence).where(_booking.c.id == booking_id)
    if (c.execute(current).scalar() or 0) > sequence:
        return derived("meeting", booking_id), "unchanged"
    row = (
        c.execute(sa.select(_meeting).where(_meeting.c.booking_id == booking_id)).mappings().first()
    )
    if row is None:
        made = derived("meeting", booking_id)
        c.execute(sa.insert(_meeting).values(id=made, **values, updated_at=at))
        return made, "created"
    new = {k: v for k, v in values.items() if row[k] != v and v is not None}
    if not new:
        return str(row["id"]), "unchanged"
    c.execute(sa.update(_meeting).where(_meeting.c.id == row["id"]).values(**new, updated_at=at))
    return str(row["id"]), "updated"
