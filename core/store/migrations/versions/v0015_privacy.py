"""Legal holds, tombstones of retention deletions, and who requested an erasure and why."""

import sqlalchemy as sa
from alembic import op

revision = "0015_privacy"
down_revision = "0014_nurture"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_target"), "legal_hold", ["target"])
    op.create_table(
        "tombstone",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "what", name=op.f("pk_tombstone")),
    )
    op.add_column("person_erasure", sa.Column("by", sa.String(), nullable=True))
    op.add_column("person_erasure", sa.Column("why", sa.String(), nullable=True))
