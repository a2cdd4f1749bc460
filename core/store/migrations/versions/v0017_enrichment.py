"""Company lookups."""

import sqlalchemy as sa
from alembic import op

revision = "0017_enrichment"
down_revision = "0016_transfers"


def upgrade() -> None:
    op.create_table(
        "enrichment",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_enrichment")),
    )
