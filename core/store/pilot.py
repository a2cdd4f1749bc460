"""The pilot switch in the database, and whether a caller was taken before."""

from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import Field

from core.pilot import Switch
from core.store.tables import ConversationRow, Instant, Table


class PilotSwitchRow(Table, table=True):
    """One change of the switch; the latest applies, earlier ones are its history."""

    __tablename__ = "pilot_switch"

    id: str = Field(primary_key=True)
    on: bool
    by: str = ""
    why: str = ""
    at: datetime = Field(sa_type=Instant, index=True)


_switch = PilotSwitchRow.__table__
_conversation = ConversationRow.__table__


def switched(c: sa.Connection) -> Switch:
    """The switch's current state."""
    latest = sa.select(_switch).order_by(_switch.c.at.desc(), _switch.c.id.desc()).limit(1)
    row = c.execute(latest).mappings().first()
    return Switch(row["on"], row["by"], row["why"], row["at"]) if row else Switch()


def switch(c: sa.Connection, *, on: bool, by: str, why: str, at: datetime) -> Switch:
    """Set the switch, in the connection's transaction; never dated before the current state."""
    held = switched(c)
    if held.at is not None and at <= held.at:
        at = held.at + timedelta(microseconds=1)
    row = PilotSwitchRow(id=f"{at.isoformat()}-{uuid4().hex}", on=on, by=by[:100], why=why[:300],
                         at=at)  # fmt: skip
    c.execute(sa.insert(_switch).values(row.model_dump()))
    return Switch(on, row.by, row.why, at)


def taken_before(c: sa.Connection, company: str, caller: str) -> bool:
    """Whether the agent has talked with this number by phone."""
    query = (
        sa.select(_conversation.c.id)
        .where(_conversation.c.caller == caller, _conversation.c.company == company)
        .where(_conversation.c.channel == "voice", _conversation.c.direction == "inbound")
    )
    return c.execute(query.limit(1)).first() is not None
