"""Each record's CRM sync state, company aliases, and further CRM records."""

import sqlalchemy as sa
from alembic import op

revision = "0009_crm"
down_revision = "0008_notices"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sync()
    op.create_table(
        "crm_record",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_record")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_crm_record_kind_key")),
    )
    op.create_index(op.f("ix_crm_record_contact_id"), "crm_record", ["contact_id"])
    op.add_column("crm_contact", sa.Column("properties", sa.JSON(), nullable=True))
    op.add_column("crm_account", sa.Column("owner", sa.String(), nullable=True))
    _aliases()


def _sync() -> None:
    texts = ("code", "message", "remedy", "url", "remote_id", "variant", "state")
    op.create_table(
        "crm_sync",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("spoken_at", INSTANT, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("synced_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_sync")),
        sa.UniqueConstraint("system", "kind", "key", name=op.f("uq_crm_sync_system_kind_key")),
    )
    op.create_index(op.f("ix_crm_sync_conversation_id"), "crm_sync", ["conversation_id"])
    op.create_index("ix_crm_sync_state", "crm_sync", ["state", "updated_at"])


def _aliases() -> None:
    op.create_table(
        "account_alias",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_account_alias")),
    )
    op.create_index(op.f("ix_account_alias_account_id"), "account_alias", ["account_id"])
    insert = "INSERT INTO account_alias (kind, value, account_id) SELECT"
    op.get_bind().execute(
        sa.text(
            f"{insert} 'domain', domain, min(id) FROM crm_account WHERE domain IS NOT NULL"
            " GROUP BY domain"
        )
    )
    op.get_bind().execute(
        sa.text(f"{insert} 'name', key, id FROM crm_account WHERE domain IS NULL OR key <> domain")
    )
