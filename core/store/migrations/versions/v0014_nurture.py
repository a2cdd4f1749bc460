"""Nurture enrolments."""

import sqlalchemy as sa
from alembic import op

revision = "0014_nurture"
down_revision = "0013_callbacks"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    texts = ("name", "company", "email", "phone", "owner", "reason")
    op.create_table(
        "nurture",
        sa.Column("conversation_id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("re_engage_on", INSTANT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("synced", sa.String(), nullable=False),
        sa.Column("sync_why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_nurture")),
    )
    op.create_index(op.f("ix_nurture_email"), "nurture", ["email"])
    op.create_index("ix_nurture_status", "nurture", ["status", "re_engage_on"])
