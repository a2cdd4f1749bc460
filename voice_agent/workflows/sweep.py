"""Takes over from dead servers: ends their conversations, then wraps them up."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.clock import Clock
from core.events import ConversationEnded, Fact, Flagged, Logged, RecordingSaved
from core.facts.standing import SERVER_LOST, ending, latest, unmerged
from core.store.store import Store
from core.store.tables import ConversationRow
from core.store.transfers import Transfers
from voice_agent.errors import VoiceAgentError
from voice_agent.rounds import Troubles, each

log = logging.getLogger(__name__)
Outcome = Callable[[Sequence[Fact]], str]
"""The outcome for the buyer of a conversation that broke off, from what was said."""
Repair = Callable[[str, Sequence[Fact]], Awaitable[RecordingSaved | None]]
"""Makes a broken-off conversation's recording playable; None when there is none."""

FOUND = "sweep:end"
"""Key of an end written by a sweep."""
CALLS = ("voice", "")
"""Channels whose conversations end with their server; "" is one that broke off very early."""
SETTLING = timedelta(seconds=60)
"""How long the server that ended a conversation has to begin its wrap-up itself."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Finds what is left over. Several servers may sweep concurrently."""

    store: Store
    clock: Clock
    outcome: Outcome
    repair: Repair | None = None
    _troubles: Troubles = field(default_factory=Troubles)

    async def leftovers(self) -> list[str]:
        """End lost conversations; returns all that still need a wrap-up."""
        now = self.clock()
        living = await self.store.servers.living()
        away = await Transfers(self.store).away()  # with a person; their own job takes care of them
        open_ones = await self.store.conversations.unfinished(living)
        lost = (row for row in open_ones if row.channel in CALLS and row.id not in away)
        await each("ending a lost call", lost, self.end, self._troubles)
        owed = await self.store.conversations.unwrapped(living, now - SETTLING)
        return [row.id for row in owed]

    async def end(self, row: ConversationRow) -> None:
        """End a lost conversation, unless it has ended. Raises: StoreFailed."""
        logged = await self.store.log.read(row.id)
        facts = unmerged([entry.fact for entry in logged])
        if ending(facts) is not None:
            return
        found: list[Fact] = []
        if latest(facts, RecordingSaved) is None:
            found = await self._saved(row.id, [entry.fact for entry in logged])
        lasted = round((_last(logged, row) - row.started_at).total_seconds() * 1000)
        found.append(ConversationEnded(self.outcome(facts), SERVER_LOST, lasted))
        log.warning("ending a call whose server is gone: %s", row.id)
        # It ended when it was last heard of, not when we found it.
        await self.store.log.append_once(row.id, _last(logged, row), found, FOUND)

    async def _saved(self, conversation_id: str, facts: Sequence[Fact]) -> list[Fact]:
        """The recording's fact, if there is one; for an unreadable file, a flag that says so."""
        try:
            saved = await self.repair(conversation_id, facts) if self.repair else None
        except VoiceAgentError as error:
            log.error("the recording of %s cannot be read: %s", conversation_id, error)
            return [Flagged("recording_incomplete", 0, 0, str(error))]
        return [saved] if saved else []


def _last(logged: Sequence[Logged], row: ConversationRow) -> datetime:
    return logged[-1].at if logged else row.started_at
