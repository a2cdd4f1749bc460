"""Outcomes of the chat's invitations, and which one began a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0027_invitations"
down_revision = "0026_card_filters"


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "rule", "what", name=op.f("pk_invitation")),
    )
    op.add_column("card", sa.Column("invitation", sa.String(), nullable=False, server_default=""))
