"""Cards for the console's queues, and their searchable words. Old ones are filled at start-up."""

import sqlalchemy as sa
from alembic import op

revision = "0010_cards"
down_revision = "0009_crm"

INSTANT = sa.DateTime(timezone=True)
COUNTING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _card()
    for name, columns in (
        ("card_flag", (
            sa.Column("kind", sa.String(), nullable=False),
            sa.Column("times", sa.Integer(), nullable=False),
            sa.Column("turn", sa.BigInteger(), nullable=False),
            sa.Column("start_ms", sa.BigInteger(), nullable=False),
            sa.Column("note", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("card_id", "kind", name=op.f("pk_card_flag")),
        )),
        ("card_criterion", (
            sa.Column("name", sa.String(), nullable=False),
            sa.Column("state", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("card_id", "name", name=op.f("pk_card_criterion")),
        )),
    ):  # fmt: skip
        op.create_table(
            name,
            sa.Column("card_id", sa.BigInteger(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f(f"fk_{name}_card_id")),
        )
    op.create_index("ix_card_flag_kind", "card_flag", ["kind", "card_id"])
    op.create_index("ix_card_criterion_name", "card_criterion", ["name", "state", "card_id"])
    op.create_table(
        "transcript",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.ForeignKeyConstraint(["id"], ["card.id"], name=op.f("fk_transcript_id")),
    )
    _index_words()


def _card() -> None:
    text = ("channel", "direction", "status", "sync")
    maybe = ("caller", "called", "outcome", "name", "organisation", "verdict", "segment", "rep",
             "action", "claimed_by", "reviewed_by", "assignee")  # fmt: skip
    instants = ("ended_at", "callback_at", "meeting_at", "reviewed_at", "rated_at")
    op.create_table(
        "card",
        sa.Column("id", COUNTING, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT, nullable=True) for name in instants),
        *(sa.Column(name, sa.String(), nullable=False) for name in text),
        *(sa.Column(name, sa.String(), nullable=True) for name in maybe),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("after_hours", "fast_track", "abstained", "urgent")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("duration_ms", "p95_ms")),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_card_conversation_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_card_conversation_id")
        ),
    )
    where = sa.text("reviewed_at IS NULL AND flags > 0")
    op.create_index("ix_card_started", "card", ["started_at", "id"])
    op.create_index("ix_card_rep", "card", ["rep", "started_at", "id"])
    op.create_index(
        "ix_card_flagged", "card", ["started_at", "id"], sqlite_where=where, postgresql_where=where
    )
    op.create_index("ix_card_status", "card", ["status", "started_at", "id"])
    op.create_index("ix_card_sync", "card", ["sync", "started_at", "id"])
    op.create_index("ix_card_callback", "card", ["callback_at"])
    op.create_index("ix_card_version", "card", ["version"])


def _index_words() -> None:
    """The database maintains the index: triggers on SQLite, a generated column on PostgreSQL."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE transcript ADD COLUMN words tsvector "
            "GENERATED ALWAYS AS (to_tsvector('english', body)) STORED"
        )
        op.execute("CREATE INDEX ix_transcript_words ON transcript USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE transcript_search USING fts5(body, content='transcript', "
        "content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
    )
    into = "INSERT INTO transcript_search(rowid, body) VALUES (new.id, new.body);"
    out = (
        "INSERT INTO transcript_search(transcript_search, rowid, body) "
        "VALUES ('delete', old.id, old.body);"
    )
    for act, does in (("INSERT", into), ("DELETE", out), ("UPDATE", out + " " + into)):
        op.execute(
            f"CREATE TRIGGER transcript_{act.lower()} AFTER {act} ON transcript BEGIN {does} END"
        )
