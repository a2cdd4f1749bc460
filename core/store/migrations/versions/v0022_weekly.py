"""Subscriptions to the weekly figures by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0022_weekly"
down_revision = "0021_forgotten_entries"


def upgrade() -> None:
    op.create_table(
        "weekly_mail",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["console_account.id"],
            name=op.f("fk_weekly_mail_account_id_console_account"),
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_weekly_mail")),
    )  # fmt: skip
