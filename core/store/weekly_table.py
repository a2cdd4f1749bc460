"""The table of who wants the week's numbers by mail."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class WeeklyRow(Table, table=True):
    """An account that asked for them. `sent`: the Monday of the last mail, that none is twice."""

    __tablename__ = "weekly_mail"

    account_id: str = Field(primary_key=True, foreign_key="console_account.id")
    since: datetime = Field(sa_type=Instant)
    sent: str = ""
