"""The switch that takes the agent off all lines."""

import sqlalchemy as sa
from alembic import op

revision = "0018_pilot"
down_revision = "0017_enrichment"


def upgrade() -> None:
    op.create_table(
        "pilot_switch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_switch")),
    )
    op.create_index(op.f("ix_pilot_switch_at"), "pilot_switch", ["at"])
