"""`Answerphone`: acts on answering-machine detection for calls we placed. No verdict is final.

The verdict arrives during the call, at whichever server Twilio asks, so it is looked up in the
database. On a machine, everything said so far was its greeting: it is taken back, and if somebody
speaks after all, the conversation starts over with them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import anyio

from core.callbacks.answered import LISTENS_S, is_machine
from core.conversation.wording.opening import message_sentences
from core.errors import StoreFailed
from core.facts.callbacks import MachineHeard
from core.talk import Placed
from voice_agent.call.answering import Answering
from voice_agent.call.conversation import Conversation
from voice_agent.call.parts import CallParts
from voice_agent.callbacks.placing import Placing

log = logging.getLogger(__name__)
LOOK_S = 0.5
GIVEN_UP_S = 60.0
"""A verdict later than this never comes."""


class Session(Protocol):
    """The watched call."""

    @property
    def last_turn(self) -> float:
        """Call-clock second at which the other side's last turn began; negative before any."""

    def begin_anew(self) -> int:
        """Forget what was heard so far; returns the number of the next turn."""

    def finish(self, reason: str) -> None:
        """End the call."""


@dataclass(frozen=True, slots=True)
class Answerphone:
    """Watches one call, if we placed it."""

    parts: CallParts
    answering: Answering
    conversation: Conversation
    speaking: Callable[[], bool]
    """Whether the agent is speaking."""
    session: Session

    async def watch(self) -> None:
        """Wait for the verdict and act on it; runs beside the call until it is over."""
        placing, placed = self.parts.placing, self.parts.opened.placed
        if placing is None or placed is None:
            return
        verdict = await _verdict(placing, placed)
        if is_machine(verdict):
            await self._machine(placing, placed, verdict)

    async def _machine(self, placing: Placing, placed: Placed, verdict: str) -> None:
        parts, since = self.parts, self.parts.clock.now()
        number = self._start_over()
        leaves = verdict != "fax" and await _may_leave(placing, placed)
        heard = MachineHeard(verdict, round(since * 1000), leaves)
        parts.journal.write(parts.clock.utc(since), heard)
        if leaves:
            company = parts.engine.loaded.company
            self.answering.say(number, message_sentences(company, placed.about, number))
        quiet_s = 0.0
        while quiet_s < LISTENS_S:
            await anyio.sleep(LOOK_S)
            busy = self.speaking() or parts.hearing.speaking
            quiet_s = 0.0 if busy else quiet_s + LOOK_S
            if self.session.last_turn > since:  # a person is there after all
                return await _became(placing, placed, "talked")
        if leaves:
            await _became(placing, placed, "message_left")
        self.session.finish("answering_machine")

    def _start_over(self) -> int:
        """Take back everything said so far: a machine's greeting, and our answers to it."""
        number = self.session.begin_anew()
        self.answering.yield_floor()
        self.conversation.start_over(self.parts.opening.state)
        return number


async def _verdict(placing: Placing, placed: Placed) -> str:
    """What answered; empty when no verdict came in time."""
    with anyio.move_on_after(GIVEN_UP_S):
        while True:
            try:
                if found := await placing.verdict(placed):
                    return found
            except StoreFailed as error:
                log.warning("what answered is not known yet: %s", error)
            await anyio.sleep(LOOK_S)
    return ""


async def _may_leave(placing: Placing, placed: Placed) -> bool:
    try:
        return await placing.may_leave_message(placed)
    except StoreFailed as error:
        log.warning("no message is left, for it might be the second: %s", error)
        return False


async def _became(placing: Placing, placed: Placed, status: str) -> None:
    try:
        await placing.became(placed, status)
    except StoreFailed as error:
        log.error("what came of a call of ours is not kept: %s", error)
