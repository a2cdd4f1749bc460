"""A conversation's entry point, and its position in random samples; cards are rebuilt for both."""

import sqlalchemy as sa
from alembic import op

revision = "0024_second_looks"
down_revision = "0023_unwrapped"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "card", sa.Column("entry", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "card", sa.Column("draw", sa.Float(), nullable=False, server_default=sa.text("1.0"))
    )
    op.create_index("ix_card_draw", "card", ["draw", "started_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_card_draw", table_name="card")
    with op.batch_alter_table("card") as card:
        card.drop_column("draw")
        card.drop_column("entry")
