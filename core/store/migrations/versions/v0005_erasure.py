"""Erasure requests and their progress."""

import sqlalchemy as sa
from alembic import op

revision = "0005_erasure"
down_revision = "0004_people"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "person_erasure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("conversations", sa.JSON(), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_erasure")),
    )
    op.create_index(op.f("ix_person_erasure_done_at"), "person_erasure", ["done_at"])
