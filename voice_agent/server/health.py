"""Why a server cannot take calls: for readiness probes and for incoming calls."""

from dataclasses import dataclass, field

import anyio

from core.errors import StoreFailed
from core.store.conversations import Filters
from core.store.store import Store
from voice_agent.rounds import regularly
from voice_agent.server.headroom import Headroom
from voice_agent.server.model_watch import ModelWatch
from voice_agent.speech.watched import WatchedTranscriber

REACH_S = 2.0
"""A database slower than this is not ready."""
LOOK_S = 5.0
AWAY_AFTER = 2
"""Failed probes before new calls are refused: a brief outage costs nobody a call."""


@dataclass(slots=True)
class Health:
    """The parts a call cannot do without."""

    store: Store
    hearing: WatchedTranscriber | None = None
    """Set once it exists."""
    headroom: Headroom = field(default_factory=lambda: Headroom(0.0, 0.0))
    """The event loop's headroom for more calls."""
    models: ModelWatch | None = None
    """The language model's watch, set once it exists. Calls go on without the model."""
    facts: dict[str, int] = field(default_factory=dict)
    """Conversations with facts waiting on disk for the database, or refused by it."""
    _vain: int = field(default=0)

    async def watch(self) -> None:
        """Probe regularly; runs until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(regularly, "looking at the database", self.look, LOOK_S)
            if self.models is not None:
                tasks.start_soon(self.models.run)

    async def look(self) -> bool:
        """Whether the database can be reached now."""
        try:
            with anyio.fail_after(REACH_S):
                await self.store.conversations.page(Filters(), limit=1)
            well = not self.store.lost
        except (StoreFailed, TimeoutError):
            well = False
        self._vain = 0 if well else self._vain + 1
        return well

    def trouble(self) -> str | None:
        """Why new calls should be refused, in a word; None when all is well. Never waits."""
        if self._vain >= AWAY_AFTER:
            return "database"
        if self._deaf:
            return "hearing"
        return "strained" if self.headroom.why else None

    async def problems(self) -> list[str]:
        """Everything that is wrong now, probed afresh."""
        found = [] if await self.look() else ["database"]
        return [*found, "hearing"] if self._deaf else found

    @property
    def _deaf(self) -> bool:
        return self.hearing is not None and self.hearing.failing
