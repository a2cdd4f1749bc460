"""Which state of a meeting its entry on a calendar server has, for the watch over those entries."""

import sqlalchemy as sa
from alembic import op

revision = "0031_entered"
down_revision = "0030_corrections"


def upgrade() -> None:
    op.add_column("booking", sa.Column("entered", sa.Integer()))
