"""Bookings, the calendar cells they occupy, the embedded calendar, the lead ledger, meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0002_bookings"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _bookings()
    _calendar()
    _ledger()
    _meetings()


def _bookings() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=True),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("uid", name=op.f("uq_booking_uid")),
    )
    op.create_index("ix_booking_caller", "booking", ["caller", "starts_at"])
    op.create_index(op.f("ix_booking_conversation_id"), "booking", ["conversation_id"])
    op.create_table(
        "booking_cell",
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("rep", "starts_at", name=op.f("pk_booking_cell")),
    )
    op.create_index(op.f("ix_booking_cell_holder"), "booking_cell", ["holder"])


def _calendar() -> None:
    op.create_table(
        "calendar_entry",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_calendar_entry")),
    )
    op.create_index("ix_calendar_entry_time", "calendar_entry", ["rep", "ends_at"])


def _ledger() -> None:
    op.create_table(
        "assignment",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_assignment_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_time", "assignment", ["at"])


def _meetings() -> None:
    op.create_table(
        "crm_meeting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("booking_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["crm_account.id"], name=op.f("fk_crm_meeting_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_meeting_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_meeting")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_crm_meeting_booking_id")),
    )
    op.create_index(op.f("ix_crm_meeting_contact_id"), "crm_meeting", ["contact_id"])
