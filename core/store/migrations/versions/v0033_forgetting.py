"""Finds who else belongs to a company at once, and drops identifiers that are seen nowhere."""

from alembic import op

revision = "0033_forgetting"
down_revision = "0032_crm_writer"


def upgrade() -> None:
    for table in ("crm_contact", "crm_activity", "crm_meeting"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])
    op.execute(
        "DELETE FROM identifier WHERE NOT EXISTS (SELECT 1 FROM sighting"
        " WHERE sighting.kind = identifier.kind AND sighting.value = identifier.value)"
    )
