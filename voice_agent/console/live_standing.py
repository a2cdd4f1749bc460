"""`Standings`: the state of live calls, read off their logs once per change for all viewers."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import anyio

from core.clock import Clock
from core.events import Logged
from core.privacy.facts import CardSpoken
from core.projections.document import standing
from core.store.tables import ConversationRow
from voice_agent.console.frame import Frame

KEPT = 64
"""Calls whose facts stay in memory while somebody watches them."""


@dataclass(slots=True)
class _Known:
    """What has been read of a call so far."""

    facts: list[Logged] = field(default_factory=list)
    seq: int = -1
    stands: Mapping[str, Any] = field(default_factory=dict)
    reading: anyio.Lock = field(default_factory=anyio.Lock)


class Standings:
    """Reads only what is new in a log."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def of(self, row: ConversationRow) -> Mapping[str, Any]:
        """The parts of the call document that change during a call, up to this row.

        Raises: StoreFailed.
        """
        known = self._known.setdefault(row.id, _Known())
        self._known.move_to_end(row.id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        async with known.reading:
            if known.seq < row.last_seq:
                await self._read_on(row.id, known)
        return known.stands

    async def _read_on(self, conversation_id: str, known: _Known) -> None:
        log, last = self._frame.store.log, known.facts[-1].seq if known.facts else 0
        new = await log.read(conversation_id, last)
        if any(isinstance(entry.fact, CardSpoken) for entry in new):
            known.facts.clear()  # digits stored before are blanked
            new = await log.read(conversation_id)
        known.facts.extend(new)
        known.seq = known.facts[-1].seq if known.facts else -1
        company = self._frame.company().company
        known.stands = standing(conversation_id, known.facts, company)


def floor(stands: Mapping[str, Any], clock: Clock) -> str | None:
    """The rep who has the floor, according to the log."""
    taken = stands.get("floor")
    return taken["by"] if taken and datetime.fromisoformat(taken["until"]) > clock() else None
