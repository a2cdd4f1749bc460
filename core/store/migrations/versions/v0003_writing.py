"""The state of written conversations between two messages."""

import sqlalchemy as sa
from alembic import op

revision = "0003_writing"
down_revision = "0002_bookings"


def upgrade() -> None:
    op.create_table(
        "conversation_standing",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"],
            name=op.f("fk_conversation_standing_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_standing")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_conversation_standing_touched_at"), "conversation_standing", ["touched_at"]
    )
