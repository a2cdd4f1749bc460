"""A conversation's entry point, and its position in random samples; cards are rebuilt for both."""

import sqlalchemy as sa
from alembic import op

revision = "0024_second_looks"
down_revision = "0023_unwrapped"


def upgrade() -> None:
    op.add_column(
        "card", sa.Column("entry", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "card", sa.Column("draw", sa.Float(), nullable=False, server_default=sa.text("1.0"))
    )
    op.create_index("ix_card_draw", "card", ["draw", "started_at", "id"])
