"""`ComingBack`: tells a lead's owner, during the conversation, that the buyer is back.

Every server looks. A notice is stored once by its key, so the owner is told once per lead and day.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from core.clock import Clock
from core.errors import NotifyFailed
from core.handoff.returned import returned
from core.ports import Notify
from core.store.returning import back, going_on
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
LOOK_S = 10.0
LATELY = timedelta(hours=4)
"""Older conversations have been written up by then, and were reported at that point."""
REMEMBERED = 5_000


class ComingBack:
    """Looks at ongoing conversations, and once more at each one when it is written up."""

    def __init__(
        self,
        store: Store,
        notify: Notify,
        company: Callable[[], Company],
        clock: Clock,
        public_url: str = "",
    ) -> None:
        self._store = store
        self._notify = notify
        self._company = company
        self._clock = clock
        self._public_url = public_url
        self._told: dict[str, None] = {}
        """Conversations this server has reported."""

    async def watch(self) -> None:
        """Look for as long as the server runs."""
        await regularly("looking for leads that are back", self.look, LOOK_S, first_s=LOOK_S)

    async def look(self) -> None:
        """Report the leads who are here now. Raises: StoreFailed."""
        since = self._clock() - LATELY
        there = await self._store.query(lambda c: going_on(c, since))
        await self._tell([one for one in there if one not in self._told])

    async def finished(self, conversation_id: str) -> None:
        """Report one conversation that was written up, if it is a lead's. Raises: StoreFailed."""
        await self._tell([conversation_id])

    async def _tell(self, conversations: Sequence[str]) -> None:
        if not conversations:
            return
        company = self._company()
        for one in await self._store.query(lambda c: back(c, conversations)):
            told = returned(
                one.conversation_id, one.facts, one.before, company, one.at, self._public_url
            )
            person = company.person(told[0]) if told else None
            if told is None or person is None:
                continue
            try:
                await self._notify.tell(person, told[1])
            except NotifyFailed as error:
                log.warning("that a lead is back is told later: %s", error)
                continue
            self._told[one.conversation_id] = None
        while len(self._told) > REMEMBERED:
            self._told.pop(next(iter(self._told)))
