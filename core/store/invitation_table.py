"""The table of what became of the chat's invitations: counts alone, of nobody in particular."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class InvitationRow(Table, table=True):
    """How often in an hour an invitation was `shown`, `taken` or `dismissed`."""

    __tablename__ = "invitation"

    hour: datetime = Field(primary_key=True, sa_type=Instant)
    rule: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    times: int = 0
