"""Server addresses for other servers."""

import sqlalchemy as sa
from alembic import op

revision = "0020_peers"
down_revision = "0019_identities"


def upgrade() -> None:
    op.add_column(
        "server", sa.Column("address", sa.String(), nullable=False, server_default=sa.text("''"))
    )
