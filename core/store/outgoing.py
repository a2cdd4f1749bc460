"""`Outgoing`: facts queued for webhooks by their place in the log, so that a crash loses none.

A conversation's position is committed together with what was queued from it. Every method raises
StoreFailed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.events import Logged
from core.projections.outgoing import kind_of, wanted
from core.store.codec import decode
from core.store.inserting import added
from core.store.store import Store
from core.store.tables import ConversationRow, FactRow, every_row, first_row
from core.store.webhook_tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookLaneRow

_conversation = ConversationRow.__table__
_delivery = WebhookDeliveryRow.__table__
_endpoint = WebhookEndpointRow.__table__
_fact = FactRow.__table__
_lane = WebhookLaneRow.__table__
LANE = "webhooks"
MOST = 500
"""Most facts, or conversations, processed in one transaction."""
ANEW: Mapping[str, Any] = {"status": "queued", "tries": 0, "why": "", "sent_at": None}
"""A delivery that is to be sent as if it never had been."""


@dataclass(frozen=True, slots=True)
class Run:
    """The single job that sends a conversation's queued facts to an address."""

    endpoint: str
    generation: int
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Query:
    """Filters for deliveries, newest first."""

    endpoint: str | None = None
    status: str | None = None
    conversation_id: str | None = None
    limit: int = 50


class Outgoing:
    """The store's interface for webhooks. `endpoints`: by id, the kinds of facts each wants."""

    def __init__(self, store: Store, endpoints: Mapping[str, Sequence[str]]) -> None:
        self._store = store
        self._endpoints = dict(endpoints)

    async def begin(self, at: datetime) -> None:
        """Start new addresses from now on; earlier facts are not sent."""

        def work(c: sa.Connection) -> None:
            for name in self._endpoints:
                if added(c, _endpoint, {"id": name, "since": at}):
                    before = sa.select(
                        sa.literal(name), _conversation.c.id, _conversation.c.last_seq,
                        sa.literal(0), sa.false(),
                    )  # fmt: skip
                    columns = ["endpoint", "conversation_id", "fed", "generation", "active"]
                    c.execute(sa.insert(_lane).from_select(columns, before))

        await self._store.write(LANE, work)

    async def behind(
        self, among: Collection[str] | None = None, since: datetime | None = None
    ) -> list[str]:
        """Conversations with unprocessed facts: among these, those that go on or began since an
        instant, or all, which reads every conversation."""
        which: sa.ColumnElement[bool] = sa.true()
        if among is not None:
            which = _conversation.c.id.in_(among)
        elif since is not None:
            going_on = _conversation.c.status == "in_progress"
            which = sa.or_(_conversation.c.started_at >= since, going_on)
        lagging = sa.union_all(*(_lagging(name).where(which) for name in self._endpoints))
        return await self._store.query(lambda c: list(dict.fromkeys(c.execute(lagging).scalars())))

    async def feed(self, conversation_id: str, at: datetime) -> list[Run]:
        """Queue new facts; returns the jobs now due."""

        def work(c: sa.Connection) -> list[Run]:
            runs = [self._feed(c, name, conversation_id, at) for name in self._endpoints]
            return [run for run in runs if run is not None]

        return await self._store.write(LANE, work)

    def _feed(
        self, c: sa.Connection, endpoint: str, conversation_id: str, at: datetime
    ) -> Run | None:
        lane = _locked(c, endpoint, conversation_id)
        new = sa.select(_fact.c.seq, _fact.c.kind, _fact.c.payload).where(
            _fact.c.conversation_id == conversation_id, _fact.c.seq > lane["fed"]
        )
        fed, queued = lane["fed"], False
        for seq, kind, payload in c.execute(new.order_by(_fact.c.seq).limit(MOST)):
            fed, name = seq, kind_of(decode(kind, payload))
            if name is not None and wanted(name, self._endpoints[endpoint]):
                row = WebhookDeliveryRow(
                    endpoint=endpoint, conversation_id=conversation_id, seq=seq, kind=name,
                    created_at=at,
                ).model_dump()  # fmt: skip
                queued |= added(c, _delivery, row)
        return _advance(c, lane, fed, queued)

    async def owed(self) -> list[Run]:
        """Jobs that should run; requesting a running one again has no effect."""
        query = sa.select(_lane).where(_lane.c.active.is_(True))
        return await self._store.query(lambda c: [_run(row) for row in c.execute(query).mappings()])

    async def next(self, run: Run) -> WebhookDeliveryRow | None:
        """The first queued delivery; None also if a later run took over."""
        current = sa.and_(
            _lane.c.endpoint == _delivery.c.endpoint,
            _lane.c.conversation_id == _delivery.c.conversation_id,
            _lane.c.generation == run.generation,
        )
        query = (
            sa.select(_delivery)
            .join(_lane, current)
            .where(_delivery.c.endpoint == run.endpoint, _delivery.c.status == "queued")
            .where(_delivery.c.conversation_id == run.conversation_id)
            .order_by(_delivery.c.seq)
            .limit(1)
        )
        return await self._store.query(lambda c: first_row(c, WebhookDeliveryRow, query))

    async def rest(self, run: Run) -> bool:
        """End a run with nothing left to send; False if something arrived meanwhile."""

        def work(c: sa.Connection) -> bool:
            lane = _locked(c, run.endpoint, run.conversation_id)
            if lane["generation"] != run.generation:
                return True
            left = sa.select(_delivery.c.seq).where(
                _delivery.c.endpoint == run.endpoint, _delivery.c.status == "queued",
                _delivery.c.conversation_id == run.conversation_id,
            )  # fmt: skip
            if c.execute(left.limit(1)).first() is not None:
                return False
            c.execute(sa.update(_lane).where(*_same(lane)).values(active=False))
            return True

        return await self._store.write(LANE, work)

    async def fact(self, row: WebhookDeliveryRow) -> Logged | None:
        """A delivery's fact, as currently in the log."""
        query = sa.select(_fact.c.at, _fact.c.kind, _fact.c.payload).where(
            _fact.c.conversation_id == row.conversation_id, _fact.c.seq == row.seq
        )
        found = await self._store.query(lambda c: c.execute(query).first())
        if found is None:
            return None
        return Logged(row.conversation_id, row.seq, found.at, decode(found.kind, found.payload))

    async def settle(self, row: WebhookDeliveryRow, **values: Any) -> None:
        """Record a delivery's outcome."""
        update = sa.update(_delivery).where(*_this(row.endpoint, row.conversation_id, row.seq))
        await self._store.write(LANE, lambda c: c.execute(update.values(**values)).rowcount)

    async def page(self, wanted: Query) -> list[WebhookDeliveryRow]:
        """Deliveries, newest first."""
        query = sa.select(_delivery).order_by(
            _delivery.c.created_at.desc(), _delivery.c.seq.desc(), _delivery.c.endpoint
        )
        for column in ("endpoint", "status", "conversation_id"):
            if (value := getattr(wanted, column)) is not None:
                query = query.where(_delivery.c[column] == value)
        return await self._store.query(
            lambda c: every_row(c, WebhookDeliveryRow, query.limit(wanted.limit))
        )

    async def again(self, endpoint: str, conversation_id: str, seq: int) -> Run | None:
        """Queue a delivery again, even one already sent; None if there is none.

        A new run sends it: the old one may be waiting for hours.
        """

        def work(c: sa.Connection) -> Run | None:
            lane = _locked(c, endpoint, conversation_id)
            anew = sa.update(_delivery).where(*_this(endpoint, conversation_id, seq))
            if not c.execute(anew.values(**ANEW)).rowcount:
                return None
            return _advance(c, {**lane, "active": False}, lane["fed"], True)

        return await self._store.write(LANE, work)

    async def revive(self, endpoint: str) -> list[Run]:
        """Queue the dead deliveries of some conversations again; empty when none is left."""

        def work(c: sa.Connection) -> list[Run | None]:
            dead = _delivery.c.endpoint == endpoint, _delivery.c.status == "dead"
            some = sa.select(_delivery.c.conversation_id).where(*dead).distinct().limit(MOST)
            made = []
            for conversation_id in c.execute(some).scalars().all():
                lane = _locked(c, endpoint, conversation_id)
                theirs = _delivery.c.conversation_id == conversation_id
                c.execute(sa.update(_delivery).where(*dead, theirs).values(**ANEW))
                made.append(_advance(c, {**lane, "active": False}, lane["fed"], True))
            return made

        return [run for run in await self._store.write(LANE, work) if run is not None]

    async def prune(self, before: datetime) -> int:
        """Delete deliveries created before an instant that are sent or dead; returns how many."""
        over = _delivery.c.status.in_(("sent", "dead"))
        old = sa.delete(_delivery).where(over, _delivery.c.created_at < before)
        return await self._store.write(LANE, lambda c: c.execute(old).rowcount)


