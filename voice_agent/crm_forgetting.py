"""`CrmForgetting`: who was forgotten here is forgotten in a CRM of somebody else as well.

What is to be deleted is in the database: erasures that are done, and records that still stand. So
whoever is there goes on with it. A record that was there before us is the company's own; it stays,
and an erasure's certificate names it.
"""

from dataclasses import dataclass, field
from typing import cast

from core.crm.entry import ADOPTED
from core.crm.records import KINDS, Kind
from core.crm.sync import LANE, CrmSync
from core.ports import CrmDeletes
from core.store import crm_sync as rows
from core.store.crm_sync_tables import CrmSyncRow
from voice_agent.rounds import Troubles, each, regularly

LOOK_S = 60.0


@dataclass(frozen=True, slots=True)
class CrmForgetting:
    """Deletes records of forgotten persons; nothing where the CRM is our own."""

    sync: CrmSync
    _troubles: Troubles = field(default_factory=Troubles)

    async def watch(self) -> None:
        """Sweep regularly, until cancelled."""
        if self.sync.crm.name == "embedded":
            return
        await regularly("forgetting in the CRM", self.sweep, LOOK_S)

    async def sweep(self) -> int:
        """Delete what still stands of forgotten persons; how many records. Raises: StoreFailed,
        CrmFailed."""
        name = self.sync.crm.name
        found = await self.sync.store.query(lambda c: rows.erased(c, name))
        theirs = [row for row in found if ADOPTED not in row.links]
        theirs.sort(key=lambda r: -KINDS.index(cast(Kind, r.kind)))
        what = "deleting a record in the CRM"
        return len(theirs) - await each(what, theirs, self._delete, self._troubles)

    async def _delete(self, row: CrmSyncRow) -> None:
        crm = cast(CrmDeletes, self.sync.crm)
        await crm.delete(cast(Kind, row.kind), row.variant, row.remote_id)
        row.remote_id = row.url = ""
        row.state, row.updated_at = "kept", self.sync.clock()
        row.message, row.remedy = "It was deleted with all that told of the person.", ""
        await self.sync.store.write(LANE, lambda c: rows.save(c, [row]))
