"""Who is writing a record to the CRM, so that nobody else does meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0032_crm_writer"
down_revision = "0031_entered"


def upgrade() -> None:
    nobody = sa.text("''")
    op.add_column(
        "crm_sync", sa.Column("writer", sa.String(), nullable=False, server_default=nobody)
    )
