"""`Transfers`: callers who are with a person or on the way, for any server to take back.

A stage changes only from the stage that was read, so that of two servers one decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.conversation.state import ConversationState
from core.store.shape import Unreadable
from core.store.snapshot import pack, unpack
from core.store.store import Store
from core.store.tables import ConversationRow, Instant, Table


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


_transfer = TransferRow.__table__
_conversation = ConversationRow.__table__
AWAY = ("transferring", "with_person", "returning")
"""Stages in which no server runs the conversation."""
ENDED = "ended"
"""The conversation's end is pending, or was written."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One attempt. `state`: the conversation's when the caller left us; None once it goes on with
    us, or its end is written."""

    id: str
    conversation_id: str
    call_sid: str
    caller: str
    called: str
    rep: str
    mode: str
    reason: str
    turn: int
    began_at: datetime
    started_at: datetime
    state: ConversationState | None
    stage: str = "transferring"
    rep_call_sid: str = ""

    def ms(self, at: datetime) -> int:
        """An instant as milliseconds of the conversation."""
        return max(0, round((at - self.began_at).total_seconds() * 1000))


class Transfers:
    """The store's interface for transfers. Every method raises StoreFailed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, transfer: Transfer) -> None:
        """Record an attempt."""
        values = {name: getattr(transfer, name) for name in Transfer.__slots__}
        state = pack(transfer.state) if transfer.state else {}
        row = TransferRow(**{**values, "state": state}).model_dump()

        def work(c: sa.Connection) -> None:
            if c.execute(sa.select(_transfer.c.id).where(_transfer.c.id == transfer.id)).first():
                return  # written before the connection was lost
            c.execute(sa.insert(_transfer).values(row))

        await self._store.write(transfer.conversation_id, work)

    async def get(self, transfer_id: str) -> Transfer | None:
        """An attempt by its id."""
        return await self._one(_transfer.c.id == transfer_id)

    async def of_call(self, call_sid: str) -> Transfer | None:
        """The attempt for which a call is currently away."""
        return await self._one(_transfer.c.call_sid == call_sid, _transfer.c.stage.in_(AWAY))

    async def move(self, transfer: Transfer, stage: str) -> bool:
        """Change the stage that was read into another; False if it has changed since.

        A conversation that resumes belongs to this server from then on.
        """
        over: dict[str, Any] = {} if stage in (*AWAY, ENDED) else {"state": {}}
        update = (
            sa.update(_transfer)
            .where(_transfer.c.id == transfer.id, _transfer.c.stage == transfer.stage)
            .values(stage=stage, **over)
        )
        adopt = (
            sa.update(_conversation)
            .where(_conversation.c.id == transfer.conversation_id)
            .values(server=self._store.server)
        )

        def work(c: sa.Connection) -> bool:
            moved = bool(c.execute(update).rowcount)
            if moved and stage == "talking":
                c.execute(adopt)
            return moved

        return await self._store.write(transfer.conversation_id, work)

    async def let_go(self, transfer_id: str) -> None:
        """Delete an attempt's state once its conversation's end is written."""
        update = sa.update(_transfer).where(_transfer.c.id == transfer_id).values(state={})
        await self._store.write(transfer_id, lambda c: c.execute(update).rowcount)

    async def ringing(self, transfer_id: str, rep_call_sid: str) -> None:
        """Record the call to the person."""
        update = sa.update(_transfer).where(_transfer.c.id == transfer_id)
        await self._store.write(
            transfer_id, lambda c: c.execute(update.values(rep_call_sid=rep_call_sid)).rowcount
        )

    async def away(self) -> set[str]:
        """Ids of the conversations that no server runs because of a transfer."""
        query = sa.select(_transfer.c.conversation_id).where(_transfer.c.stage.in_(AWAY))
        return await self._store.query(lambda c: set(c.execute(query).scalars()))

    async def _one(self, *conditions: sa.ColumnElement[bool]) -> Transfer | None:
        query = sa.select(_transfer).where(*conditions).order_by(_transfer.c.started_at.desc())
        row = await self._store.query(lambda c: c.execute(query.limit(1)).mappings().first())
        return None if row is None else _read(row)


def _read(row: Mapping[Any, Any]) -> Transfer:
    """The attempt; a state written by another version cannot be resumed, only ended."""
    try:
        state = unpack(row["state"]) if row["state"] else None
    except Unreadable:
        state = None
    return Transfer(**{**row, "state": state})


def forget_transfers(c: sa.Connection, conversation_id: str) -> int:
    """Delete the state a conversation would resume from; returns how many attempts there were."""
    mine = sa.delete(_transfer).where(_transfer.c.conversation_id == conversation_id)
    return c.execute(mine).rowcount
