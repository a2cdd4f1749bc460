"""Colleagues' checks of the agent's answers."""

import sqlalchemy as sa
from alembic import op

revision = "0025_answer_checks"
down_revision = "0024_second_looks"


def upgrade() -> None:
    texts = ("id", "conversation_id", "question_id", "gave", "result", "told", "by")
    op.create_table(
        "answer_check",
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_check")),
    )
    op.create_index("ix_answer_check_conversation", "answer_check", ["conversation_id", "at"])
