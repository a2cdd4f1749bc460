"""All calls of a server: admission, one session each, and an end that happens exactly once."""

import logging
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import uuid4

import anyio

from core.caller_id import e164
from core.clock import Clock
from core.engine import Engine
from core.errors import StoreFailed
from core.events import ConversationEnded, Fact, RecordingSaved
from core.ports import EventLog, Recogniser
from core.presence import is_open
from core.scheduling.ports import Desk
from core.talk import ConversationOpened
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.call.clock import CallClock
from voice_agent.call.hearing import Hearing
from voice_agent.call.journal import Journal
from voice_agent.call.recognising import Recognising
from voice_agent.call.recording import Recording
from voice_agent.call.repair import recording_url
from voice_agent.call.session import CallParts, CallSession
from voice_agent.call.voicing import Voice
from voice_agent.desk import BoundedDesk
from voice_agent.errors import TelephonyFailed
from voice_agent.observe import CallMetrics
from voice_agent.speech.ports import Transcriber
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.vad import Gate
from voice_agent.telephony.ports import CallControl
from voice_agent.telephony.protocol import Started
from voice_agent.telephony.socket import Drive, Send

log = logging.getLogger(__name__)
CLAIMS_KEPT = 10_000
EXPECTED_S = 10.0
"""A call that was answered and has not started its stream by then has gone elsewhere."""
FAREWELL_S = 5.0
"""For calls ended by force to write their last facts."""


class WrapUp(Protocol):
    """The durable work after a conversation."""

    async def wrap_up(self, conversation_id: str) -> None:
        """Make sure it will be done, exactly once."""


@dataclass(frozen=True, slots=True)
class CallServices:
    """What all calls share."""

    company: Company
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
    people: Recogniser | None = None
    """Knows who called or wrote before; without it everybody is new."""


