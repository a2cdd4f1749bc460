"""The tables of what the team makes of a conversation: comments, verdicts, links, peaks."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table

MOST_TEXT = 4_000
"""Letters of a comment, a reason or a note."""


class CommentRow(Table, table=True):
    """A colleague's remark, at an instant of the conversation or on the whole of it."""

    __tablename__ = "review_comment"
    __table_args__ = (sa.Index("ix_review_comment_conversation", "conversation_id", "at"),)

    id: str = Field(primary_key=True)
    """Made by the form, so that one sent twice is one comment."""
    conversation_id: str
    at_ms: int | None = None
    """The place in the conversation; None: about all of it."""
    text: str
    author: str
    """The account's id."""
    mentions: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Who is called upon in it."""
    at: datetime = Field(sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class OverrideRow(Table, table=True):
    """A colleague's verdict beside the agent's. Append-only: the latest stands."""

    __tablename__ = "verdict_override"
    __table_args__ = (sa.Index("ix_verdict_override_conversation", "conversation_id", "at"),)

    id: str = Field(primary_key=True)
    conversation_id: str
    result: str
    """qualified, disqualified or nurture; empty takes the override back"""
    agent_result: str = ""
    """What the agent had concluded when it was overridden."""
    criteria_version: str = ""
    reason: str = ""
    by: str = ""
    at: datetime = Field(sa_type=Instant, index=True)


class AnswerCheckRow(Table, table=True):
    """A colleague's check of the agent's answer to one question. Append-only: the latest stands."""

    __tablename__ = "answer_check"
    __table_args__ = (sa.Index("ix_answer_check_conversation", "conversation_id", "at"),)

    id: str = Field(primary_key=True)
    conversation_id: str
    question_id: str
    gave: str
    """answer or deferral"""
    result: str
    """right, false or needless; empty takes the check back"""
    told: str = ""
    """What is right instead."""
    by: str = ""
    at: datetime = Field(sa_type=Instant)


class ScorecardRow(Table, table=True):
    """A colleague's marks for the agent's part, by criterion of the company's scorecard."""

    __tablename__ = "scorecard"

    conversation_id: str = Field(primary_key=True)
    by: str = Field(primary_key=True)
    marks: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Criterion to 1 to 5; one left out does not apply."""
    note: str = ""
    at: datetime = Field(sa_type=Instant, index=True)


class ShareRow(Table, table=True):
    """A link by which somebody without an account sees a conversation for a while."""

    __tablename__ = "share_link"

    id: str = Field(primary_key=True)
    """Not the link: that carries a signature besides."""
    conversation_id: str = Field(index=True)
    audio: bool = False
    """Whether it lets them listen, too."""
    note: str = ""
    """For whom it was made."""
    by: str = ""
    at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_by: str = ""
    opened: int = 0
    opened_at: datetime | None = Field(default=None, sa_type=Instant)


class ListenRow(Table, table=True):
    """One listening to a recording, however many pieces of it were fetched."""

    __tablename__ = "listen"

    id: str = Field(primary_key=True)
    conversation_id: str = Field(index=True)
    by: str
    at: datetime = Field(sa_type=Instant)


class PeaksRow(Table, table=True):
    """How loud a recording is along its way, ready to be drawn."""

    __tablename__ = "recording_peaks"

    conversation_id: str = Field(primary_key=True)
    frames: int
    """Samples of the recording they were made of."""
    levels: list[int] = Field(sa_type=sa.JSON)
    """Peaks a second, coarsest first, as they follow each other in `data`."""
    data: bytes
    changed: float
    """When the recording had last been written to then, seconds since 1970."""
    at: datetime = Field(sa_type=Instant)
