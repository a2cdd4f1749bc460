"""`Handoffs`: what people do with a lead, whether in the console, in Slack or over the API.

They claim it, rate its handoff, report its outcome, and settle the call promised to the buyer. Each
act is stored with its audit line in one transaction; then the notices that were delivered about the
lead are updated.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

import sqlalchemy as sa

from core.errors import StoreFailed
from core.facts.claims import LEAST, MOST, DealTold, HandoffRated, MeetingTold
from core.store import audit
from core.store.audit import Audited
from core.store.claims import Claims
from core.store.store import Store
from voice_agent.http import Refused

log = logging.getLogger(__name__)
CURRENCY = re.compile(r"[A-Z]{3}")
MOST_MINOR = 10**14
"""A deal's amount is below this, in minor units."""

Changed = Callable[[str, str], Awaitable[None]]
"""Updates the delivered notices of a conversation, once per change. Raises: StoreFailed."""


async def _nobody(conversation_id: str, change: str) -> None:
    """For a server that delivers no notices."""


@dataclass(frozen=True, slots=True)
class Handoffs:
    """Every act on a lead. `line` is its audit line. All raise StoreFailed."""

    store: Store
    changed: Changed = _nobody

    # --- the lead ----------------------------------------------------------------------------

    async def claim(
        self, conversation_id: str, by: str, through: str, at: datetime, line: Audited | None = None
    ) -> str | None:
        """Take a lead; returns who has it, which is whoever came first. None: unknown."""
        claims = Claims(self.store)
        held = await claims.claim(conversation_id, by, through, at, _recording(line))
        if held is not None:
            await self.show(conversation_id)
        return held

    async def rate(
        self, conversation_id: str, rating: HandoffRated, at: datetime, key: str,
        line: Audited | None = None,
    ) -> bool:  # fmt: skip
        """Store a person's rating, once by its key; False for an unknown conversation."""
        claims = Claims(self.store)
        known = await claims.rate(conversation_id, rating, at, key, _recording(line))
        if known:
            await self.show(conversation_id)
        return known

    async def told(
        self, conversation_id: str, what: MeetingTold | DealTold, at: datetime, key: str,
        line: Audited | None = None,
    ) -> bool:  # fmt: skip
        """Store the lead's outcome, once by its key; False for an unknown conversation."""
        return await Claims(self.store).told(conversation_id, what, at, key, _recording(line))

    # --- the promised call -------------------------------------------------------------------

    async def claim_call(
        self, callback_id: str, by: str, at: datetime, line: Audited | None = None, *,
        first: bool = False,
    ) -> None:  # fmt: skip
        """Assign a promised call, `first`: unless a colleague has it.

        Raises: UnknownCallback, Over, Taken.
        """
        also = _recording(line)
        await self.show(
            await self.store.callbacks.claim(callback_id, by, at, also=also, first=first)
        )

    async def release_call(
        self, callback_id: str, by: str, at: datetime, line: Audited | None = None, *,
        anybodys: bool = False,
    ) -> None:  # fmt: skip
        """Give back a promised call one has claimed, or `anybodys`.

        Raises: UnknownCallback, Over, Taken.
        """
        also = _recording(line)
        await self.show(
            await self.store.callbacks.release(callback_id, by, at, also=also, anybodys=anybodys)
        )

    async def end_call(
        self, callback_id: str, status: str, by: str, at: datetime, why: str = "",
        line: Audited | None = None,
    ) -> None:  # fmt: skip
        """Mark a promised call as kept, broken or cancelled. Raises: UnknownCallback, Over."""
        also = _recording(line)
        await self.show(await self.store.callbacks.end(callback_id, status, by, at, why, also=also))

    async def reopen_call(
        self, callback_id: str, by: str, at: datetime, line: Audited | None = None
    ) -> None:
        """Undo a colleague's ending of a promised call. Raises: UnknownCallback, Over."""
        await self.show(
            await self.store.callbacks.reopen(callback_id, by, at, also=_recording(line))
        )

    async def reschedule_call(
        self, callback_id: str, by: str, at: datetime, *, start: datetime, end: datetime,
        said: str, owner: str = "",
    ) -> None:  # fmt: skip
        """Set a promised call's window or owner. Raises: UnknownCallback, Over."""
        await self.show(
            await self.store.callbacks.reschedule(
                callback_id, by, at, start=start, end=end, said=said, owner=owner
            )
        )

    async def bar(
        self, number: str, at: datetime, *, how: str, by: str, line: Audited | None = None
    ) -> bool:
        """List a number as do-not-call and cancel the calls promised to it; False if it was on the
        list."""
        done = await self.store.dialling.bar(number, at, how=how, by=by, also=_recording(line))
        for conversation_id in done.cancelled:
            await self.show(conversation_id)
        return done.new

    async def show(self, conversation_id: str) -> None:
        """Update the notices; the act stands even if they cannot be."""
        try:
            await self.changed(conversation_id, uuid4().hex)
        except StoreFailed as error:
            log.warning("the notices of %s are not updated: %s", conversation_id, error)


def rating(by: str, score: int | None, repeated: bool | None, through: str) -> HandoffRated:
    """A rating, with an answer to at least one of its two questions. Raises: Refused."""
    if (repeated is None) if score is None else (score not in range(LEAST, MOST + 1)):
        raise Refused(422, "bad-rating", f"A score is a whole number from {LEAST} to {MOST}.")
    return HandoffRated(by, score or 0, repeated, through)


def meeting_told(booking_id: str, outcome: object, by: str, through: str) -> MeetingTold:
    """Whether a meeting took place. Raises: Refused."""
    match outcome:
        case "held" | "no_show" | "":
            return MeetingTold(booking_id, outcome, by, through)
        case _:
            told = "A meeting's outcome is held, no_show, or empty to take it back."
            raise Refused(422, "bad-outcome", told)


def deal_told(stage: object, amount: int | None, currency: str, by: str, through: str) -> DealTold:
    """A deal's stage and value, in minor units. Raises: Refused."""
    match stage:
        case "":
            return DealTold("", None, "", by, through)
        case "open" | "won" | "lost":
            if not CURRENCY.fullmatch(currency):
                told = "A currency is three capital letters, such as USD."
                raise Refused(422, "bad-currency", told)
            if amount is not None and not 0 <= amount < MOST_MINOR:
                raise Refused(422, "bad-amount", f"An amount is from 0 to {MOST_MINOR} cents.")
            return DealTold(stage, amount, currency, by, through)
        case _:
            told = "A deal's stage is open, won, lost, or empty to take it back."
            raise Refused(422, "bad-stage", told)


def _recording(line: Audited | None) -> Callable[[sa.Connection], object]:
    """Writes an audit line in the transaction of what it is about."""
    return partial(audit.record, line=line) if line is not None else lambda c: None
