"""Received and outgoing mail, opted-out addresses, and mailbox positions."""

import sqlalchemy as sa
from alembic import op

revision = "0006_mail"
down_revision = "0005_erasure"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _in()
    _out()
    op.create_table(
        "mail_stop",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mail_stop")),
    )
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )


def _in() -> None:
    op.create_table(
        "mail_in",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("returned_to", sa.String(), nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("correspondent", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mail_in")),
    )
    op.create_index("ix_mail_in_status", "mail_in", ["status", "received_at"])
    for column in ("message_id", "conversation_id", "correspondent"):
        op.create_index(op.f(f"ix_mail_in_{column}"), "mail_in", [column])


def _out() -> None:
    op.create_table(
        "mail_out",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.Column("invitation", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_out")),
        sa.UniqueConstraint("invitation", name=op.f("uq_mail_out_invitation")),
    )
    op.create_index("ix_mail_out_status", "mail_out", ["status", "created_at"])
    for column in ("conversation_id", "answers", "recipient"):
        op.create_index(op.f(f"ix_mail_out_{column}"), "mail_out", [column])
