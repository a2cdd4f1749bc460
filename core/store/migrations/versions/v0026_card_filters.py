"""An index for each filter of the queues, so that a rare value needs no scan of all cards."""

from alembic import op

revision = "0026_card_filters"
down_revision = "0025_answer_checks"

FILTERED = ("channel", "called", "entry", "segment", "verdict", "outcome", "assignee")


def upgrade() -> None:
    for name in FILTERED:
        op.create_index(f"ix_card_{name}", "card", [name, "started_at", "id"])
