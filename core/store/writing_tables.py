"""The table of written conversations: their state between two messages."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class StandingRow(Table, table=True):
    """A written conversation between two turns. The log has turns up to `answered` in full."""

    __tablename__ = "conversation_standing"

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    received: int = 0
    """Turn of the last message received."""
    answered: int = 0
    """Turn of the last message answered."""
    wrapped: int = 0
    """Turn up to which brief and CRM records were requested."""
    state: dict[str, Any] = Field(sa_type=sa.JSON)
    """`ConversationState` after that answer."""
    touched_at: datetime = Field(sa_type=Instant, index=True)
