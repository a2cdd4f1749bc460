"""Recordings of callers who are with somebody else for a while: kept open until they come back.

Only the memory of one server; where it is lost, the conversation goes on and the rest of it is not
recorded. Silence stands for the time away, so the file's milliseconds stay the conversation's.
"""

from dataclasses import dataclass, field

import anyio

from core.events import RecordingSaved
from voice_agent.call.clock import CallClock
from voice_agent.call.recording import Recording
from voice_agent.call.repair import recording_url

LONGEST_S = 900.0
"""A caller who is not back by then will not be."""


@dataclass(slots=True)
class Parked:
    """What of a call stays with this server while the caller is away."""

    call_sid: str
    clock: CallClock
    recording: Recording
    gone: anyio.Event = field(default_factory=anyio.Event)
    """Set once nobody needs the recording to be written any more."""

    async def close(self) -> RecordingSaved | None:
        """End the recording; the fact of it, if there is one. Idempotent."""
        duration_ms = await self.recording.close()
        self.gone.set()
        if not duration_ms:
            return None
        return RecordingSaved(recording_url(self.call_sid), duration_ms, self.recording.lanes)


class Parking:
    """The callers of this server who are away, by their transfer."""

    def __init__(self) -> None:
        self._parked: dict[str, Parked] = {}

    @property
    def waiting(self) -> int:
        """Callers who may still come back here."""
        return len(self._parked)

    def park(self, transfer_id: str, parked: Parked) -> None:
        """Keep a caller's things until they are taken or closed."""
        self._parked[transfer_id] = parked

    def take(self, transfer_id: str) -> Parked | None:
        """The things of a caller who is back; None when they left another server, or long ago."""
        return self._parked.pop(transfer_id, None)

    async def close(self, transfer_id: str) -> RecordingSaved | None:
        """A caller who does not come back: their recording ends. None where there is none here."""
        parked = self.take(transfer_id)
        return await parked.close() if parked else None
