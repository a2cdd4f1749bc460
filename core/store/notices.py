"""`Notices`: the team's inbox, and each notice's deliveries.

A notice and its deliveries are committed together. Every method raises StoreFailed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from core.ports import Matter
from core.privacy.erasure import ERASED
from core.store.inserting import added
from core.store.notice_tables import NoticeDeliveryRow, NoticeRow
from core.store.paging import after
from core.store.store import Store
from core.store.tables import every_row, first_row

_notice = NoticeRow.__table__
_delivery = NoticeDeliveryRow.__table__
LANE = "notices"


@dataclass(frozen=True, slots=True)
class Inbox:
    """Which notices to list; `person`: their recipient, None for everybody's."""

    person: str | None = None
    unseen: bool = False
    kind: str | None = None
    limit: int = 50
    before: str = ""
    """Id of the last notice on the previous page."""


class Notices:
    """The store's interface for notices."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, person: str, matter: Matter, at: datetime, ways: Sequence[str]) -> str:
        """Store a notice with its deliveries, once; returns its id."""
        made = notice_id(person, matter.key)
        row = NoticeRow(
            id=made, person=person, kind=matter.kind, title=matter.title, text=matter.text,
            about=matter.about, acts=list(matter.acts), urgent=matter.urgent,
            conversation_id=matter.conversation_id, created_at=at,
        ).model_dump()  # fmt: skip

        def work(c: sa.Connection) -> None:
            if added(c, _notice, row):
                for way in ways:
                    added(c, _delivery, _fresh(made, way, at))

        await self._store.write(LANE, work)
        return made

    async def get(self, which: str) -> NoticeRow | None:
        """A notice by its id."""
        query = sa.select(_notice).where(_notice.c.id == which)
        return await self._store.query(lambda c: first_row(c, NoticeRow, query))

    async def page(self, inbox: Inbox) -> list[tuple[NoticeRow, list[NoticeDeliveryRow]]]:
        """Notices newest first, each with its deliveries."""
        order = (_notice.c.created_at, _notice.c.id)
        query = sa.select(_notice).order_by(*(column.desc() for column in order))
        if inbox.person is not None:
            query = query.where(_notice.c.person == inbox.person)
        if inbox.unseen:
            query = query.where(_notice.c.seen_at.is_(None))
        if inbox.kind is not None:
            query = query.where(_notice.c.kind == inbox.kind)

        if inbox.before:
            last = sa.select(_notice.c.created_at).where(_notice.c.id == inbox.before)
            place = (last.scalar_subquery(), inbox.before)
            query = query.where(after(order, place, newest_first=True))

        def read(c: sa.Connection) -> list[tuple[NoticeRow, list[NoticeDeliveryRow]]]:
            rows = every_row(c, NoticeRow, query.limit(inbox.limit))
            mine = sa.select(_delivery).where(_delivery.c.notice_id.in_([r.id for r in rows]))
            sent = every_row(c, NoticeDeliveryRow, mine)
            return [(row, [d for d in sent if d.notice_id == row.id]) for row in rows]

        return await self._store.query(read)

    async def seen(self, which: str, by: str, at: datetime) -> bool:
        """Record the first time somebody saw it; False if there is no such notice."""
        first = sa.update(_notice).where(_notice.c.id == which, _notice.c.seen_at.is_(None))
        known = sa.select(_notice.c.id).where(_notice.c.id == which)

        def work(c: sa.Connection) -> bool:
            c.execute(first.values(seen_at=at, seen_by=by))
            return c.execute(known).first() is not None

        return await self._store.write(LANE, work)

    async def delivery(self, notice: str, way: str) -> NoticeDeliveryRow | None:
        """A notice's delivery on a channel."""
        query = sa.select(_delivery).where(_delivery.c.notice_id == notice, _delivery.c.way == way)
        return await self._store.query(lambda c: first_row(c, NoticeDeliveryRow, query))

    async def change(
        self, notice: str, way: str, values: Mapping[str, Any], was: str | None = None
    ) -> bool:
        """Change a delivery; False when there is none, or its status is not `was`, if given."""
        update = sa.update(_delivery).where(_delivery.c.notice_id == notice, _delivery.c.way == way)
        if was is not None:
            update = update.where(_delivery.c.status == was)
        work = update.values(**values)
        return await self._store.write(LANE, lambda c: bool(c.execute(work).rowcount))

    async def waiting(self) -> list[tuple[str, str]]:
        """Deliveries (notice, channel) that are neither sent nor given up."""
        query = sa.select(_delivery.c.notice_id, _delivery.c.way).where(
            _delivery.c.status == "queued"
        )
        return await self._store.query(lambda c: [(r.notice_id, r.way) for r in c.execute(query)])

    async def sent_of(self, conversation_id: str, way: str) -> list[NoticeDeliveryRow]:
        """What was sent about a conversation on a channel."""
        query = (
            sa.select(_delivery)
            .join(_notice, _notice.c.id == _delivery.c.notice_id)
            .where(_notice.c.conversation_id == conversation_id)
            .where(_delivery.c.way == way, _delivery.c.status == "sent")
        )
        return await self._store.query(lambda c: every_row(c, NoticeDeliveryRow, query))


def notice_id(person: str, key: str) -> str:
    """One notice per matter and person."""
    return uuid5(NAMESPACE_URL, f"voice-agent:notice:{person}\x00{key}").hex


def forget_notices(c: sa.Connection, conversation_id: str) -> int:
    """Delete the words of a conversation's notices; returns how many there were."""
    mine = sa.update(_notice).where(_notice.c.conversation_id == conversation_id)
    return c.execute(mine.values(title=ERASED, text="")).rowcount


def _fresh(notice: str, way: str, at: datetime) -> dict[str, Any]:
    return NoticeDeliveryRow(notice_id=notice, way=way, at=at).model_dump()
