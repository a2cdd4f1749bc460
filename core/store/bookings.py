"""Bookings in the database: each change is one transaction, and the cells' key settles every race.

Functions take the connection of a write transaction and may run again after a failed commit, so
each first checks whether its work was already done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from core.scheduling.board import Booking
from core.scheduling.slots import CELL, Busy, Slot, cells, still_free
from core.scheduling.tools import (
    Booked,
    BookSlot,
    CancelBooking,
    Cancelled,
    Held,
    HoldSlot,
    MoveBooking,
    Receipt,
    Refused,
    Tool,
)
from core.store.booking_tables import BookingRow, CellRow
from core.store.forgotten import among
from core.store.inserting import insert
from core.store.tables import ConversationRow
from knowledge.profile import Company

_booking = BookingRow.__table__
_cell = CellRow.__table__
_conversation = ConversationRow.__table__

HOLD = timedelta(minutes=10)
"""How long a chosen slot is held while details are missing."""
GONE = "it is not booked any more"


def carry_out(
    c: sa.Connection, tool: Tool, company: Company, busy: Sequence[Busy], at: datetime
) -> Receipt:
    """Run a tool or refuse it. `busy`: the rep's time taken in other calendars."""
    match tool:
        case HoldSlot():
            return _hold(c, tool, company, busy, at)
        case BookSlot():
            return _book(c, tool, company, busy, at)
        case MoveBooking():
            return _move(c, tool, company, busy, at)
        case CancelBooking():
            return _cancel(c, tool, at)


def booking_id(conversation_id: str, turn: int) -> str:
    """One booking id per turn, the same on every try."""
    return uuid5(NAMESPACE_URL, f"voice-agent:booking:{conversation_id}:{turn}").hex


def booking_of(row: Mapping[Any, Any]) -> Booking:
    """A row as a `Booking`."""
    return Booking(
        row["id"], row["rep"], row["meeting"], row["starts_at"], row["ends_at"], row["uid"],
        row["sequence"], row["zone"], row["conversation_id"],
    )  # fmt: skip


def by_uids(c: sa.Connection, uids: Sequence[str]) -> dict[str, tuple[Booking, bool]]:
    """Bookings by the UIDs of their calendar entries, each with whether it stands."""
    rows = c.execute(sa.select(_booking).where(_booking.c.uid.in_(uids))).mappings()
    return {row["uid"]: (booking_of(row), row["status"] == "booked") for row in rows}


def elsewhere(c: sa.Connection, made: str, conversation_id: str) -> str | None:
    """The conversation that booked a meeting, if it is another one and not forgotten."""
    query = (
        sa.select(_conversation.c.id)
        .join(_booking, _booking.c.conversation_id == _conversation.c.id)
        .where(_booking.c.id == made, _conversation.c.id != conversation_id)
    )
    found = c.execute(query).scalar()
    return found if found and not among(c, [found]) else None


def entered(c: sa.Connection, uid: str, sequence: int) -> None:
    """Record that a meeting is on a calendar server as of a change."""
    c.execute(sa.update(_booking).where(_booking.c.uid == uid).values(entered=sequence))


def without_rep(c: sa.Connection, company: Company, after: datetime) -> list[Booking]:
    """A company's meetings that begin after an instant with somebody who is not in its team."""
    team = [rep.id for rep in company.team]
    query = (
        sa.select(_booking)
        .join(_conversation, _conversation.c.id == _booking.c.conversation_id)
        .where(_booking.c.status == "booked", _booking.c.starts_at > after)
        .where(_booking.c.rep.not_in(team), _conversation.c.company == company.id)
    )
    return [booking_of(row) for row in c.execute(query.order_by(_booking.c.starts_at)).mappings()]


def on_servers(c: sa.Connection, after: datetime) -> list[Booking]:
    """The meetings that begin after an instant and are on a calendar server as they stand."""
    query = sa.select(_booking).where(
        _booking.c.status == "booked", _booking.c.starts_at > after,
        _booking.c.entered == _booking.c.sequence,
    )  # fmt: skip
    return [booking_of(row) for row in c.execute(query.order_by(_booking.c.starts_at)).mappings()]


def taken_cells(
    c: sa.Connection, reps: Sequence[str], start: datetime, end: datetime, at: datetime,
    besides: Sequence[str] = (),
) -> dict[str, tuple[Busy, ...]]:  # fmt: skip
    """Cells taken by bookings and unexpired holds, by rep, except those held by `besides`."""
    query = sa.select(_cell.c.rep, _cell.c.starts_at).where(
        _cell.c.rep.in_(reps), _cell.c.starts_at >= start, _cell.c.starts_at < end,
        sa.or_(_cell.c.expires_at.is_(None), _cell.c.expires_at > at),
        _cell.c.holder.not_in(besides),
    )  # fmt: skip
    found: dict[str, list[Busy]] = {rep: [] for rep in reps}
    for rep, starts_at in c.execute(query.order_by(_cell.c.rep, _cell.c.starts_at)):
        spans = found[rep]
        ends = starts_at + CELL
        if spans and spans[-1].end == starts_at:
            spans[-1] = Busy(spans[-1].start, ends)
        else:
            spans.append(Busy(starts_at, ends))
    return {rep: tuple(spans) for rep, spans in found.items()}


