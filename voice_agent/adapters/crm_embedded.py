"""`EmbeddedCrm`: accounts, contacts, leads, activities, meetings and tasks in our own database.

Each group of records is written in one transaction; writing it again changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa

from core.clock import Clock, utc_now
from core.crm.records import Finding, Found, Kind, NotWritten, Ref, Stored, Write, Written
from core.errors import CrmFailed, StoreFailed
from core.store import crm
from core.store.store import Store

T = TypeVar("T")


class EmbeddedCrm:
    """Implements `core.ports.Crm` on the store."""

    name = "embedded"

    def __init__(self, store: Store, clock: Clock = utc_now) -> None:
        self._store = store
        self._clock = clock

    async def find(self, whom: str) -> Found | None:
        """The person we know by a number or an address. Raises: CrmFailed."""
        return await self._query(lambda c: crm.known_by(c, whom))

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        """The stored records, by our key. Raises: CrmFailed."""
        keys = [ref.key for ref in refs]
        return await self._query(lambda c: crm.read(c, kind, keys))

    async def upsert(self, kind: Kind, writes: Sequence[Write]) -> Sequence[Written | NotWritten]:
        """Create or change records. Raises: CrmFailed."""
        at = self._clock()

        def work(c: sa.Connection) -> list[Written]:
            return [crm.upsert(c, kind, write, at) for write in writes]

        try:
            return await self._store.write("crm", work)
        except StoreFailed as error:
            raise CrmFailed(str(error)) from error  # a race for a unique key too, so retryable

    async def check(self, *, create: bool = False) -> Sequence[Finding]:
        """Whether the tables can be read."""
        try:
            await self._query(lambda c: crm.read(c, "contact", []))
        except CrmFailed as error:
            return [Finding("error", f"the embedded CRM cannot be read: {error}")]
        return [Finding("ok", "embedded: contacts and calls are kept in our own database")]

    async def _query(self, read: Callable[[sa.Connection], T]) -> T:
        try:
            return await self._store.query(read)
        except StoreFailed as error:
            raise CrmFailed(str(error)) from error
