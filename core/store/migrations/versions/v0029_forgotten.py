"""Erased persons and conversations by id, so that no lookup scans all erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0029_forgotten"
down_revision = "0028_asked_elsewhere"


def upgrade() -> None:
    made = op.create_table(
        "forgotten",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("erasure_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["person_erasure.id"],
            name=op.f("fk_forgotten_erasure_id_person_erasure"),
        ),
        sa.PrimaryKeyConstraint("id", "erasure_id", name=op.f("pk_forgotten")),
    )  # fmt: skip
    begun = sa.table(
        "person_erasure", sa.column("id", sa.String()), sa.column("persons", sa.JSON()),
        sa.column("conversations", sa.JSON()),
    )  # fmt: skip
    for erasure_id, persons, conversations in op.get_bind().execute(sa.select(begun)).all():
        rows = [{"id": one, "erasure_id": erasure_id} for one in {*persons, *conversations}]
        op.bulk_insert(made, rows)
