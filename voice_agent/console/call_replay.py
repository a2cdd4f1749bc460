"""`CallReplay`: replays a stored call with today's code, for managers."""

from collections.abc import Callable
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from core.engine import Engine
from voice_agent.console.call_audio import conversation
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.replaying import asking, replayed

NAMES = {
    "floor": "Whose turn it is", "understood": "Understood", "reply": "Reply",
    "verdict": "Verdict", "route": "Route", "outcome": "Outcome",
}  # fmt: skip
ONE = CapacityLimiter(1)
"""Replaying is CPU work: one at a time, so that live calls keep their share."""


@dataclass(frozen=True, slots=True)
class CallReplay:
    """The page of differences. `engine` returns the current one."""

    frame: Frame
    engine: Callable[[], Engine]

    def room(self) -> Room:
        """Its route."""
        return Room((Door("/console/calls/{id}/replay", self.show, "manager"),))

    async def show(self, visit: Visit) -> Response:
        """Replay the call, and show what differs."""
        row = await conversation(self.frame.store, visit.path["id"])
        logged = await self.frame.store.log.read(row.id)
        await self.frame.audited(visit.did("replay", f"conversation:{row.id}"))
        engine = self.engine()
        found = await to_thread.run_sync(
            replayed, row.id, logged, engine, asking(engine), limiter=ONE
        )
        return self.frame.page(visit, "call_replay.html", row=row, replay=found, names=NAMES)
