"""`CrmForgetting`: deletes the records of forgotten persons in an external CRM as well.

The work is in the database, as completed erasures and records that still exist, so any server can
continue it. A record that existed before us belongs to the company: it stays, and the erasure's
certificate names it.
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
    """Deletes records of forgotten persons; does nothing when the CRM is our own."""

    sync: CrmSync
    _troubles: Troubles = field(default_factory=Troubles)

    async def watch(self) -> None:
        """Sweep regularly, until cancelled."""
        if self.sync.crm.name == "embedded":
            return
        await regularly("forgetting in the CRM", self.sweep, LOOK_S)

    async def sweep(self) -> int:
        """Delete the records still to be deleted; returns how many. Raises: StoreFailed,
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
