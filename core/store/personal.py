"""All rows about a person, for an access request, or to see what is left."""

from typing import Any

import sqlalchemy as sa

from core.store import crm_sync
from core.store.booking_tables import BookingRow
from core.store.callback_tables import (
    CallbackAttemptRow,
    CallbackEventRow,
    CallbackRow,
    DoNotCallChangeRow,
    DoNotCallRow,
)
from core.store.contacts import conversations_of, root_of
from core.store.crm_sync_tables import CrmRecordRow, CrmSyncRow
from core.store.erasing import Erasure, erasure_of, names_of
from core.store.left_behind import still_there, taken_back
from core.store.mail_tables import MailInRow, MailOutRow, MailStopRow
from core.store.mails import of_conversations
from core.store.notice_tables import NoticeRow
from core.store.nurture_tables import NurtureRow
from core.store.people import everybody
from core.store.people_tables import ErasureRow, SightingRow
from core.store.review_tables import (
    AnswerCheckRow,
    CommentRow,
    OverrideRow,
    ScorecardRow,
    ShareRow,
)
from core.store.tables import ActivityRow, ContactRow, MeetingRow, Table
from core.store.transfers import TransferRow

_callback = CallbackRow.__table__
_erasure = ErasureRow.__table__
_sighting = SightingRow.__table__
_sync = CrmSyncRow.__table__
_OF_CONVERSATIONS: dict[str, type[Table]] = {
    "bookings": BookingRow, "callbacks": CallbackRow, "transfers": TransferRow,
    "nurture": NurtureRow, "notices": NoticeRow, "crm_activities": ActivityRow,
    "comments": CommentRow, "verdicts": OverrideRow, "answers": AnswerCheckRow,
    "scorecards": ScorecardRow, "shares": ShareRow,
}  # fmt: skip


def rows_about(c: sa.Connection, person: str) -> dict[str, Any] | None:
    """A person's conversations (ids, each with the names its recording may have), and all rows
    about them by name; None if nobody is known. What erasure removes is here, or in the documents
    of the conversations."""
    top = root_of(c, person)
    if top is None:
        return None
    ids = [row.id for row in conversations_of(c, top)]
    persons = sorted(everybody(c, top))
    calls = sa.select(_callback.c.id).where(_callback.c.conversation_id.in_(ids))
    seen = sa.select(_sighting.c.value).where(_sighting.c.conversation_id.in_(ids))
    came, sent = of_conversations(c, ids)
    synced = sa.or_(_sync.c.key.in_(persons), _sync.c.conversation_id.in_(ids))

    def rows(table: Any, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        return [dict(row) for row in c.execute(sa.select(table).where(which)).mappings()]

    def among(row: type[Table], column: str, those: Any) -> list[dict[str, Any]]:
        table = row.__table__
        return rows(table, table.c[column].in_(those))

    return {
        "conversations": {one: names_of(c, one) for one in ids},
        **{n: among(row, "conversation_id", ids) for n, row in _OF_CONVERSATIONS.items()},
        "mails_in": rows(MailInRow.__table__, came),
        "mails_out": rows(MailOutRow.__table__, sent),
        "callback_events": among(CallbackEventRow, "callback_id", calls),
        "callback_attempts": among(CallbackAttemptRow, "callback_id", calls),
        "crm_sync": rows(_sync, synced),
        "crm_contacts": among(ContactRow, "id", persons),
        "crm_records": among(CrmRecordRow, "contact_id", persons),
        "crm_meetings": among(MeetingRow, "contact_id", persons),
        "do_not_call": among(DoNotCallRow, "number", seen),
        "do_not_call_changes": among(DoNotCallChangeRow, "number", seen),
        "mail_stops": among(MailStopRow, "address", seen),
    }


def elsewhere(c: sa.Connection, erasure_id: str) -> list[dict[str, Any]]:
    """Data about an erased person in outside systems, to be deleted there."""
    row = c.execute(sa.select(_erasure).where(_erasure.c.id == erasure_id)).mappings().first()
    if row is None:
        return []
    mine = crm_sync.about(row["persons"], row["conversations"])
    query = sa.select(_sync.c.system, _sync.c.kind, _sync.c.remote_id, _sync.c.url).where(
        mine, _sync.c.system != "embedded", _sync.c.remote_id != ""
    )
    records = [dict(found) for found in c.execute(query.order_by(_sync.c.id)).mappings()]
    return records + still_there(c, row["conversations"])


def certified(
    c: sa.Connection, person: str
) -> tuple[Erasure, list[dict[str, Any]], dict[str, int]] | None:
    """A person's erasure, what is left in outside systems, and what was removed there."""
    found = erasure_of(c, person)
    if found is None:
        return None
    return found, elsewhere(c, found.id), taken_back(c, found.conversations)
