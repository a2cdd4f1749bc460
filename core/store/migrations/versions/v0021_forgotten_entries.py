"""Meetings of erased persons whose entries on calendar servers must be blanked."""

import sqlalchemy as sa
from alembic import op

revision = "0021_forgotten_entries"
down_revision = "0020_peers"


def upgrade() -> None:
    op.add_column("booking", sa.Column("blank_at", sa.DateTime(timezone=True), nullable=True))
    flag: sa.Column[bool] = sa.Column(
        "blanked", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("booking", flag)
    op.create_index(op.f("ix_booking_blank_at"), "booking", ["blank_at"])
