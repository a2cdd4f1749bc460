"""One call's lookups of who is calling: bounded in time, one at a time, none ends the call."""

import logging
from collections.abc import Callable
from dataclasses import replace

import anyio

from core.crm.records import Found
from core.crm.sought import Lookup, better
from core.errors import CrmFailed, StoreFailed
from core.identity.memory import Recognition
from core.ports import Recogniser
from voice_agent.call.journal import Journal

log = logging.getLogger(__name__)
IN_TIME_S = 0.8
"""A slower CRM informs what is said later, not what is said first."""
LOOK_S = 6.0
"""A slower lookup is abandoned: the caller is served as somebody new."""


class Recognising:
    """Looks once the facts that identify the caller are committed; never without a store."""

    def __init__(
        self, recogniser: Recogniser | None, journal: Journal, conversation_id: str,
        crm: Lookup | None = None,
    ) -> None:  # fmt: skip
        self._recogniser = recogniser
        self._lookup = crm
        self._crm: Found | None = None
        self._asked: set[str] = set()
        self._journal = journal
        self._conversation_id = conversation_id
        self._one = anyio.Lock()

    async def look(self) -> Recognition | None:
        """Who the caller is, as known now; None when that cannot be determined."""
        if self._recogniser is None:
            return Recognition(crm=self._crm) if self._crm else None
        try:
            with anyio.fail_after(LOOK_S):
                async with self._one:
                    if not await self._journal.flush():
                        return None
                    found = await self._recogniser.recognise(self._conversation_id)
                    return replace(found, crm=self._crm)
        except (StoreFailed, TimeoutError) as error:
            log.warning("nobody is recognised: %s: %s", type(error).__name__, error)
            return None

    async def ask_crm(self, whom: str | None, clock: Callable[[], float]) -> bool:
        """Ask the CRM about a number or address, once each; returns whether it knows the person.

        Nobody waits for this: the caller is greeted meanwhile.
        """
        if self._lookup is None or whom is None or whom in self._asked:
            return False
        self._asked.add(whom)
        began_s = clock()
        try:
            with anyio.fail_after(LOOK_S):
                found = await self._lookup(whom)
        except (CrmFailed, TimeoutError) as error:
            log.warning("the CRM is not asked who calls: %s: %s", type(error).__name__, error)
            return False
        after_s = clock()
        if after_s - began_s > IN_TIME_S:
            log.warning("the CRM took %.1f s to say who calls", after_s - began_s)
        if found is not None:
            self._crm = better(self._crm, replace(found, after_ms=round(after_s * 1000)))
        return found is not None
