"""The tables of the team's reviews: comments, verdicts, share links, and recording peaks."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table

MOST_TEXT = 4_000
"""Most characters of a comment, a reason or a note."""


class CommentRow(Table, table=True):
    """A colleague's comment, at an instant of the conversation or on all of it."""

    __tablename__ = "review_comment"
    __table_args__ = (sa.Index("ix_review_comment_conversation", "conversation_id", "at"),)

    id: str = Field(primary_key=True)
    """Created by the form, so that a double submit is one comment."""
    conversation_id: str
    at_ms: int | None = None
    """The position in the conversation; None: about all of it."""
    text: str
    author: str
    """The account's id."""
    mentions: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Who is mentioned in it."""
    at: datetime = Field(sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class OverrideRow(Table, table=True):
    """A colleague's verdict next to the agent's. Append-only: the latest counts."""

    __tablename__ = "verdict_override"
    __table_args__ = (sa.Index("ix_verdict_override_conversation", "conversation_id", "at"),)

    id: str = Field(primary_key=True)
    conversation_id: str
    result: str
    """qualified, disqualified or nurture; empty withdraws the override"""
    agent_result: str = ""
    """The agent's verdict when it was overridden."""
    criteria_version: str = ""
    reason: str = ""
    by: str = ""
    at: datetime = Field(sa_type=Instant, index=True)


class AnswerCheckRow(Table, table=True):
    """A colleague's check of the agent's answer to one question. Append-only: the latest counts."""

    __tablename__ = "answer_check"
    __table_args__ = (sa.Index("ix_answer_check_conversation", "conversation_id", "at"),)

    id: str = Field(primary_key=True)
    conversation_id: str
    question_id: str
    gave: str
    """answer or deferral"""
    result: str
    """right, false or needless; empty withdraws the check"""
    told: str = ""
    """The right answer."""
    by: str = ""
    at: datetime = Field(sa_type=Instant)


class ScorecardRow(Table, table=True):
    """A colleague's scores for the agent, by criterion of the company's scorecard."""

    __tablename__ = "scorecard"

    conversation_id: str = Field(primary_key=True)
    by: str = Field(primary_key=True)
    marks: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Criterion to 1–5; a missing one does not apply."""
    note: str = ""
    at: datetime = Field(sa_type=Instant, index=True)


class ShareRow(Table, table=True):
    """A link that shows a conversation for a while to somebody without an account."""

    __tablename__ = "share_link"

    id: str = Field(primary_key=True)
    """Not the link itself, which also carries a signature."""
    conversation_id: str = Field(index=True)
    audio: bool = False
    """Whether it includes the audio."""
    note: str = ""
    """The recipient."""
    by: str = ""
    at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_by: str = ""
    opened: int = 0
    opened_at: datetime | None = Field(default=None, sa_type=Instant)


class ListenRow(Table, table=True):
    """One listening session of a recording, however many ranges were fetched."""

    __tablename__ = "listen"

    id: str = Field(primary_key=True)
    conversation_id: str = Field(index=True)
    by: str
    at: datetime = Field(sa_type=Instant)


class PeaksRow(Table, table=True):
    """A recording's waveform, ready to be drawn."""

    __tablename__ = "recording_peaks"

    conversation_id: str = Field(primary_key=True)
    frames: int
    """How many samples of the recording it was made from."""
    levels: list[int] = Field(sa_type=sa.JSON)
    """Peaks per second of each level, coarsest first, in the order of `data`."""
    data: bytes
    changed: float
    """The recording's modification time then, seconds since 1970."""
    at: datetime = Field(sa_type=Instant)
