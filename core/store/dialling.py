"""`Dialling`: calls of ours written down before they are dialled, and who must not be dialled.

Everything is one commit, so what is decided and what is written cannot part. Raises StoreFailed.
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
from core.store.log import Query
from core.store.writer import Writer
from knowledge.profile import Company

_callback = CallbackRow.__table__
_attempt = CallbackAttemptRow.__table__

LANE = "callbacks"
AGENT = "agent"
_ORDER = get_args(AttemptStatus)
"""News of a call, the later the further on; what ends it as it is learned last."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call of ours that is written down and may be dialled now, once."""

    attempt: str
    n: int
    number: str


class Dialling:
    """The store's door for calls we place."""

    def __init__(self, writer: Writer, query: Query) -> None:
        self._writer = writer
        self._query = query

    async def attempt(
        self, callback_id: str, now: datetime, company: Company
    ) -> Recorded | Not | None:
        """Write down a call and allow it to be dialled, or say why not; None: no such promise.

        The list, the promise and its calls are looked at in the same commit: what was allowed
        once is never allowed again.
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
        """What became of a call of ours; the id of its promise, None when it is none of ours.

        News may come late or twice: an earlier state never follows a later one.
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
        """A call of ours with its promise under `callback`."""

        def read(c: sa.Connection) -> dict[str, Any] | None:
            row = c.execute(sa.select(_attempt).where(_attempt.c.id == attempt)).mappings().first()
            if row is None:
                return None
            same = sa.select(_callback).where(_callback.c.id == row["callback_id"])
            return {**row, "callback": dict(c.execute(same).mappings().one())}

        return await self._query(read)

    async def leave_message(self, callback_id: str, at: datetime) -> bool:
        """Whether a message may be left now: once, whoever asks."""

        def work(c: sa.Connection) -> bool:
            left = _callback.c.message_left.is_(False)
            same = sa.update(_callback).where(_callback.c.id == callback_id, left)
            if not c.execute(same.values(message_left=True, updated_at=at)).rowcount:
                return False
            note(c, callback_id, at, "message_left", by=AGENT)
            return True

        return await self._writer.run(LANE, work)

    # --- the do-not-call list ----------------------------------------------------------------

    async def bar(self, number: str, at: datetime, *, how: str, by: str) -> bool:
        """Put a number on the list, and call off what was promised to it by the agent."""

        def work(c: sa.Connection) -> bool:
            new = do_not_call.add(c, [number], at, how=how, by=by)
            open_ones = sa.select(_callback).where(
                _callback.c.number == number, _callback.c.status.not_in(OVER)
            )
            for row in c.execute(open_ones.order_by(_callback.c.id).with_for_update()).mappings():
                close(c, row, at, "cancelled", by, f"do not call: {how}")
            return bool(new)

        return await self._writer.run(LANE, work)

    async def unbar(self, number: str, at: datetime, *, how: str, by: str) -> bool:
        """Take a number off the list; False when it was not there."""
        return await self._writer.run(
            LANE, lambda c: do_not_call.remove(c, number, at, how=how, by=by)
        )

    async def barred(self, limit: int, after: str = "") -> list[dict[str, Any]]:
        """The list, by number."""
        return await self._query(lambda c: do_not_call.listed(c, limit, after))

    async def bar_history(self, number: str) -> list[dict[str, Any]]:
        """Who put a number on the list or took it off."""
        return await self._query(lambda c: list(do_not_call.changes(c, number)))


def _follows(was: str, now: str) -> bool:
    """Whether news of a call may replace what is known of it."""
    return _ORDER.index(now) > _ORDER.index(was)
