"""What all calls of a server share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from core.clock import Clock
from core.crm.sought import Lookup
from core.engine import Engine
from core.ports import EventLog, Recogniser
from core.scheduling.ports import Desk
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.call.hearing import Hearing
from voice_agent.call.spill import Spill
from voice_agent.call.voicing import Voice
from voice_agent.health import Health
from voice_agent.observe import CallMetrics
from voice_agent.speech.ports import Transcriber
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.vad import Gate
from voice_agent.telephony.ports import CallControl


class WrapUp(Protocol):
    """The durable work after a conversation."""

    async def wrap_up(self, conversation_id: str) -> None:
        """Make sure it will be done, exactly once."""


@dataclass(frozen=True, slots=True)
class CallServices:
    """What all calls share."""

    engine: Engine
    transcriber: Transcriber
    silero: SileroModel
    voice: Voice
    events: EventLog
    wrap_up: WrapUp
    control: CallControl
    metrics: CallMetrics
    archive: Archive
    clock: Clock
    max_calls: int
    desk: Desk | None = None
    """Where meetings are booked; without one, calls are promised back."""
    spill: Spill | None = None
    """Where facts wait while the database is away; without it in memory alone."""
    people: Recogniser | None = None
    """Knows who called or wrote before; without it everybody is new."""
    crm: Lookup | None = None
    """Asked whom it knows by the number that calls."""
    begun: Callable[[str], Awaitable[bool]] | None = None
    """Whether a call was ever begun, on any server, by its sid; without it this server's word
    stands."""
    health: Health | None = None
    """Tells why no new call should be taken just now; without it nothing stands against one."""

    @property
    def company(self) -> Company:
        """The company as new calls think with it."""
        return self.engine.loaded.company

    def hearing(self, call_id: str) -> Hearing:
        """Ears for one voice of a call."""
        return Hearing(Gate(self.silero), self.transcriber, call_id)
