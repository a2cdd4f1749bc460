"""`TakingBack`: removes from other systems what we left there of forgotten persons.

Chat cards are deleted; calendar entries stay, since the rep's time is taken, but lose their words.
The remaining work is in the database, so any server can continue it, and an erasure's certificate
lists it until it is done.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from core.clock import Clock
from core.errors import CalendarFailed
from core.store import left_behind
from core.store.left_behind import LeftCard, LeftEntry
from core.store.store import Store
from voice_agent.notices.ports import NotDelivered
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
LANE = "taking-back"
LOOK_S = 60.0


class TakesBack(Protocol):
    """A channel on which a sent notice can be deleted."""

    @property
    def name(self) -> str:
        """The name its deliveries are stored under."""

    async def take_back(self, ref: Mapping[str, Any]) -> None:
        """Delete a message; a missing one is no error. Raises: NotDelivered."""


class Blanks(Protocol):
    """A calendar server whose entries can be emptied of words."""

    async def blank(self, rep: str, uid: str) -> None:
        """Remove all words from an entry; a missing one is no error. Raises: CalendarFailed."""


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Works through what is left of forgotten persons; None: that system is not set up now."""

    store: Store
    chat: TakesBack | None
    calendar: Blanks | None
    clock: Clock

    async def watch(self) -> None:
        """Sweep regularly, until cancelled."""
        await regularly("taking back", self.sweep, LOOK_S)

    async def sweep(self) -> int:
        """Take back what is due; returns how much was done. Raises: StoreFailed."""
        at = self.clock()
        cards, entries = await self.store.query(
            lambda c: (left_behind.cards_left(c, at), left_behind.entries_left(c, at))
        )
        done = [await self._card(card) for card in cards]
        return sum(done) + sum([await self._entry(entry) for entry in entries])

    async def _card(self, card: LeftCard) -> bool:
        if self.chat is None or card.way != self.chat.name:
            return False
        why = ""
        try:
            await self.chat.take_back(card.ref)
        except NotDelivered as error:
            why = str(error)
            log.warning("a message about a forgotten person stands: %s", error)
        note = partial(left_behind.card_taken, card=card, at=self.clock(), why=why)
        await self.store.write(LANE, note)
        return not why

    async def _entry(self, entry: LeftEntry) -> bool:
        if self.calendar is None:
            return False
        done = True
        try:
            await self.calendar.blank(entry.rep, entry.uid)
        except CalendarFailed as error:
            done = False
            log.warning("an entry of a forgotten person stands with %s: %s", entry.rep, error)
        note = partial(left_behind.entry_blanked, uid=entry.uid, at=self.clock(), done=done)
        await self.store.write(LANE, note)
        return done
