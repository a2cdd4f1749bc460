"""`Knowing`: asks the CRM about buyers who write, beside the conversation.

A chat does not wait for the CRM: its answer enters the conversation between two turns, or with the
next one. A mail waits for the answer, since nobody is sitting there.
"""

import logging
from dataclasses import replace

import anyio

from core.clock import Clock
from core.crm.records import Found
from core.crm.sought import Lookup, better, sought
from core.engine import Engine
from core.errors import CrmFailed, StoreFailed
from core.events import ConversationStarted
from core.facts.standing import latest
from core.identity.memory import Recognition
from core.ports import Recogniser
from core.presence import local_day
from core.store.store import Store

log = logging.getLogger(__name__)
LOOK_S = 6.0
"""A CRM that takes longer is asked again with the next thing the buyer tells."""
REMEMBERED = 2_000
"""Conversations whose answers are cached here; an older one's are in its own state."""


class Knowing:
    """Implements `core.ports.Recogniser`, adding what the CRM has answered so far."""

    def __init__(
        self, people: Recogniser, store: Store, lookup: Lookup | None, clock: Clock
    ) -> None:
        self._people = people
        self._store = store
        self._lookup = lookup
        self._clock = clock
        self._found: dict[str, Found] = {}
        self._asked: dict[str, set[str]] = {}

    async def recognise(self, conversation_id: str) -> Recognition:
        """Who a conversation is with. Raises: StoreFailed."""
        found = await self._people.recognise(conversation_id)
        return replace(found, crm=self._found.get(conversation_id))

    async def ask(self, conversation_id: str) -> bool:
        """Ask the CRM about identifiers not asked about yet; returns whether it knows the buyer.

        A mail address counts if the sender is authenticated: a From line can be forged.
        Raises: StoreFailed.
        """
        if self._lookup is None:
            return False
        facts = [entry.fact for entry in await self._store.log.read(conversation_id)]
        started = latest(facts, ConversationStarted)
        mail = started is not None and started.channel == "email"
        asked, known = self._asked.setdefault(conversation_id, set()), False
        self._forget_oldest()
        for one in sought(facts, proven=mail):
            if one.value in asked:
                continue
            asked.add(one.value)
            try:
                with anyio.fail_after(LOOK_S):
                    found = await self._lookup(one.value)
            except (CrmFailed, TimeoutError) as error:
                asked.discard(one.value)
                log.warning("the CRM is not asked who writes: %s: %s", type(error).__name__, error)
                continue
            if found is not None:
                found = replace(found, proven=one.proven)
                self._found[conversation_id] = better(self._found.get(conversation_id), found)
                known = True
        return known

    async def learn(self, conversation_id: str, engine: Engine) -> None:
        """Ask, and enter the answer between two turns; a turn in progress leaves it to the next."""
        try:
            if await self.ask(conversation_id):
                await self._enter(conversation_id, engine)
        except StoreFailed as error:
            log.warning("what the CRM knows waits for the next turn: %s", error)
        except Exception:  # nobody waits for this, and it must not end the server
            log.exception("what the CRM knows is not used", extra={"id": conversation_id})

    async def _enter(self, conversation_id: str, engine: Engine) -> None:
        standing = await self._store.written.standing(conversation_id)
        if standing is None or standing.received != standing.answered:
            return
        found, at = await self.recognise(conversation_id), self._clock()
        state, facts = engine.recognised(standing.state, found)
        if not facts:
            return
        if state.judged.verdict is not None:  # their existing owner may have to take the lead
            state, judged = engine.thinker.judge(state, local_day(engine.loaded.company, at))
            facts = (*facts, *judged)
        await self._store.written.learn(conversation_id, standing.answered, at, facts, state)

    def _forget_oldest(self) -> None:
        for kept in (self._found, self._asked):
            while len(kept) > REMEMBERED:
                kept.pop(next(iter(kept)))
