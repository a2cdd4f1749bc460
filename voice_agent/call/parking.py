"""Recordings of callers who are with a person for a while: kept open until they come back.

In the memory of one server only; if it is lost, the conversation goes on and the rest is not
recorded. Silence fills the time away, so that the file's milliseconds stay the conversation's.
"""

from dataclasses import dataclass, field

import anyio

from core.events import RecordingSaved
from voice_agent.call.clock import CallClock
from voice_agent.call.recording import Recording
from voice_agent.call.repair import recording_url


@dataclass(slots=True)
class Parked:
    """What stays with this server while the caller is away."""

    call_sid: str
    clock: CallClock
    recording: Recording
    gone: anyio.Event = field(default_factory=anyio.Event)
    """Set once the recording needs no more writing."""

    async def close(self) -> RecordingSaved | None:
        """End the recording; returns its fact, if there is one. Idempotent."""
        duration_ms = await self.recording.close()
        self.gone.set()
        if not duration_ms:
            return None
        return RecordingSaved(recording_url(self.call_sid), duration_ms, self.recording.lanes)


class Parking:
    """The callers of this server who are away, by transfer."""

    def __init__(self) -> None:
        self._parked: dict[str, Parked] = {}

    @property
    def waiting(self) -> int:
        """Callers who may still come back here."""
        return len(self._parked)

    def __contains__(self, transfer_id: str) -> bool:
        return transfer_id in self._parked

    def park(self, transfer_id: str, parked: Parked) -> None:
        """Keep a caller's recording until it is taken or closed."""
        self._parked[transfer_id] = parked

    def take(self, transfer_id: str) -> Parked | None:
        """The recording of a caller who is back; None if another server has it, or too late."""
        return self._parked.pop(transfer_id, None)

    async def close(self, transfer_id: str) -> RecordingSaved | None:
        """End the recording of a caller who is not coming back; None when there is none here."""
        parked = self.take(transfer_id)
        return await parked.close() if parked else None
