"""`Callbacks`: promised calls, changes made to them by people and the clock, and our calls.

Each operation is one commit, so decision and write cannot diverge. Raises StoreFailed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.callbacks.record import OVER, Promise
from core.store import do_not_call, paging
from core.store.callback_rows import (
    Row,
    attempts_of,
    change_row,
    ends_of,
    fresh,
    note,
    promise_of,
    row_of,
    taken_back,
    unclaimed,
)
from core.store.callback_tables import CallbackEventRow, CallbackRow
from core.store.inserting import storable
from core.store.log import Query, Work, nothing
from core.store.tables import every_row
from core.store.writer import Writer

_callback = CallbackRow.__table__
_event = CallbackEventRow.__table__

LANE = "callbacks"


class UnknownCallback(Exception):
    """There is no promise with this id."""


class Over(Exception):
    """The promise has ended; `status` says how."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Taken(Over):
    """A colleague has the promise; `status` is their id."""


def promise_in(c: sa.Connection, conversation_id: str) -> dict[str, Any] | None:
    """The promise made in a conversation."""
    query = sa.select(_callback).where(_callback.c.conversation_id == conversation_id)
    row = c.execute(query).mappings().first()
    return dict(row) if row is not None else None


class Callbacks:
    """The store's interface for promised calls."""

    def __init__(self, writer: Writer, query: Query) -> None:
        self._writer = writer
        self._query = query

    # --- looking -----------------------------------------------------------------------------

    async def get(self, callback_id: str) -> dict[str, Any] | None:
        """A promise with its history and our calls; None if there is none."""

        def read(c: sa.Connection) -> dict[str, Any] | None:
            same = _callback.c.id == callback_id
            row = c.execute(sa.select(_callback).where(same)).mappings().first()
            if row is None:
                return None
            events = sa.select(_event).where(_event.c.callback_id == callback_id)
            history = c.execute(events.order_by(_event.c.seq)).mappings()
            tried = attempts_of(c, [callback_id])[callback_id]
            return {**row, "history": [dict(e) for e in history], "calls": tried}

        return await self._query(read)

    async def of_conversation(self, conversation_id: str) -> dict[str, Any] | None:
        """The promise made in a conversation."""
        return await self._query(lambda c: promise_in(c, conversation_id))

    async def listed(
        self, *, statuses: Sequence[str] = (), owner: str = "", number: str = "",
        due_before: datetime | None = None, limit: int = 50, after: str = "",
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Promises by the start of their window. `after`: the last id of the previous page."""
        order = (_callback.c.start_at, _callback.c.id)
        query = sa.select(_callback).order_by(*order).limit(limit)
        if statuses:
            query = query.where(_callback.c.status.in_(statuses))
        if owner:
            query = query.where(sa.or_(_callback.c.owner == owner, _callback.c.claimed_by == owner))
        if number:
            query = query.where(_callback.c.number == number)
        if due_before is not None:
            query = query.where(_callback.c.start_at <= due_before, _callback.c.status.not_in(OVER))
        if after:
            last = sa.select(_callback.c.start_at).where(_callback.c.id == after).scalar_subquery()
            query = query.where(paging.after(order, (last, after)))
        return await self._query(lambda c: [dict(row) for row in c.execute(query).mappings()])

    async def standing(self, callback_id: str) -> tuple[Promise, bool] | None:
        """A promise for decisions, and whether its number is on the do-not-call list."""

        def read(c: sa.Connection) -> tuple[Promise, bool] | None:
            same = sa.select(_callback).where(_callback.c.id == callback_id)
            row = c.execute(same).mappings().first()
            if row is None:
                return None
            tried = attempts_of(c, [callback_id])[callback_id]
            return promise_of(row, tried), do_not_call.barred(c, row["number"])

        return await self._query(read)

    async def unplanned(self, now: datetime, late: timedelta) -> list[tuple[str, int]]:
        """Promises whose durable work was not enqueued yet, or is overdue."""
        query = sa.select(_callback.c.id, _callback.c.version).where(
            _callback.c.status.not_in(OVER),
            sa.or_(
                _callback.c.planned < _callback.c.version,
                _callback.c.next_at < now - late,
                _callback.c.next_at.is_(None),
            ),
        )
        return await self._query(
            lambda c: [(row.id, row.version) for row in c.execute(query.order_by(_callback.c.id))]
        )

    # --- the clock ---------------------------------------------------------------------------

    async def planned(self, callback_id: str, version: int, next_at: datetime | None) -> None:
        """Record that durable work was enqueued for this version, to check again at an instant."""
        update = (
            sa.update(_callback)
            .where(_callback.c.id == callback_id, _callback.c.version == version)
            .where(_callback.c.status.not_in(OVER))
            .values(planned=version, next_at=next_at)
        )
        await self._writer.run(LANE, lambda c: c.execute(update).rowcount)

    async def remind(self, promise: Promise, at: datetime, person: str) -> bool:
        """Note, once per window, that somebody must be told the call is due."""
        status = promise.status if promise.claimed_by else "reminded"
        changes = {"reminded": True, "status": status}
        return await self._step(promise, at, "reminded", changes, person)

    async def escalate(self, promise: Promise, at: datetime, person: str) -> bool:
        """Note, once, that nobody claimed it and the next person up must be told."""
        changes = {"escalated": True, "status": "escalated"}
        return await self._step(promise, at, "escalated", changes, person)

    async def hand_on(self, promise: Promise, at: datetime, why: str, person: str) -> bool:
        """Note, once, that the agent stops calling and the owner must be told."""
        changes = {"handed_on": True, "reminded": True}
        return await self._step(promise, at, "handed_on", changes, person, why)

    async def lapse(self, promise: Promise, at: datetime, person: str) -> bool:
        """Mark it broken: the window passed without a call."""
        changes = {"status": "broken", "why": "nobody called in the window", "next_at": None}
        return await self._step(promise, at, "broken", changes, person)

    async def _step(
        self, promise: Promise, at: datetime, kind: str, changes: Mapping[str, Any], person: str,
        words: str = "",
    ) -> bool:  # fmt: skip
        flag = kind if kind in ("reminded", "escalated", "handed_on") else None

        def work(c: sa.Connection) -> bool:
            row = row_of(c, id=promise.id)
            if row is None or row["status"] in OVER or row["version"] != promise.version:
                return False
            if (flag and row[flag]) or row["claimed_by"] != promise.claimed_by:
                return False
            same = sa.update(_callback).where(_callback.c.id == promise.id)
            c.execute(same.values(**changes, updated_at=at))
            note(c, promise.id, at, kind, words=words, tells=person)
            return True

        return await self._writer.run(LANE, work)

    async def untold(self, callback_id: str) -> list[CallbackEventRow]:
        """Pending notifications, in order."""
        query = (
            sa.select(_event)
            .where(_event.c.callback_id == callback_id)
            .where(_event.c.tells != "", _event.c.told_at.is_(None))
            .order_by(_event.c.seq)
        )
        return await self._query(lambda c: every_row(c, CallbackEventRow, query))

    async def told(self, callback_id: str, seq: int, at: datetime) -> None:
        """Record that the person was notified."""
        same = sa.update(_event).where(_event.c.callback_id == callback_id, _event.c.seq == seq)
        await self._writer.run(LANE, lambda c: c.execute(same.values(told_at=at)).rowcount)

    # --- people ------------------------------------------------------------------------------

    # Each returns the conversation of the promise. `also`: writes in the same transaction.

    async def claim(
        self, callback_id: str, by: str, at: datetime, *, also: Work = nothing, first: bool = False
    ) -> str:
        """Assign it to a person, even if somebody else had it, unless they must be `first`.

        Raises: UnknownCallback, Over, Taken.
        """

        def change(c: sa.Connection, row: Row) -> None:
            if first and row["claimed_by"] not in ("", by):
                raise Taken(row["claimed_by"])
            values = {"claimed_by": by, "status": "claimed", "next_at": at, "planned": 0}
            change_row(c, row, values, at)
            note(c, row["id"], at, "claimed", by=by)

        return await self._open(callback_id, change, also)

    async def release(
        self, callback_id: str, by: str, at: datetime, *, also: Work = nothing,
        anybodys: bool = False,
    ) -> str:  # fmt: skip
        """Undo a claim of one's own, or `anybodys`: the promise waits for somebody to claim it.

        Raises: UnknownCallback; Over, also when nobody has it; Taken, when a colleague has.
        """

        def change(c: sa.Connection, row: Row) -> None:
            if not row["claimed_by"]:
                raise Over(row["status"])
            if row["claimed_by"] != by and not anybodys:
                raise Taken(row["claimed_by"])
            values = {"claimed_by": "", "status": unclaimed(row), "next_at": at, "planned": 0}
            change_row(c, row, values, at)
            note(c, row["id"], at, "released", by=by)

        return await self._open(callback_id, change, also)

    async def end(
        self, callback_id: str, status: str, by: str, at: datetime, why: str = "", *,
        also: Work = nothing,
    ) -> str:  # fmt: skip
        """Mark a promise as kept, broken or cancelled by a person.

        A broken one may still be kept later. Raises: UnknownCallback, Over.
        """

        def change(c: sa.Connection, row: Row) -> None:
            change_row(c, row, {"status": status, "why": storable(why), "next_at": None}, at)
            note(c, row["id"], at, status, by=by, words=why)

        after_all = ("broken",) if status == "kept" else ()
        return await self._open(callback_id, change, also, after_all)

    async def reopen(self, callback_id: str, by: str, at: datetime, *, also: Work = nothing) -> str:
        """Undo a team member's ending of a promise: it is open as before, and its timers run.

        Raises: UnknownCallback; Over, if the buyer or the clock ended it or nobody may call.
        """

        def change(c: sa.Connection, row: Row) -> None:
            before = taken_back(row, ends_of(c, [callback_id])[callback_id])
            if before is None or do_not_call.barred(c, row["number"]):
                raise Over(row["status"])
            change_row(c, row, before, at)
            note(c, callback_id, at, "reopened", by=by)

        return await self._open(callback_id, change, also, OVER)

    async def reopenable(self, rows: Sequence[Row]) -> set[str]:
        """Which of these promises `reopen` would reopen."""

        def read(c: sa.Connection) -> set[str]:
            ends = ends_of(c, [row["id"] for row in rows])
            ours = [row for row in rows if taken_back(row, ends[row["id"]]) is not None]
            return {row["id"] for row in ours if not do_not_call.barred(c, row["number"])}

        return await self._query(read)

    async def reschedule(
        self, callback_id: str, by: str, at: datetime, *, start: datetime, end: datetime,
        said: str, owner: str = "",
    ) -> str:  # fmt: skip
        """Set another window or owner and restart the timers. Raises: UnknownCallback, Over."""

        def change(c: sa.Connection, row: Row) -> None:
            values = fresh(row, at) | {"start_at": start, "end_at": end, "said": storable(said)}
            values |= {"owner": owner, "claimed_by": ""} if owner else {}
            values["status"] = "claimed" if row["claimed_by"] and not owner else "promised"
            change_row(c, row, values, at)
            note(c, row["id"], at, "rescheduled", by=by, words=said)

        return await self._open(callback_id, change, nothing, ("broken",))

    async def _open(
        self, callback_id: str, change: Callable[[sa.Connection, Row], None], also: Work,
        after_all: Sequence[str] = (),
    ) -> str:  # fmt: skip
        """Change an open promise, or one that ended in one of the states `after_all`; the change
        may refuse before it writes. Raises: UnknownCallback, Over."""

        def work(c: sa.Connection) -> str | UnknownCallback | Over:
            row = row_of(c, id=callback_id)
            if row is None:
                return UnknownCallback(callback_id)
            if row["status"] in OVER and row["status"] not in after_all:
                return Over(row["status"])
            try:
                change(c, row)
            except Over as refused:
                return refused
            also(c)
            return str(row["conversation_id"])

        done = await self._writer.run(LANE, work)
        if not isinstance(done, str):
            raise done
        return done
