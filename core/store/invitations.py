"""Outcomes of the chat's invitations, counted by the hour. Blocking."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.metrics.invitations import Invited, invited
from core.metrics.outcomes import Came
from core.store.figures import Period
from core.store.inserting import insert
from core.store.tables import Instant, Table


class InvitationRow(Table, table=True):
    """How often per hour an invitation was `shown`, `taken` or `dismissed`."""

    __tablename__ = "invitation"

    hour: datetime = Field(primary_key=True, sa_type=Instant)
    rule: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    times: int = 0


_invitation = InvitationRow.__table__


def count(c: sa.Connection, rule: str, what: str, at: datetime) -> None:
    """Count one more, in the connection's transaction."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    fresh = insert(c, _invitation).values(hour=hour, rule=rule, what=what, times=1)
    c.execute(
        fresh.on_conflict_do_update(
            index_elements=["hour", "rule", "what"], set_={"times": _invitation.c.times + 1}
        )
    )


def figures_of(c: sa.Connection, period: Period, ended: list[Came]) -> tuple[Invited, ...]:
    """Each invitation of a period with its outcomes; `ended`: the period's conversations."""
    every = (
        sa.select(_invitation.c.rule, _invitation.c.what, sa.func.sum(_invitation.c.times))
        .where(_invitation.c.hour >= period.since, _invitation.c.hour < period.until)
        .group_by(_invitation.c.rule, _invitation.c.what)
    )
    return invited({(rule, what): times for rule, what, times in c.execute(every)}, ended)
