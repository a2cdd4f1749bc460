"""All rows about a person, for an access request, or to see what is left."""

from typing import Any

import sqlalchemy as sa

from core.store.booking_tables import BookingRow
from core.store.callback_tables import CallbackRow
from core.store.contacts import conversations_of, root_of
from core.store.crm_sync_tables import CrmRecordRow, CrmSyncRow
from core.store.erasing import Erasure, erasure_of
from core.store.left_behind import still_there, taken_back
from core.store.mail_tables import MailInRow, MailOutRow
from core.store.notice_tables import NoticeRow
from core.store.people import everybody
from core.store.people_tables import ErasureRow
from core.store.review_tables import AnswerCheckRow, CommentRow, OverrideRow

_booking = BookingRow.__table__
_callback = CallbackRow.__table__
_check = AnswerCheckRow.__table__
_comment = CommentRow.__table__
_erasure = ErasureRow.__table__
_in = MailInRow.__table__
_notice = NoticeRow.__table__
_out = MailOutRow.__table__
_override = OverrideRow.__table__
_record = CrmRecordRow.__table__
_sync = CrmSyncRow.__table__


def rows_about(c: sa.Connection, person: str) -> dict[str, Any] | None:
    """Conversations (ids), mails, bookings, CRM records, promised calls, the team's comments and
    notices; None if nobody is known."""
    top = root_of(c, person)
    if top is None:
        return None
    ids = [row.id for row in conversations_of(c, top)]
    persons = sorted(everybody(c, top))

    def rows(query: sa.Select[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in c.execute(query).mappings()]

    return {
        "conversations": ids,
        "mails_in": rows(sa.select(_in).where(_in.c.conversation_id.in_(ids))),
        "mails_out": rows(sa.select(_out).where(_out.c.conversation_id.in_(ids))),
        "bookings": rows(sa.select(_booking).where(_booking.c.conversation_id.in_(ids))),
        "crm_records": rows(sa.select(_record).where(_record.c.contact_id.in_(persons))),
        "crm_sync": rows(sa.select(_sync).where(
            sa.or_(_sync.c.key.in_(persons), _sync.c.conversation_id.in_(ids))
        )),
        "comments": rows(sa.select(_comment).where(_comment.c.conversation_id.in_(ids))),
        "verdicts": rows(sa.select(_override).where(_override.c.conversation_id.in_(ids))),
        "answers": rows(sa.select(_check).where(_check.c.conversation_id.in_(ids))),
        "callbacks": rows(sa.select(_callback).where(_callback.c.conversation_id.in_(ids))),
        "notices": rows(sa.select(_notice).where(_notice.c.conversation_id.in_(ids))),
    }  # fmt: skip


def elsewhere(c: sa.Connection, erasure_id: str) -> list[dict[str, Any]]:
    """Data about an erased person in outside systems, to be deleted there."""
    row = c.execute(sa.select(_erasure).where(_erasure.c.id == erasure_id)).mappings().first()
    if row is None:
        return []
    mine = sa.or_(
        sa.and_(_sync.c.kind.in_(("contact", "lead")), _sync.c.key.in_(row["persons"])),
        sa.and_(
            _sync.c.kind.not_in(("contact", "lead", "account")),
            _sync.c.conversation_id.in_(row["conversations"]),
        ),
    )
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
