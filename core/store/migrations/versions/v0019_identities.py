"""Accounts' identities at a provider, and used sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0019_identities"
down_revision = "0018_pilot"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "console_identity",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["console_account.id"],
            name=op.f("fk_console_identity_account_id_console_account"),
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_console_identity")),
        sa.UniqueConstraint("account_id", name=op.f("uq_console_identity_account_id")),
    )  # fmt: skip
    op.create_table(
        "console_spent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_spent")),
    )
    op.create_index(op.f("ix_console_spent_expires_at"), "console_spent", ["expires_at"])