def _hold(
    c: sa.Connection, tool: HoldSlot, company: Company, busy: Sequence[Busy], at: datetime
) -> Receipt:
    holder = holder_of(tool.who.conversation_id)
    give_back(c, tool.who.conversation_id)
    why = _take(c, tool.slot, company, busy, at, holder, at + HOLD)
    return Refused(why) if why else Held(tool.slot)


def _book(
    c: sa.Connection, tool: BookSlot, company: Company, busy: Sequence[Busy], at: datetime
) -> Receipt:
    who, slot = tool.who, tool.slot
    made = booking_id(who.conversation_id, who.turn)
    if (row := _row(c, made)) is not None:
        return Booked(booking_of(row))
    give_back(c, who.conversation_id)
    if why := _take(c, slot, company, busy, at, made):
        return Refused(why)
    booking = BookingRow(
        id=made, conversation_id=who.conversation_id, caller=who.caller, rep=slot.rep,
        meeting=slot.meeting, starts_at=slot.start, ends_at=slot.end, zone=who.zone,
        uid=f"{made}@{company.id}.voice-agent", created_at=at, updated_at=at,
    ).model_dump()  # fmt: skip
    c.execute(sa.insert(_booking).values(booking))
    return Booked(booking_of(booking))


def _move(
    c: sa.Connection, tool: MoveBooking, company: Company, busy: Sequence[Busy], at: datetime
) -> Receipt:
    slot, row = tool.slot, _row(c, tool.booking.id, lock=True)
    if row is None or row["status"] != "booked":
        return Refused(GONE)
    if (row["starts_at"], row["rep"]) == (slot.start, slot.rep):
        return Booked(booking_of(row), moved=True)
    give_back(c, tool.who.conversation_id)
    before = c.execute(sa.select(_cell).where(_cell.c.holder == row["id"])).mappings().all()
    c.execute(sa.delete(_cell).where(_cell.c.holder == row["id"]))
    if why := _take(c, slot, company, busy, at, row["id"]):
        if before:
            c.execute(sa.insert(_cell), [dict(cell) for cell in before])
        return Refused(why)
    values = {"rep": slot.rep, "meeting": slot.meeting, "starts_at": slot.start,
              "ends_at": slot.end, "sequence": row["sequence"] + 1, "updated_at": at}  # fmt: skip
    c.execute(sa.update(_booking).where(_booking.c.id == row["id"]).values(**values))
    return Booked(booking_of(_row(c, row["id"]) or row), moved=True)


def _cancel(c: sa.Connection, tool: CancelBooking, at: datetime) -> Receipt:
    row = _row(c, tool.booking.id, lock=True)
    if row is None:
        return Refused(GONE)
    if row["status"] == "booked":
        c.execute(sa.delete(_cell).where(_cell.c.holder == row["id"]))
        values = {"status": "cancelled", "sequence": row["sequence"] + 1, "updated_at": at}
        c.execute(sa.update(_booking).where(_booking.c.id == row["id"]).values(**values))
    return Cancelled(booking_of(_row(c, row["id"]) or row))


def _take(
    c: sa.Connection, slot: Slot, company: Company, busy: Sequence[Busy], at: datetime,
    holder: str, expires_at: datetime | None = None,
) -> str | None:  # fmt: skip
    """Take a slot's cells, all or none; returns why not, if not."""
    if why := still_free(slot, company, busy, at):
        return why
    buffer = next(m.buffer_minutes for m in company.meeting_types if m.id == slot.meeting)
    wanted = cells(slot.start, slot.end + timedelta(minutes=buffer))
    mine = sa.and_(_cell.c.rep == slot.rep, _cell.c.starts_at.in_(wanted))
    c.execute(sa.delete(_cell).where(mine, _cell.c.expires_at <= at))
    rows = [
        {"rep": slot.rep, "starts_at": cell, "holder": holder, "expires_at": expires_at}
        for cell in wanted
    ]
    taken = c.execute(
        insert(c, _cell).values(rows).on_conflict_do_nothing().returning(_cell.c.starts_at)
    )
    if len(taken.all()) == len(wanted):
        return None
    c.execute(sa.delete(_cell).where(mine, _cell.c.holder == holder))
    return "it is taken"


def holder_of(conversation_id: str) -> str:
    """The holder name of a cell not booked yet."""
    return f"hold:{conversation_id}"


def give_back(c: sa.Connection, conversation_id: str) -> None:
    """Release a conversation's hold."""
    c.execute(sa.delete(_cell).where(_cell.c.holder == holder_of(conversation_id)))


def _row(c: sa.Connection, made: str, *, lock: bool = False) -> sa.RowMapping | None:
    query = sa.select(_booking).where(_booking.c.id == made)
    return c.execute(query.with_for_update() if lock else query).mappings().first()
