"""The parts of one call's session."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.engine import Engine, Spoken
from core.talk import ConversationOpened
from voice_agent.call.clock import CallClock
from voice_agent.call.departure import Departure
from voice_agent.call.fillers import Line
from voice_agent.call.hearing import Hearing
from voice_agent.call.journal import Journal
from voice_agent.call.recognising import Recognising
from voice_agent.call.recording import Recording
from voice_agent.call.voicing import Voice
from voice_agent.callbacks.placing import Placing
from voice_agent.desk import BoundedDesk
from voice_agent.observe import CallMetrics


@dataclass(frozen=True, slots=True)
class CallParts:
    """The parts of one call; `call/building.py` builds them."""

    opened: ConversationOpened
    call_sid: str
    opening: Spoken
    """How the conversation begins, or resumes once the caller is back."""
    offset: float
    """Call-clock second at which this stream began."""
    engine: Engine
    voice: Voice
    fillers: tuple[Line, ...]
    clock: CallClock
    hearing: Hearing
    ears: Callable[[], Hearing]
    """Makes ears for a colleague who takes the call over."""
    desk: BoundedDesk
    recognising: Recognising
    journal: Journal
    recording: Recording
    metrics: CallMetrics
    stream_sid: str
    send: Callable[[str], Awaitable[None]]
    departure: Departure
    placing: Placing | None = None
    """Knows what answered, in calls we placed."""
