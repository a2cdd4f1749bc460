"""Conversations, facts, outstanding questions, servers, and the embedded CRM."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _conversations()
    _crm()


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("caller", sa.String(), nullable=True),
        sa.Column("called", sa.String(), nullable=True),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("wrapped_up_at", INSTANT, nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_conversation_call_sid")),
    )
    op.create_index(op.f("ix_conversation_caller"), "conversation", ["caller"], unique=False)
    op.create_index(
        "ix_conversation_open", "conversation", ["status", "wrapped_up_at"], unique=False
    )
    op.create_index("ix_conversation_started", "conversation", ["started_at", "id"], unique=False)
    op.create_table(
        "fact",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_fact_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_fact")),
        sa.UniqueConstraint("conversation_id", "key", name=op.f("uq_fact_conversation_id_key")),
    )
    op.create_index(op.f("ix_fact_kind"), "fact", ["kind"], unique=False)
    op.create_table(
        "outstanding_question",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_outstanding_question_conversation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "conversation_id", "question_id", name=op.f("pk_outstanding_question")
        ),
    )
    op.create_index(
        op.f("ix_outstanding_question_owner"), "outstanding_question", ["owner"], unique=False
    )
    op.create_table(
        "server",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process_start", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server")),
    )


def _crm() -> None:
    op.create_table(
        "crm_account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("employees", sa.String(), nullable=True),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_account")),
        sa.UniqueConstraint("key", name=op.f("uq_crm_account_key")),
    )
    op.create_table(
        "crm_contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["crm_account.id"], name=op.f("fk_crm_contact_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_contact")),
        sa.UniqueConstraint("email", name=op.f("uq_crm_contact_email")),
        sa.UniqueConstraint("phone", name=op.f("uq_crm_contact_phone")),
    )
    op.create_table(
        "crm_activity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("from_number", sa.String(), nullable=True),
        sa.Column("to_number", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("transcript_url", sa.String(), nullable=False),
        sa.Column("recording_url", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["crm_account.id"], name=op.f("fk_crm_activity_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_activity_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_activity")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_crm_activity_conversation_id")),
    )
    op.create_index(
        op.f("ix_crm_activity_contact_id"), "crm_activity", ["contact_id"], unique=False
    )
