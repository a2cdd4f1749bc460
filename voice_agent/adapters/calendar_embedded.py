"""`EmbeddedCalendar`: the reps' calendars in the agent's own database, the default."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from core.errors import CalendarFailed, StoreFailed
from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Busy
from core.store.booking_tables import CalendarRow
from core.store.store import Store

_entry = CalendarRow.__table__


class EmbeddedCalendar:
    """Implements `core.scheduling.ports.Calendar` on the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """Time blocked in the calendars. Raises: CalendarFailed.

        Our meetings are not repeated here: the desk knows them by the cells they take.
        """

        def read(c: sa.Connection) -> dict[str, tuple[Busy, ...]]:
            query = sa.select(_entry.c.rep, _entry.c.starts_at, _entry.c.ends_at).where(
                _entry.c.rep.in_(reps), _entry.c.starts_at < end, _entry.c.ends_at > start,
                _entry.c.cancelled.is_(False), _entry.c.ours.is_(False),
            )  # fmt: skip
            found: dict[str, list[Busy]] = {rep: [] for rep in reps}
            for rep, starts_at, ends_at in c.execute(query.order_by(_entry.c.starts_at)):
                found[rep].append(Busy(starts_at, ends_at))
            return {rep: tuple(spans) for rep, spans in found.items()}

        try:
            busy: dict[str, tuple[Busy, ...]] = await self._store.query(read)
        except StoreFailed as error:
            raise CalendarFailed(str(error)) from error
        return busy

    async def create(self, entry: CalendarEntry) -> None:
        """Add a meeting. Raises: CalendarFailed."""
        await self._put(entry, ours=True, cancelled=False)

    async def move(self, entry: CalendarEntry) -> None:
        """Change a meeting's time. Raises: CalendarFailed."""
        await self._put(entry, ours=True, cancelled=False)

    async def cancel(self, entry: CalendarEntry) -> None:
        """Cancel a meeting; it is kept, marked as cancelled. Raises: CalendarFailed."""
        await self._put(entry, ours=True, cancelled=True)

    async def block(self, entry: CalendarEntry) -> None:
        """Keep time free of meetings, in whole days or hours. Raises: CalendarFailed."""
        await self._put(entry, ours=False, cancelled=False)

    async def _put(self, entry: CalendarEntry, *, ours: bool, cancelled: bool) -> None:
        values = {
            "rep": entry.rep, "sequence": entry.sequence, "title": entry.title,
            "notes": entry.notes, "guest": entry.guest, "starts_at": entry.start,
            "ends_at": entry.end, "cancelled": cancelled, "ours": ours,
        }  # fmt: skip

        def work(c: sa.Connection) -> None:
            newer = sa.update(_entry).where(
                _entry.c.uid == entry.uid, _entry.c.sequence <= entry.sequence
            )
            if c.execute(newer.values(values)).rowcount:
                return
            known = sa.select(_entry.c.uid).where(_entry.c.uid == entry.uid)
            if c.execute(known).first() is None:
                c.execute(sa.insert(_entry).values(uid=entry.uid, **values))

        try:
            await self._store.write("calendar", work)
        except StoreFailed as error:
            raise CalendarFailed(str(error)) from error
