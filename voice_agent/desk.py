"""A conversation's access to bookings: bounded in time; its failures never end the talk."""

import logging
from collections.abc import Callable
from datetime import datetime

import anyio

from core.errors import CoreError
from core.scheduling.board import Board
from core.scheduling.ports import Desk
from core.scheduling.tools import Receipt, Refused, Tool
from core.talk import ConversationOpened

log = logging.getLogger(__name__)
DESK_S = 6.0
"""A slower desk counts as failed: the agent promises a call back instead."""


class BoundedDesk:
    """The desk for one conversation; without a desk nothing can be booked."""

    def __init__(
        self, desk: Desk | None, opened: ConversationOpened, clock: Callable[[], datetime]
    ) -> None:
        self._desk = desk
        self._opened = opened
        self._clock = clock

    async def board(self) -> Board | None:
        """The team's free time; None when the desk is out of reach."""
        if self._desk is None:
            return None
        opened, at = self._opened, self._clock()
        try:
            with anyio.fail_after(DESK_S):
                return await self._desk.look(opened.conversation_id, opened.caller, at)
        except (CoreError, TimeoutError) as error:
            log.warning("nothing can be booked now: %s: %s", type(error).__name__, error)
            return None

    async def perform(self, tool: Tool) -> Receipt:
        """Carry out a tool, even while the talk is being cancelled; a failing desk counts as a
        refusal."""
        if self._desk is None:
            return Refused("no desk")
        receipt: Receipt = Refused("the desk did not answer in time")
        with anyio.CancelScope(shield=True):
            try:
                with anyio.fail_after(DESK_S):
                    receipt = await self._desk.perform(tool, self._clock())
            except (CoreError, TimeoutError) as error:
                log.warning("%s failed: %s: %s", type(tool).__name__, type(error).__name__, error)
                receipt = Refused(f"{type(error).__name__}: {error}")
        return receipt

    async def release(self) -> None:
        """Release the conversation's holds; a hold that is not released expires."""
        if self._desk is None:
            return
        try:
            with anyio.fail_after(DESK_S):
                await self._desk.release(self._opened.conversation_id)
        except (CoreError, TimeoutError) as error:
            log.warning("a hold is left to run out: %s", error)
