"""The table of transfers: callers sent to a person, and the state to resume if they return."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class TransferRow(Table, table=True):
    """One attempt to transfer a caller to a person."""

    __tablename__ = "transfer"

    id: str = Field(primary_key=True)
    conversation_id: str = Field(index=True)
    call_sid: str = Field(index=True)
    caller: str = ""
    """Both parties, as the carrier names them."""
    called: str = ""
    rep: str
    rep_call_sid: str = ""
    """The call to the person, once placed."""
    mode: str
    reason: str = ""
    turn: int = 0
    stage: str = Field(default="transferring", index=True)
    """transferring, with_person, returning, talking (they came back) or ended."""
    began_at: datetime = Field(sa_type=Instant)
    """When the conversation began: the zero of its milliseconds."""
    started_at: datetime = Field(sa_type=Instant)
    state: dict[str, Any] = Field(sa_type=sa.JSON)
    """`ConversationState` when the caller left us."""
