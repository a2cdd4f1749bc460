"""Promised calls with their history, our calls for them, and the do-not-call list."""

import sqlalchemy as sa
from alembic import op

revision = "0013_callbacks"
down_revision = "0012_review"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _callback()
    _event()
    _attempt()
    _do_not_call()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _callback() -> None:
    op.create_table(
        "callback",
        *_text("id", "conversation_id", "company", "channel", "number", "name", "language"),
        *_text("said"),
        sa.Column("start_at", INSTANT, nullable=False),
        sa.Column("end_at", INSTANT, nullable=False),
        *_text("zone", "owner", "claimed_by", "priority", "reason", "about", "quote"),
        sa.Column("turn", sa.Integer(), nullable=False),
        *_text("consent", "consent_question", "consent_words"),
        sa.Column("consent_turn", sa.Integer(), nullable=False),
        sa.Column("consent_ms", sa.Integer(), nullable=False),
        *_text("status", "why"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("handed_on", sa.Boolean(), nullable=False),
        sa.Column("message_left", sa.Boolean(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_callback_conversation_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_callback_conversation_id")
        ),
    )
    op.create_index("ix_callback_due", "callback", ["status", "next_at"])
    for column in ("number", "owner"):
        op.create_index(op.f(f"ix_callback_{column}"), "callback", [column])


def _event() -> None:
    op.create_table(
        "callback_event",
        *_text("callback_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *_text("kind", "by", "note", "tells"),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("callback_id", "seq", name=op.f("pk_callback_event")),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name=op.f("fk_callback_event_callback_id")
        ),
    )


def _attempt() -> None:
    op.create_table(
        "callback_attempt",
        *_text("id", "callback_id"),
        sa.Column("n", sa.Integer(), nullable=False),
        *_text("number"),
        sa.Column("at", INSTANT, nullable=False),
        *_text("status"),
        sa.Column("call_sid", sa.String(), nullable=True),
        *_text("answered_by"),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_attempt")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_callback_attempt_call_sid")),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name=op.f("fk_callback_attempt_callback_id")
        ),
    )
    op.create_index(op.f("ix_callback_attempt_callback_id"), "callback_attempt", ["callback_id"])


def _do_not_call() -> None:
    op.create_table(
        "do_not_call",
        *_text("number"),
        sa.Column("at", INSTANT, nullable=False),
        *_text("how", "by", "conversation_id"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_do_not_call")),
    )
    op.create_table(
        "do_not_call_change",
        *_text("id", "number", "change"),
        sa.Column("at", INSTANT, nullable=False),
        *_text("how", "by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_call_change")),
    )
    op.create_index(op.f("ix_do_not_call_change_number"), "do_not_call_change", ["number"])
