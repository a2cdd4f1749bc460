"""Who took a lead and how the handoff went, committed to the conversation's log.

Every method raises StoreFailed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.events import Fact
from core.facts.claims import DealTold, HandoffRated, LeadClaimed, MeetingTold, rated
from core.facts.standing import every
from core.store.log import Work, nothing
from core.store.store import Store

ONCE = "claim"


@dataclass(frozen=True, slots=True)
class Claims:
    """The store's interface for claims and ratings; None or False: an unknown conversation.

    `also`: writes that belong to the act, in its transaction.
    """

    store: Store

    async def claim(
        self, conversation_id: str, by: str, through: str, at: datetime, also: Work = nothing
    ) -> str | None:
        """Take a lead; returns who has it, which is whoever came first."""
        if await self.store.conversations.get(conversation_id) is None:
            return None
        taken = LeadClaimed(by, through)
        if await self.store.log.append_once(conversation_id, at, [taken], ONCE, also):
            return by
        held = claimed(await self._facts(conversation_id))
        return held.by if held else by

    async def rate(
        self, conversation_id: str, rating: HandoffRated, at: datetime, key: str,
        also: Work = nothing,
    ) -> bool:  # fmt: skip
        """Store a person's rating of a handoff, once by its key."""
        return await self._add(conversation_id, at, rating, f"rating:{key}", also)

    async def told(
        self, conversation_id: str, what: MeetingTold | DealTold, at: datetime, key: str,
        also: Work = nothing,
    ) -> bool:  # fmt: skip
        """Store what became of a lead, once by its key."""
        return await self._add(conversation_id, at, what, f"told:{key}", also)

    async def _add(
        self, conversation_id: str, at: datetime, fact: Fact, key: str, also: Work
    ) -> bool:
        if await self.store.conversations.get(conversation_id) is None:
            return False
        await self.store.log.append_once(conversation_id, at, [fact], key, also)
        return True

    async def standing(self, conversation_id: str) -> tuple[str, dict[str, HandoffRated]]:
        """Who has a lead (empty: nobody), and each person's latest rating of the handoff."""
        facts = await self._facts(conversation_id)
        held = claimed(facts)
        return held.by if held else "", rated(every(facts, HandoffRated))

    async def _facts(self, conversation_id: str) -> Sequence[Fact]:
        return [entry.fact for entry in await self.store.log.read(conversation_id)]


def claimed(facts: Sequence[Fact]) -> LeadClaimed | None:
    """Who took the lead."""
    return next(iter(every(facts, LeadClaimed)), None)
