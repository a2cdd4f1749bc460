"""An index of conversations with a pending wrap-up, for the sweep every server repeats."""

import sqlalchemy as sa
from alembic import op

revision = "0023_unwrapped"
down_revision = "0022_weekly"


def upgrade() -> None:
    owed = sa.text("wrapped_up_at IS NULL")
    op.create_index(
        "ix_conversation_unwrapped", "conversation", ["started_at"],
        sqlite_where=owed, postgresql_where=owed,
    )  # fmt: skip
