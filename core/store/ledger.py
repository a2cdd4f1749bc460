"""Lead assignments: the fairness ledger, each rep's open leads, and who knows a caller.

A lead is a qualified conversation, or one that wants a person; others do not count towards a rep's
share. It stays open until closed, or for a month.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.events import RouteChosen
from core.facts.standing import HANDED_OVER
from core.scheduling.board import Assigned
from core.store.booking_tables import AssignmentRow
from core.store.inserting import storable
from core.store.tables import ConversationRow

_assigned = AssignmentRow.__table__
_conversation = ConversationRow.__table__

COUNTED = timedelta(days=30)
"""How far back the ledger looks, and how long an unclosed lead stays open."""


def assign(c: sa.Connection, conversation_id: str, at: datetime, route: RouteChosen) -> None:
    """Record a routing decision; a later one of the same conversation replaces it."""
    same = _assigned.c.conversation_id == conversation_id
    if route.rep is None:
        c.execute(sa.delete(_assigned).where(same))
        return
    values = {"rep": storable(route.rep), "action": route.action, "at": at}
    if not c.execute(sa.update(_assigned).where(same).values(values)).rowcount:
        c.execute(sa.insert(_assigned).values(conversation_id=conversation_id, **values))


def ledger(c: sa.Connection, at: datetime, besides: str) -> dict[str, Assigned]:
    """Recent leads of each rep, without one conversation's."""
    given = sa.select(
        _assigned.c.rep, sa.func.count(), sa.func.max(_conversation.c.started_at)
    ).where(*_leads(at, besides))
    return {rep: Assigned(n, last) for rep, n, last in c.execute(given.group_by(_assigned.c.rep))}


def load(c: sa.Connection, at: datetime, besides: str) -> dict[str, int]:
    """Open leads of each rep, without one conversation's."""
    still = sa.select(_assigned.c.rep, sa.func.count()).where(
        *_leads(at, besides), _assigned.c.closed_at.is_(None)
    )
    return {rep: n for rep, n in c.execute(still.group_by(_assigned.c.rep))}


def met(
    c: sa.Connection, caller: str | None, besides: str, theirs: Sequence[str] = ()
) -> tuple[str, ...]:
    """Reps who were given leads from this number, or from these conversations, latest first."""
    mine: sa.ColumnElement[bool] = _conversation.c.id.in_(theirs)
    if caller is not None:  # a withheld number identifies nobody
        mine = sa.or_(mine, _conversation.c.caller == caller)
    before = (
        sa.select(_assigned.c.rep)
        .where(_of_conversation(), mine)
        .where(_assigned.c.conversation_id != besides, _conversation.c.verdict.in_(HANDED_OVER))
        .order_by(_conversation.c.started_at.desc())
    )
    return tuple(dict.fromkeys(c.execute(before).scalars()))


def _leads(at: datetime, besides: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _of_conversation(),
        _assigned.c.conversation_id != besides,
        _conversation.c.verdict.in_(HANDED_OVER),
        _assigned.c.at > at - COUNTED,
    )


def _of_conversation() -> sa.ColumnElement[bool]:
    same: sa.ColumnElement[bool] = _conversation.c.id == _assigned.c.conversation_id
    return same
