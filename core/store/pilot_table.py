"""The table of the switch that takes the agent off all lines."""

from datetime import datetime

from sqlmodel import Field

from core.store.tables import Instant, Table


class PilotSwitchRow(Table, table=True):
    """One change of the switch; the latest applies, earlier ones are its history."""

    __tablename__ = "pilot_switch"

    id: str = Field(primary_key=True)
    on: bool
    by: str = ""
    why: str = ""
    at: datetime = Field(sa_type=Instant, index=True)
