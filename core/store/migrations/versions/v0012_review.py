"""The team's reviews: comments, verdicts, scores, share links; and recording peaks."""

import sqlalchemy as sa
from alembic import op

revision = "0012_review"
down_revision = "0011_webhooks"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _said()
    _marked()
    op.create_table(
        "share_link",
        *_texts("id", "conversation_id"),
        sa.Column("audio", sa.Boolean(), nullable=False),
        *_texts("note", "by"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        *_texts("revoked_by"),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
    )
    op.create_index(op.f("ix_share_link_conversation_id"), "share_link", ["conversation_id"])
    op.create_table(
        "listen",
        *_texts("id", "conversation_id", "by"),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listen")),
    )
    op.create_index(op.f("ix_listen_conversation_id"), "listen", ["conversation_id"])
    op.create_table(
        "recording_peaks",
        *_texts("conversation_id"),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("changed", sa.Float(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_recording_peaks")),
    )


def _said() -> None:
    op.create_table(
        "review_comment",
        *_texts("id", "conversation_id"),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        *_texts("text", "author"),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index("ix_review_comment_conversation", "review_comment", ["conversation_id", "at"])
    op.create_table(
        "verdict_override",
        *_texts("id", "conversation_id", "result", "agent_result", "criteria_version"),
        *_texts("reason", "by"),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict_override")),
    )
    op.create_index(
        "ix_verdict_override_conversation", "verdict_override", ["conversation_id", "at"]
    )
    op.create_index(op.f("ix_verdict_override_at"), "verdict_override", ["at"])


def _marked() -> None:
    op.create_table(
        "scorecard",
        *_texts("conversation_id", "by"),
        sa.Column("marks", sa.JSON(), nullable=False),
        *_texts("note"),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "by", name=op.f("pk_scorecard")),
    )
    op.create_index(op.f("ix_scorecard_at"), "scorecard", ["at"])


def _texts(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
