"""`ComingBack`: who owns a lead is told when that buyer calls or writes again, while it goes on.

Every server looks; a notice is kept once by its key, so it is told once a lead and day.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from core.clock import Clock
from core.errors import NotifyFailed
from core.handoff.returned import returned
from core.ports import Notify
from core.store.returning import back, going_on
from core.store.unit_of_work import Store
from knowledge.profile import Company
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
LOOK_S = 10.0
LATELY = timedelta(hours=4)
"""Conversations that began before this are written up by then, and are told of so."""
REMEMBERED = 5_000


class ComingBack:
    """Looks at what goes on, and at each conversation once more when it is written up."""

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
        """Conversations that were told of here."""

    async def watch(self) -> None:
        """Look for as long as the server runs."""
        await regularly("looking for leads that are back", self.look, LOOK_S, first_s=LOOK_S)

    async def look(self) -> None:
        """Tell of the leads that are here now. Raises: StoreFailed."""
        since = self._clock() - LATELY
        there = await self._store.query(lambda c: going_on(c, since))
        await self._tell([one for one in there if one not in self._told])

    async def finished(self, conversation_id: str) -> None:
        """The same of one conversation that is written up. Raises: StoreFailed."""
        await self._tell([conversation_id])

    async def _tell(self, conversations: Sequence[str]) -> None:
        if not conversations:
            return
        company = self._company()
        for one in await self._store.query(lambda c: back(c, conversations)):
            told = returned(
                one.conversation_id, one.facts, one.before, company, one.at, self._public_url
            )
            person = company.rep(told[0]) if told else None
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