def _lagging(endpoint: str) -> sa.Select[Any]:
    mine = sa.and_(_lane.c.conversation_id == _conversation.c.id, _lane.c.endpoint == endpoint)
    return (
        sa.select(_conversation.c.id)
        .outerjoin(_lane, mine)
        .where(_conversation.c.last_seq > sa.func.coalesce(_lane.c.fed, 0))
    )


def _locked(c: sa.Connection, endpoint: str, conversation_id: str) -> dict[str, Any]:
    """A conversation's lane to an address, locked until the commit."""
    row = WebhookLaneRow(endpoint=endpoint, conversation_id=conversation_id).model_dump()
    added(c, _lane, row)
    same = sa.select(_lane).where(*_same(row)).with_for_update()
    return dict(c.execute(same).mappings().one())


def _advance(c: sa.Connection, lane: dict[str, Any], fed: int, queued: bool) -> Run | None:
    """Record a lane's position; returns the job it needs now, if it had none."""
    values: dict[str, Any] = {"fed": fed}
    if queued and not lane["active"]:
        values |= {"active": True, "generation": lane["generation"] + 1}
    c.execute(sa.update(_lane).where(*_same(lane)).values(**values))
    return _run({**lane, **values}) if "active" in values else None


def _run(lane: Mapping[Any, Any]) -> Run:
    return Run(lane["endpoint"], lane["generation"], lane["conversation_id"])


def _same(lane: Mapping[str, Any]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _lane.c.endpoint == lane["endpoint"],
        _lane.c.conversation_id == lane["conversation_id"],
    )


def _this(endpoint: str, conversation_id: str, seq: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _delivery.c.endpoint == endpoint,
        _delivery.c.conversation_id == conversation_id,
        _delivery.c.seq == seq,
    )
