"""Which state of a meeting its entry on a calendar server has, for the watch over those entries."""

import sqlalchemy as sa
from alembic import op

revision = "0031_entered"
down_revision = "0030_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("entered", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("booking") as booking:
        booking.drop_column("entered")
