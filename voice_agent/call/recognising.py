"""One call's looks into who is calling: bounded in time, one at a time, none ends the call."""

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
"""A CRM that takes longer informs what is said later, not what is said first."""
LOOK_S = 6.0
"""A look that takes longer is given up: the caller is served as somebody new."""


class Recognising:
    """Looks when the facts that tell who is there are committed; without a store, never."""

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
        """Who is there by now; None when that cannot be told."""
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
        """Whether the CRM knows the number, or the address: then `look` tells of it.

        Each is asked once. Nobody waits for this: who calls is greeted meanwhile.
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
