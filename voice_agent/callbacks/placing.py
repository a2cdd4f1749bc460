"""`Placing`: dials the calls that may be placed, each at most once.

A call is stored before it is dialled. If this server dies in between, or Twilio's answer is lost,
that counts as an attempt: nobody is ever called twice for one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.callbacks.answered import is_machine
from core.callbacks.dial import Not
from core.clock import Clock
from core.errors import StoreFailed
from core.store.dialling import Recorded
from core.store.store import Store
from core.talk import Placed
from knowledge.profile import Company
from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.ports import CallControl, Outbound

log = logging.getLogger(__name__)
VOICE = "/twilio/callback/{attempt}/voice"
STATUS = "/twilio/callback/{attempt}/status"
AMD = "/twilio/amd/{attempt}"
STATES = {
    "queued": "placed", "initiated": "placed", "ringing": "ringing", "in-progress": "answered",
    "completed": "over", "busy": "busy", "no-answer": "no_answer", "failed": "failed",
    "canceled": "failed",
}  # fmt: skip
"""Twilio's call states, as ours."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Implements `ports.Dials`, and stores what becomes of the calls."""

    store: Store
    control: CallControl
    company: Callable[[], Company]
    clock: Clock
    public_url: str

    async def dial(self, callback_id: str) -> Not | None:
        """Store a call and place it; returns why not, if not. Raises: StoreFailed."""
        if not self.public_url:
            return Not("off")
        made = await self.store.dialling.attempt(callback_id, self.clock(), self.company())
        if not isinstance(made, Recorded):
            return made or Not("over")
        base = self.public_url.rstrip("/")
        call = Outbound(
            to=made.number,
            caller_id=self.company().numbers[0],
            url=base + VOICE.format(attempt=made.attempt),
            status_callback=base + STATUS.format(attempt=made.attempt),
            ring_s=self.company().callbacks.ring_seconds,
            detection_callback=base + AMD.format(attempt=made.attempt),
        )
        log.info("calling a buyer back", extra={"attempt": made.attempt})
        try:
            call_sid, status = await self.control.place_call(call), "placed"
        except TelephonyFailed as error:  # it may have been placed all the same
            log.error("a call was not placed: %s", error, extra={"attempt": made.attempt})
            call_sid, status = "", "unknown"
        await self.store.dialling.progressed(made.attempt, status, self.clock(), call_sid=call_sid)
        return None

    async def answered(self, attempt: str, call_sid: str) -> bool:
        """The call was answered; returns whether it is still wanted. Raises: StoreFailed."""
        news = await self.store.dialling.progressed(
            attempt, "answered", self.clock(), call_sid=call_sid
        )
        tried = await self._of_call(attempt, call_sid)
        return news is not None and tried is not None and tried["callback"]["status"] in OPEN

    async def told(self, attempt: str, call_sid: str, status: str) -> None:
        """A call changed state, in Twilio's terms. Raises: StoreFailed."""
        if (ours := STATES.get(status)) is not None:
            await self.store.dialling.progressed(attempt, ours, self.clock(), call_sid=call_sid)

    async def detected(self, attempt: str, answered_by: str) -> None:
        """Store what answered, as far as Twilio can tell. Raises: StoreFailed."""
        status = "machine" if is_machine(answered_by) else "answered"
        await self.store.dialling.progressed(
            attempt, status, self.clock(), answered_by=answered_by or "unknown"
        )

    # --- for the call itself -----------------------------------------------------------------

    async def placed(self, attempt: str, call_sid: str) -> Placed | None:
        """The purpose of a call we placed; None if we did not, or cannot tell now."""
        try:
            tried = await self._of_call(attempt, call_sid)
        except StoreFailed as error:
            log.warning("a call of ours goes on without its reason: %s", error)
            return None
        if tried is None:
            return None
        return Placed(tried["callback_id"], tried["n"], tried["callback"]["about"])

    async def verdict(self, placed: Placed) -> str:
        """What answered; empty while unknown. Raises: StoreFailed."""
        tried = await self.store.dialling.attempt_of(f"{placed.callback_id}-{placed.attempt}")
        return str(tried["answered_by"]) if tried is not None else ""

    async def may_leave_message(self, placed: Placed) -> bool:
        """Whether to leave a message now, at most once. Raises: StoreFailed."""
        if self.company().callbacks.voicemail != "leave_message":
            return False
        return await self.store.dialling.leave_message(placed.callback_id, self.clock())

    async def became(self, placed: Placed, status: str) -> None:
        """Store the outcome: `talked` with a person after all, or `message_left`."""
        attempt = f"{placed.callback_id}-{placed.attempt}"
        await self.store.dialling.progressed(attempt, status, self.clock())

    async def _of_call(self, attempt: str, call_sid: str) -> dict[str, Any] | None:
        """The attempt by both its ids: nobody else can claim it."""
        tried = await self.store.dialling.attempt_of(attempt)
        return tried if tried is not None and tried["call_sid"] == call_sid else None


OPEN = ("promised", "claimed", "reminded", "escalated", "attempted")
"""States in which we still have to talk with the buyer."""
