"""How one call leaves us for a person: a session's request, bound to its call."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import anyio

from core.conversation.state import ConversationState
from core.facts.transfers import TransferStarted
from core.reply import Action
from core.store.transfers import Transfer
from core.talk import ConversationOpened
from voice_agent.call import stages
from voice_agent.call.journal import Journal
from voice_agent.call.parking import Parked, Parking
from voice_agent.call.stages import StageEvent
from voice_agent.call.transferring import Transferring, failed

LONGEST_S = 900.0
"""A caller away for longer is not coming back."""
LOOK_S = 5.0
"""Interval between looks whether they may: another server may have been told."""
STORED_S = 2.0
"""How long to wait for the facts so far, which the person's brief is made from."""


@dataclass(slots=True)
class Departure:
    """`transfer_id` is set while the caller is, or may be, away."""

    transferring: Transferring | None
    parking: Parking
    parked: Parked
    opened: ConversationOpened
    journal: Journal
    entered: Callable[[StageEvent], object]
    transfer_id: str | None = None

    async def begin(self, action: Action, state: ConversationState) -> bool:
        """Transfer the caller; False when they are still with us, or left while they were. Must not
        be cancelled."""
        transferring, clock = self.transferring, self.parked.clock
        if transferring is None or action.rep is None:
            return False
        now = clock.now()
        mode = transferring.engine.loaded.company.transfers.mode
        transfer = Transfer(
            id=uuid4().hex,
            conversation_id=self.opened.conversation_id,
            call_sid=self.parked.call_sid,
            caller=self.opened.caller or "",
            called=self.opened.called or "",
            rep=action.rep,
            mode=mode,
            reason=action.reason,
            turn=action.turn,
            began_at=self.opened.at,
            started_at=clock.utc(now),
            state=state,
        )
        self.transfer_id = transfer.id
        self.parking.park(transfer.id, self.parked)
        self.entered(stages.TransferBegan())
        at_ms = round(now * 1000)
        self.journal.write(
            clock.utc(now),
            TransferStarted(
                transfer.id, transfer.rep, "cold" if mode == "cold" else "warm", action.reason,
                action.turn, at_ms,
            ),
        )  # fmt: skip
        with anyio.move_on_after(STORED_S):
            await self.journal.flush()
        if await transferring.begin(transfer):
            return True
        self.parking.take(transfer.id)
        self.transfer_id = None
        self.entered(stages.TransferRefused())
        later = clock.now()
        self.journal.write(clock.utc(later), *failed(transfer, "unreachable", clock.utc(later)))
        return False

    async def keep(self) -> None:
        """Keep the recording of a caller who is away open until it needs no more writing: closed by
        whoever ended the conversation here, or because they are not coming back."""
        parked, until = self.parked, anyio.current_time() + LONGEST_S
        try:
            while not parked.gone.is_set():
                with anyio.move_on_after(LOOK_S):
                    await parked.gone.wait()
                if await self._stays_away(until) and self.parking.take(self.transfer_id or ""):
                    break
        finally:
            with anyio.CancelScope(shield=True):
                if not parked.gone.is_set() and (saved := await parked.close()) is not None:
                    self.journal.write(parked.clock.utc(parked.clock.now()), saved)
                    await self.journal.close()

    async def _stays_away(self, until: float) -> bool:
        transfer_id, transferring = self.transfer_id, self.transferring
        if transferring is None or transfer_id is None or transfer_id not in self.parking:
            return False  # they are back
        return anyio.current_time() > until or not await transferring.pending(transfer_id)
