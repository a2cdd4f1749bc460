"""A conversation's records in the CRM, field by field, and the button that writes them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from core.store import crm_sync
from core.store.crm_sync import SyncFilters
from core.store.crm_sync_tables import CrmSyncRow
from voice_agent.console.call_audio import conversation
from voice_agent.console.call_posts import back
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.corrections import Retry
from voice_agent.http import Refused

MOST = 50
DID = {
    "written": "written by us",
    "same": "was so already",
    "kept": "a person's, left alone",
    "left": "not taken",
}


def records_of(c: sa.Connection, conversation_id: str) -> Sequence[CrmSyncRow]:
    """The records this conversation was the last to change."""
    return crm_sync.page(c, SyncFilters(conversation_id=conversation_id), MOST, None)


@dataclass(frozen=True, slots=True)
class CallCrm:
    """The CRM part of the call page. `retry` is None when nothing is written."""

    frame: Frame
    retry: Retry | None = None

    def room(self) -> Room:
        """The routes under a call's page."""
        path = "/console/calls/{id}/crm/{record}/retry"
        return Room((Door(path, self.again, methods=("POST",)),))

    async def again(self, visit: Visit) -> Response:
        """Write the conversation's records again."""
        row = await conversation(self.frame.store, visit.path["id"])
        record = visit.path["record"]
        found = await self.frame.store.query(lambda c: crm_sync.one(c, record))
        if found is None or found.conversation_id != row.id:
            raise Refused(404, "unknown-record", "There is no such CRM record of this call.")
        if self.retry is None:
            raise Refused(409, "no-crm", "No CRM is written to here.")
        await self.retry(crm_sync.retry_of(found))
        await self.frame.audited(visit.did("crm-retry", f"conversation:{row.id}", record=record))
        return back(visit, row, "crm")


def differing(row: CrmSyncRow) -> list[dict[str, Any]]:
    """The fields that differ from the conversation, or that were not accepted."""
    return [
        {"name": name, "ours": told.get("ours", ""), "theirs": told.get("theirs", ""),
         "did": DID.get(str(told.get("did")), str(told.get("did", ""))), "why": told.get("why", "")}
        for name, told in sorted(row.fields.items())
        if told.get("ours", "") != told.get("theirs", "") or told.get("did") in ("kept", "left")
    ]  # fmt: skip
