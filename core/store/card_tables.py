"""The tables behind the console's queues: a card per conversation, its flags, its words."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.console_tables import COUNTING
from core.store.tables import Instant, Table

_open = sa.text("reviewed_at IS NULL AND flags > 0")

FILTERED = ("channel", "called", "entry", "segment", "verdict", "outcome", "assignee")
"""Further columns that queues are filtered by; indexed, so that a rare value is found at once."""


class CardRow(Table, table=True):
    """One conversation as a line of a queue: what its facts tell (`core.projections.card.Card` says
    what each means), and what people marked on it."""

    __tablename__ = "card"
    __table_args__ = (
        sa.Index("ix_card_started", "started_at", "id"),
        sa.Index("ix_card_rep", "rep", "started_at", "id"),
        sa.Index("ix_card_flagged", "started_at", "id", sqlite_where=_open, postgresql_where=_open),
        sa.Index("ix_card_status", "status", "started_at", "id"),
        sa.Index("ix_card_sync", "sync", "started_at", "id"),
        sa.Index("ix_card_callback", "callback_at"),
        sa.Index("ix_card_draw", "draw", "started_at", "id"),
        sa.Index("ix_card_version", "version"),
        *(sa.Index(f"ix_card_{name}", name, "started_at", "id") for name in FILTERED),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTING)
    conversation_id: str = Field(unique=True, foreign_key="conversation.id")
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    status: str = "in_progress"
    channel: str = ""
    direction: str = ""
    caller: str | None = None
    called: str | None = None
    entry: str = ""
    invitation: str = ""
    after_hours: bool = False
    outcome: str | None = None
    duration_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    name: str | None = None
    organisation: str | None = None
    verdict: str | None = None
    segment: str | None = None
    score: float | None = None
    own_verdict: str | None = None
    own_score: float | None = None
    heard: int = 0
    misheard: int = 0
    missed: int = 0
    rep: str | None = None
    action: str | None = None
    fast_track: bool = False
    p95_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    abstained: bool = False
    callback_at: datetime | None = Field(default=None, sa_type=Instant)
    meeting_at: datetime | None = Field(default=None, sa_type=Instant)
    sync: str = "pending"
    claimed_by: str | None = None
    flags: int = 0
    """Number of kinds."""
    urgent: bool = False
    kinds: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Gravest first."""
    draw: float = 1.0
    """Its position in random samples."""
    version: int = 0
    reviewed_at: datetime | None = Field(default=None, sa_type=Instant)
    reviewed_by: str | None = None
    rated_at: datetime | None = Field(default=None, sa_type=Instant)
    assignee: str | None = None
    """Name of the account it is assigned to for review."""


class CardFlagRow(Table, table=True):
    """A kind of flag of one conversation, with its first position."""

    __tablename__ = "card_flag"
    __table_args__ = (sa.Index("ix_card_flag_kind", "kind", "card_id"),)

    card_id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="card.id")
    kind: str = Field(primary_key=True)
    times: int = 1
    turn: int = Field(default=0, sa_type=sa.BigInteger)
    start_ms: int = Field(default=0, sa_type=sa.BigInteger)
    note: str = ""


class CardCriterionRow(Table, table=True):
    """The state of a criterion in the verdict of one conversation."""

    __tablename__ = "card_criterion"
    __table_args__ = (sa.Index("ix_card_criterion_name", "name", "state", "card_id"),)

    card_id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="card.id")
    name: str = Field(primary_key=True)
    state: str


class TranscriptRow(Table, table=True):
    """The words of one conversation. The database maintains their index: FTS5 on SQLite, a tsvector
    on PostgreSQL."""

    __tablename__ = "transcript"

    id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="card.id")
    body: str


def indexed(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a database object belongs to the metadata, rather than only to the search index."""
    return not (
        (kind == "table" and (name or "").startswith("transcript_search"))
        or (kind == "column" and name == "words")
        or (kind == "index" and name == "ix_transcript_words")
    )
