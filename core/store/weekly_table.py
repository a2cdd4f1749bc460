"""The table of subscriptions to the weekly figures."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class WeeklyRow(Table, table=True):
    """A subscribed account. `sent`: the Monday of the last mail, so that none is sent twice."""

    __tablename__ = "weekly_mail"

    account_id: str = Field(primary_key=True, foreign_key="console_account.id")
    since: datetime = Field(sa_type=Instant)
    sent: str = ""
