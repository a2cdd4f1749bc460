"""Buyers' questions in other systems, for the gap report."""

import sqlalchemy as sa
from alembic import op

revision = "0028_asked_elsewhere"
down_revision = "0027_invitations"


def upgrade() -> None:
    op.create_table(
        "asked_elsewhere",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("objection", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "number", name=op.f("pk_asked_elsewhere")),
    )
    op.create_index("ix_asked_elsewhere_company", "asked_elsewhere", ["company", "checked"])
