"""Run by Alembic with the open connection that `core.store.database.migrate` passes in."""

from alembic import context

from core.store.asked_table import AskedRow
from core.store.booking_tables import BookingRow
from core.store.callback_tables import CallbackRow
from core.store.console_tables import ConsoleAccountRow
from core.store.crm_meeting import MeetingRow
from core.store.crm_sync_tables import CrmSyncRow
from core.store.enrichment_tables import EnrichmentRow
from core.store.identity_tables import ConsoleIdentityRow
from core.store.invitation_table import InvitationRow
from core.store.mail_tables import MailInRow
from core.store.notice_tables import NoticeRow
from core.store.nurture_tables import NurtureRow
from core.store.people_tables import PersonRow
from core.store.pilot_table import PilotSwitchRow
from core.store.privacy_tables import HoldRow
from core.store.review_tables import CommentRow
from core.store.tables import Table
from core.store.transfer_tables import TransferRow
from core.store.webhook_tables import WebhookLaneRow
from core.store.weekly_table import WeeklyRow
from core.store.writing_tables import StandingRow

KNOWN = (
    AskedRow,
    BookingRow,
    CommentRow,
    CallbackRow,
    ConsoleAccountRow,
    ConsoleIdentityRow,
    CrmSyncRow,
    EnrichmentRow,
    InvitationRow,
    MailInRow,
    MeetingRow,
    NoticeRow,
    NurtureRow,
    PersonRow,
    HoldRow,
    PilotSwitchRow,
    StandingRow,
    WebhookLaneRow,
    TransferRow,
    WeeklyRow,
)
"""Imported so that the metadata has every table."""

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata
)
with context.begin_transaction():
    context.run_migrations()
