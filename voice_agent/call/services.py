"""What all calls of a server share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
from voice_agent.observe import CallMetrics
from voice_agent.server.health import Health
from voice_agent.speech.ports import Transcriber
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.vad import Gate
from voice_agent.telephony.ports import CallControl
from voice_agent.workflows.ports import WrapUps


@dataclass(frozen=True, slots=True)
class CallServices:
    """Shared by all calls."""

    engine: Engine
    transcriber: Transcriber
    silero: SileroModel
    voice: Voice
    events: EventLog
    wrap_up: WrapUps
    control: CallControl
    metrics: CallMetrics
    archive: Archive
    clock: Clock
    max_calls: int
    desk: Desk | None = None
    """Where meetings are booked; without one, the agent promises calls back."""
    spill: Spill | None = None
    """Keeps facts on disk while the database is down; without it they are in memory only."""
    people: Recogniser | None = None
    """Recognises people who were here before; without it everybody is new."""
    crm: Lookup | None = None
    """Looks up the calling number in the CRM."""
    begun: Callable[[str], Awaitable[bool]] | None = None
    """Whether a call was begun on any server, by its sid; without it only this server is asked."""
    health: Health | None = None
    """Says why no new call should be taken now; without it nothing stands in the way."""

    @property
    def company(self) -> Company:
        """The company of new calls."""
        return self.engine.loaded.company

    def hearing(self, call_id: str) -> Hearing:
        """Ears for one voice in a call."""
        return Hearing(Gate(self.silero), self.transcriber, call_id)
