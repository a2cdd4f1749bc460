"""`Enriching`: identifies the person, and looks up what is known of their company.

Lookups are bounded in time and cached: a hit for a month, a miss for a day. A source that fails is
skipped for a while; the conversation goes on without it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import anyio
import sqlalchemy as sa

from core.clock import Clock
from core.enrichment.enrich import Enricher, subject_of, usable
from core.enrichment.enriched import Enriched, Subject
from core.errors import EnrichmentFailed, StoreFailed
from core.identity.memory import Recognition
from core.ports import Recogniser
from core.store.enrichment_tables import EnrichmentRow
from core.store.store import Store
from core.store.tables import first_row
from knowledge.profile import Company

log = logging.getLogger(__name__)
_row = EnrichmentRow.__table__
LANE = "enrichment"
LOOK_S = 1.5
"""Longest wait for a source."""
KNOWN, UNKNOWN = timedelta(days=30), timedelta(days=1)
INTENT_KNOWN = timedelta(days=1)
"""Buying intent changes from day to day."""
DOWN = timedelta(seconds=30)


class Enriching:
    """Implements `core.ports.Recogniser`. `sources` come in order of trust; `cached` names those
    that cost money to ask."""

    def __init__(
        self,
        people: Recogniser,
        store: Store,
        sources: Sequence[Enricher],
        cached: frozenset[str],
        company: Callable[[], Company],
        clock: Clock,
        look_s: float = LOOK_S,
    ) -> None:
        self._people = people
        self._store = store
        self._sources = sources
        self._cached = cached
        self._company = company
        self._clock = clock
        self._look_s = look_s
        self._down: dict[str, datetime] = {}

    async def recognise(self, conversation_id: str) -> Recognition:
        """Who a conversation is with, and what is known of their company. Raises: StoreFailed."""
        found = await self._people.recognise(conversation_id)
        logged = await self._store.log.read(conversation_id)
        subject = subject_of([entry.fact for entry in logged])
        if not subject:
            return found
        return replace(found, enriched=await self.about(subject))

    async def about(self, subject: Subject) -> tuple[Enriched, ...]:
        """What the sources know, each field from the first that has it. Raises: StoreFailed."""
        known: dict[str, tuple[Enriched, ...]] = {}
        today = self._clock().date()
        for source in self._sources:
            data = await self._ask(source, subject)
            fresh: dict[str, list[Enriched]] = {}
            for one in usable(data or {}, source.name, self._company(), today):
                fresh.setdefault(one.criterion, []).append(one)
            for criterion, values in fresh.items():
                known.setdefault(criterion, tuple(values))
        return tuple(one for values in known.values() for one in values)

    async def _ask(self, source: Enricher, subject: Subject) -> Mapping[str, Any] | None:
        if source.name not in self._cached:
            return await source.look_up(subject)
        now, key = self._clock(), f"{subject.domain}|{subject.company.lower()}"
        seen = await self._seen(source.name, key)
        if seen is not None and now - seen.at < _lasts(seen.data):
            return seen.data
        if now < self._down.get(source.name, now):
            return seen.data if seen else None
        try:
            with anyio.fail_after(self._look_s):
                data = await source.look_up(subject)
        except (EnrichmentFailed, TimeoutError) as error:
            self._down[source.name] = now + DOWN
            log.warning("nothing is looked up: %s: %s", type(error).__name__, error)
            return seen.data if seen else None
        try:
            await self._keep(source.name, key, data, now)
        except StoreFailed as error:
            log.warning("what was looked up is not remembered: %s", error)
        return data

    async def _seen(self, source: str, key: str) -> EnrichmentRow | None:
        query = sa.select(_row).where(_row.c.source == source, _row.c.key == key)
        return await self._store.query(lambda c: first_row(c, EnrichmentRow, query))

    async def _keep(
        self, source: str, key: str, data: Mapping[str, Any] | None, at: datetime
    ) -> None:
        values = {"data": dict(data) if data is not None else None, "at": at}
        same = sa.update(_row).where(_row.c.source == source, _row.c.key == key)

        def work(c: sa.Connection) -> None:
            if not c.execute(same.values(**values)).rowcount:
                c.execute(sa.insert(_row).values(source=source, key=key, **values))

        await self._store.write(LANE, work)


def _lasts(data: Mapping[str, Any] | None) -> timedelta:
    """How long an answer stays cached."""
    if data is None:
        return UNKNOWN
    return INTENT_KNOWN if data.get("intent") else KNOWN
