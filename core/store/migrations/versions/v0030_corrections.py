"""The agent's own verdict and its mishearings, on the cards; cards are rebuilt for both."""

import sqlalchemy as sa
from alembic import op

revision = "0030_corrections"
down_revision = "0029_forgotten"

COUNTS = ("heard", "misheard", "missed")


def upgrade() -> None:
    op.add_column("card", sa.Column("own_verdict", sa.String()))
    op.add_column("card", sa.Column("own_score", sa.Float()))
    for name in COUNTS:
        zero = sa.text("0")
        op.add_column("card", sa.Column(name, sa.Integer(), nullable=False, server_default=zero))
    op.execute("UPDATE card SET own_verdict = verdict, own_score = score")
