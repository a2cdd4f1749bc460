"""Webhook endpoints, positions and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0011_webhooks"
down_revision = "0010_cards"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_table(
        "webhook_lane",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("fed", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "conversation_id", name=op.f("pk_webhook_lane")),
    )
    op.create_index(op.f("ix_webhook_lane_active"), "webhook_lane", ["active"])
    op.create_table(
        "webhook_delivery",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint(
            "endpoint", "conversation_id", "seq", name=op.f("pk_webhook_delivery")
        ),
    )
    op.create_index("ix_webhook_delivery_status", "webhook_delivery", ["status", "created_at"])