class Calls:
    """The calls being served. `drain` refuses new ones and waits for those going on."""

    def __init__(self, services: CallServices) -> None:
        self._services = services
        self._active: dict[str, CallSession] = {}
        self._expected: dict[str, float] = {}
        self._claimed: dict[str, None] = {}
        self._draining = False
        self._idle = anyio.Event()

    @property
    def active(self) -> int:
        """Calls going on now."""
        return len(self._active)

    @property
    def draining(self) -> bool:
        """Whether new calls are refused because the server is going down."""
        return self._draining

    def use(self, engine: Engine) -> None:
        """Let calls from now on think with this engine; those going on keep theirs."""
        self._services = replace(self._services, engine=engine)

    def admit(self, call_sid: str) -> str | None:
        """Why a new call cannot be taken; None when there is room, kept until its stream starts."""
        if self._draining:
            return "draining"
        others = self._awaited() - {call_sid}
        if len(self._active) + len(others) >= self._services.max_calls:
            return "full"
        self._expected[call_sid] = anyio.current_time() + EXPECTED_S
        return None

    def _awaited(self) -> set[str]:
        """Calls that were answered and whose stream is on its way."""
        now = anyio.current_time()
        self._expected = {sid: due for sid, due in self._expected.items() if due > now}
        return set(self._expected)

    def claim(self, call_sid: str) -> bool:
        """Whether this is the call's first stream here; a second one is refused."""
        if call_sid in self._claimed:
            return False
        self._claimed[call_sid] = None
        while len(self._claimed) > CLAIMS_KEPT:
            self._claimed.pop(next(iter(self._claimed)))
        return True

    async def status(self, call_sid: str, status: str) -> None:
        """The telephone company says the call is over, whatever the stream says."""
        self._expected.pop(call_sid, None)
        session = self._active.get(call_sid)
        if session is not None:
            session.finish(status)

    async def drain(self, deadline_s: float) -> None:
        """Refuse new calls, let those going on finish; after the deadline end them."""
        self._draining = True
        await self._until_idle(deadline_s)
        for session in list(self._active.values()):
            session.finish("server_stopping")
        await self._until_idle(FAREWELL_S)

    async def _until_idle(self, deadline_s: float) -> None:
        with anyio.move_on_after(deadline_s):
            while self._active or self._awaited():
                self._idle = anyio.Event()
                with anyio.move_on_after(EXPECTED_S if self._active else 0.1):
                    await self._idle.wait()

    async def serve(self, started: Started, send: Send, drive: Drive) -> None:
        """One call from its stream's start to its last fact."""
        services = self._services
        opened = self._opened(started)
        clock = CallClock(opened.at)
        archive = services.archive
        recording = Recording(archive.path(opened.conversation_id), writer=archive.writer)
        journal = Journal(services.events, opened.conversation_id)
        parts = CallParts(
            opened=opened,
            call_sid=started.call_sid,
            after_hours=not is_open(services.company, opened.at),
            engine=services.engine,
            voice=services.voice,
            fillers=services.company.voice.filler,
            clock=clock,
            hearing=Hearing(Gate(services.silero), services.transcriber, opened.conversation_id),
            desk=BoundedDesk(services.desk, opened, lambda: clock.utc(clock.now())),
            recognising=Recognising(services.people, journal, opened.conversation_id),
            journal=journal,
            recording=recording,
            metrics=services.metrics,
            stream_sid=started.stream_sid,
            send=send,
        )
        async with anyio.create_task_group() as books:
            books.start_soon(journal.run)
            books.start_soon(recording.run)
            session = await self._run(parts, drive)
            with anyio.CancelScope(shield=True):
                await self._finalise(parts, session)
            books.cancel_scope.cancel()
        services.metrics.ended.labels(session.end_reason or "failed").inc()
        try:
            await services.wrap_up.wrap_up(opened.conversation_id)
        except StoreFailed as error:
            log.warning("wrap-up left to the sweep: %s", error)

    async def _run(self, parts: CallParts, drive: Drive) -> CallSession:
        """Run the session until it is over. A bug ends this call and is logged, nothing else."""
        session = CallSession(parts)
        self._expected.pop(parts.call_sid, None)
        self._active[parts.call_sid] = session
        metrics = self._services.metrics
        metrics.active.inc()
        try:
            await session.run(drive)
        except Exception:
            log.exception("a call failed", extra={"call_sid": parts.call_sid})
            session.finish("failed")
        finally:
            metrics.active.dec()
            self._active.pop(parts.call_sid, None)
            self._idle.set()
        if session.end_reason not in {"stopped", "socket_lost", "completed"}:
            await self._hang_up(parts.call_sid)
        return session

    async def _hang_up(self, call_sid: str) -> None:
        """The backstop: closing the stream should end the call, this makes sure."""
        try:
            with anyio.move_on_after(8):
                await self._services.control.hang_up(call_sid)
        except TelephonyFailed as error:
            log.warning("hang-up failed: %s", error, extra={"call_sid": call_sid})

    async def _finalise(self, parts: CallParts, session: CallSession) -> None:
        """Write the last facts of the call and wait until they are committed."""
        facts, outcome = await _settled(session)
        now = parts.clock.now()
        duration_ms = await parts.recording.close()
        if duration_ms:
            facts.append(RecordingSaved(recording_url(parts.call_sid), duration_ms))
        facts.append(ConversationEnded(outcome, session.end_reason, round(now * 1000)))
        parts.journal.write(parts.clock.utc(now), *facts)
        if not await parts.journal.flush():
            log.error("facts of a call were not stored", extra={"id": parts.opened.conversation_id})

    def _opened(self, started: Started) -> ConversationOpened:
        caller = started.parameters.get("from", "")
        return ConversationOpened(
            conversation_id=uuid4().hex,
            channel="voice",
            direction="inbound",
            caller=e164(caller),
            called=started.parameters.get("to") or None,
            at=self._services.clock(),
        )


async def _settled(session: CallSession) -> tuple[list[Fact], str]:
    """Closing facts and outcome. A bug here must not keep the call from having ended."""
    try:
        await session.last_words()
        return list(session.settle_books()), session.outcome
    except Exception:
        log.exception("the books of a call do not close")
        return [], "failed"
