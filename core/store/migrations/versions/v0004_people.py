"""Persons across channels: identities, identifiers and merges.

Every contact of the embedded CRM becomes a person of the same id, with the conversations whose
activity names it; identifiers are derived from those conversations.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004_people"
down_revision = "0003_writing"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _persons()
    _identifiers()
    op.add_column("conversation", sa.Column("person_id", sa.String(), nullable=True))
    op.create_index(op.f("ix_conversation_person_id"), "conversation", ["person_id"])
    _take_over()


def _persons() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["person.id"], name=op.f("fk_person_merged_into")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )  # fmt: skip
    op.create_index(op.f("ix_person_merged_into"), "person", ["merged_into"])
    op.create_table(
        "person_merge",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kept", sa.String(), nullable=False),
        sa.Column("absorbed", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["kept"], ["person.id"], name=op.f("fk_person_merge_kept")),
        sa.ForeignKeyConstraint(
            ["absorbed"], ["person.id"], name=op.f("fk_person_merge_absorbed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )  # fmt: skip
    op.create_index(op.f("ix_person_merge_kept"), "person_merge", ["kept"])
    op.create_index(op.f("ix_person_merge_absorbed"), "person_merge", ["absorbed"])


def _identifiers() -> None:
    op.create_table(
        "identifier",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_identifier")),
    )
    op.create_table(
        "sighting",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_sighting_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "kind", "value", name=op.f("pk_sighting")),
    )
    op.create_index("ix_sighting_identifier", "sighting", ["kind", "value"])


def _take_over() -> None:
    """Contacts and their conversations, merged as they were so far."""
    c = op.get_bind()
    c.execute(sa.text("INSERT INTO person (id, created_at) SELECT id, created_at FROM crm_contact"))
    c.execute(
        sa.text(
            "UPDATE conversation SET person_id = (SELECT contact_id FROM crm_activity"
            " WHERE crm_activity.conversation_id = conversation.id)"
        )
    )
    rows = c.execute(
        sa.text(
            "SELECT v.id, v.caller, v.started_at, p.email, p.name FROM conversation v"
            " JOIN crm_contact p ON p.id = v.person_id ORDER BY v.started_at, v.id"
        ).columns(started_at=INSTANT)
    )
    for conversation_id, caller, at, email, name in rows.all():
        phone = caller if caller and caller.startswith("+") else None
        for kind, value, how, confidence in (
            ("phone", phone, "caller_id", 0.7), ("email", email, "stated", 0.9),
            ("name", name, "stated", 0.8),
        ):  # fmt: skip
            if value:
                _note(c, conversation_id, kind, value, how, confidence, at)


def _note(
    c: Any, conversation_id: str, kind: str, value: str, how: str, confidence: float, at: Any
) -> None:
    given = {"id": conversation_id, "kind": kind, "value": value, "how": how,
             "confidence": confidence, "at": at}  # fmt: skip
    instant = sa.bindparam("at", type_=INSTANT)
    c.execute(
        sa.text(
            "INSERT INTO identifier (kind, value, first_seen_at) VALUES (:kind, :value, :at)"
            " ON CONFLICT DO NOTHING"
        ).bindparams(instant),
        {name: given[name] for name in ("kind", "value", "at")},
    )
    c.execute(
        sa.text(
            "INSERT INTO sighting (conversation_id, kind, value, how, confidence, at)"
            " VALUES (:id, :kind, :value, :how, :confidence, :at)"
        ).bindparams(instant),
        given,
    )
