"""What a dead server left: its conversations get their end, then the wrap-up they are owed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.events import ConversationEnded, Fact, Logged, RecordingSaved
from core.standing import SERVER_LOST, ending, latest, unmerged
from core.store.tables import ConversationRow
from core.store.transfers import Transfers
from core.store.unit_of_work import Store

Outcome = Callable[[Sequence[Fact]], str]
"""How a conversation that broke off went for the buyer, by what was said."""
Repair = Callable[[str, Sequence[Fact]], Awaitable[RecordingSaved | None]]
"""Makes the recording of a broken-off conversation playable; None when there is none."""

FOUND = "sweep:end"
"""Key of the end that a sweep wrote."""
CALLS = ("voice", "")
"""Channels whose conversations end with their server; "" is one that did not get far."""
SETTLING = timedelta(seconds=60)
"""How long the server that ended a conversation is given to begin its wrap-up itself."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Finds what is left over. Several servers may sweep at once."""

    store: Store
    clock: Clock
    outcome: Outcome
    repair: Repair | None = None

    async def leftovers(self) -> list[str]:
        """Give lost conversations their end; returns all that are owed a wrap-up."""
        now = self.clock()
        living = await self.store.servers.living()
        away = await Transfers(self.store).away()  # with a person; their own job looks after them
        for row in await self.store.conversations.unfinished(living):
            if row.channel in CALLS and row.id not in away:
                await self.end(row)
        owed = await self.store.conversations.unwrapped(living, now - SETTLING)
        return [row.id for row in owed]

    async def end(self, row: ConversationRow) -> None:
        """Give a lost conversation its end, unless it has one. Raises: StoreFailed."""
        logged = await self.store.log.read(row.id)
        facts = unmerged([entry.fact for entry in logged])
        if ending(facts) is not None:
            return
        found: list[Fact] = []
        if self.repair is not None and latest(facts, RecordingSaved) is None:
            saved = await self.repair(row.id, [entry.fact for entry in logged])
            found = [saved] if saved else []
        lasted = round((_last(logged, row) - row.started_at).total_seconds() * 1000)
        found.append(ConversationEnded(self.outcome(facts), SERVER_LOST, lasted))
        # The end is when it was last heard of, not when we found it.
        await self.store.log.append_once(row.id, _last(logged, row), found, FOUND)


def _last(logged: Sequence[Logged], row: ConversationRow) -> datetime:
    return logged[-1].at if logged else row.started_at
