"""The table of chat invitation counts, without personal data."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class InvitationRow(Table, table=True):
    """How often per hour an invitation was `shown`, `taken` or `dismissed`."""

    __tablename__ = "invitation"

    hour: datetime = Field(primary_key=True, sa_type=Instant)
    rule: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    times: int = 0
