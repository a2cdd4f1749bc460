"""`Dialling`: outbound calls recorded before they are dialled, and the do-not-call list.

Each operation is one commit, so decision and write cannot diverge. Raises StoreFailed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import sqlalchemy as sa

from core.callbacks.dial import May, Not, may_dial
from core.callbacks.record import OVER, AttemptStatus
from core.store import do_not_call
from core.store.callback_rows import attempts_of, change_row, close, note, promise_of, row_of
from core.store.callback_tables import CallbackAttemptRow, CallbackRow
from core.store.log import Query, Work, nothing
from core.store.writer import Writer
from knowledge.profile import Company

_callback = CallbackRow.__table__
_attempt = CallbackAttemptRow.__table__

LANE = "callbacks"
AGENT = "agent"
_ORDER = get_args(AttemptStatus)
"""Call states in order of progress; final states by when they are learned."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded outbound call that may be dialled now, once."""

    attempt: str
    n: int
    number: str


@dataclass(frozen=True, slots=True)
class Barred:
    """A number on the do-not-call list: whether it was added now, and the conversations whose
    promised calls were cancelled."""

    new: bool
    cancelled: tuple[str, ...]


class Dialling:
    """The store's interface for outbound calls."""

    def __init__(self, writer: Writer, query: Query) -> None:
        self._writer = writer
        self._query = query

    async def attempt(
        self, callback_id: str, now: datetime, company: Company
    ) -> Recorded | Not | None:
        """Record a call and allow dialling it, or say why not; None: no such promise.

        The list, the promise and its calls are checked in the same commit, so that a dial is
        allowed only once.
        """

        def work(c: sa.Connection) -> Recorded | Not | None:
            row = row_of(c, id=callback_id)
            if row is None:
                return None
            tried = attempts_of(c, [callback_id])[callback_id]
            barred = do_not_call.barred(c, row["number"])
            answer = may_dial(promise_of(row, tried), now, company, barred=barred)
            if not isinstance(answer, May):
                return answer
            n = len(tried) + 1
            made = CallbackAttemptRow(
                id=f"{callback_id}-{n}", callback_id=callback_id, n=n, number=row["number"],
                at=now, updated_at=now,
            )  # fmt: skip
            c.execute(sa.insert(_attempt).values(made.model_dump()))
            change_row(c, row, {"status": "attempted"}, now)
            note(c, callback_id, now, f"attempt_{n}", by=AGENT)
            return Recorded(made.id, n, made.number)

        return await self._writer.run(LANE, work)

    async def progressed(
        self, attempt: str, status: str, at: datetime, *, call_sid: str = "", answered_by: str = ""
    ) -> str | None:
        """Record a call's status; returns its promise's id, None if the call is not ours.

        Updates may arrive late or twice: an earlier state never replaces a later one.
        """

        def work(c: sa.Connection) -> str | None:
            same = _attempt.c.id == attempt
            query = sa.select(_attempt).where(same).with_for_update()
            row = c.execute(query).mappings().first()
            if row is None:
                return None
            values: dict[str, Any] = {"updated_at": at}
            if call_sid and not row["call_sid"]:
                values["call_sid"] = call_sid
            if answered_by:
                values["answered_by"] = answered_by
            if _follows(row["status"], status):
                values["status"] = status
            c.execute(sa.update(_attempt).where(same).values(**values))
            return str(row["callback_id"])

        return await self._writer.run(LANE, work)

    async def attempt_of(self, attempt: str) -> dict[str, Any] | None:
        """An outbound call with its promise under `callback`."""

        def read(c: sa.Connection) -> dict[str, Any] | None:
            row = c.execute(sa.select(_attempt).where(_attempt.c.id == attempt)).mappings().first()
            if row is None:
                return None
            same = sa.select(_callback).where(_callback.c.id == row["callback_id"])
            return {**row, "callback": dict(c.execute(same).mappings().one())}

        return await self._query(read)

    async def leave_message(self, callback_id: str, at: datetime) -> bool:
        """Whether a message may be left now: True once per promise."""

        def work(c: sa.Connection) -> bool:
            left = _callback.c.message_left.is_(False)
            same = sa.update(_callback).where(_callback.c.id == callback_id, left)
            if not c.execute(same.values(message_left=True, updated_at=at)).rowcount:
                return False
            note(c, callback_id, at, "message_left", by=AGENT)
            return True

        return await self._writer.run(LANE, work)

    # --- the do-not-call list ----------------------------------------------------------------

    async def bar(
        self, number: str, at: datetime, *, how: str, by: str, also: Work = nothing
    ) -> Barred:
        """Add a number to the list, and cancel the calls promised to it. `also`: writes in the
        same transaction."""

        def work(c: sa.Connection) -> Barred:
            new = do_not_call.add(c, [number], at, how=how, by=by)
            owed = sa.select(_callback).where(
                _callback.c.number == number, _callback.c.status.not_in(OVER)
            )
            rows = c.execute(owed.order_by(_callback.c.id).with_for_update()).mappings().all()
            for row in rows:
                close(c, row, at, "cancelled", by, f"do not call: {how}")
            also(c)
            return Barred(bool(new), tuple(row["conversation_id"] for row in rows))

        return await self._writer.run(LANE, work)

    async def unbar(self, number: str, at: datetime, *, how: str, by: str) -> bool:
        """Remove a number from the list; False if it was not there."""
        return await self._writer.run(
            LANE, lambda c: do_not_call.remove(c, number, at, how=how, by=by)
        )

    async def barred(self, limit: int, after: str = "") -> list[dict[str, Any]]:
        """The list, by number."""
        return await self._query(lambda c: do_not_call.listed(c, limit, after))

    async def bar_history(self, number: str) -> list[dict[str, Any]]:
        """Who added a number to the list or removed it."""
        return await self._query(lambda c: list(do_not_call.changes(c, number)))


def _follows(was: str, now: str) -> bool:
    """Whether a call's new state may replace the known one."""
    return _ORDER.index(now) > _ORDER.index(was)
