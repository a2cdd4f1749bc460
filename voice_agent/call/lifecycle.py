"""All calls of a server: admission, one session per stream, and an end that happens exactly once.

`stages` decides the stage of each call; a caller who was transferred to a person is away, and comes
back by a stream that names the transfer.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

import anyio

from core.engine import Engine
from core.errors import StoreFailed
from core.events import ConversationEnded, Fact, Flagged
from core.talk import Placed
from voice_agent.call import stages
from voice_agent.call.building import StartedLine, fresh, resumed
from voice_agent.call.parking import Parking
from voice_agent.call.parts import CallParts
from voice_agent.call.services import CallServices
from voice_agent.call.session import CallSession
from voice_agent.call.stages import EXPECTED_S, Order, Stage, StageEvent
from voice_agent.call.transferring import Transferring
from voice_agent.callbacks.placing import Placing
from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.protocol import Started
from voice_agent.telephony.socket import Drive, Stream

log = logging.getLogger(__name__)
CALLS_KEPT = 10_000
"""Calls whose stage is remembered, so that none is served twice."""
DEAF = "engine_failed"
"""End reason when our recogniser has failed; the caller may leave a message."""
OVER_WITH_IT = {"stopped", "completed"}
"""Ends after which Twilio asks for nothing more: it ended the stream itself."""
LEFT_ALONE = OVER_WITH_IT | {"socket_lost", DEAF}
"""Ends after which we need not, or must not, hang the call up."""
FOLLOWED_S = 3.0
"""Twilio requests what follows within this after we end a stream; a transfer depends on it."""
FAREWELL_S = 5.0
"""For calls ended by force to write their last facts."""
BEGUN_S = 0.5
"""How long to wait for the database to say whether a stream is the first of its call."""
RESUME_S = 6.0
"""How long to wait for the database to return the conversation of a caller who is back."""


class Calls:
    """The calls in progress. `drain` refuses new ones and waits for these to end."""

    def __init__(self, services: CallServices) -> None:
        self._services = services
        self._active: dict[str, CallSession] = {}
        self._open = 0
        self._expected: dict[str, float] = {}
        self._unfollowed: dict[str, float] = {}
        self._stages: dict[str, Stage] = {}
        self._reasons: dict[str, str] = {}
        self._late = 0
        self._leaving = False
        self._draining = False
        self._idle = anyio.Event()
        self._transferring: Transferring | None = None
        self._account_sid = ""
        self._placing: Placing | None = None
        self.parking = Parking()

    def put_through_by(self, transferring: Transferring, account_sid: str) -> None:
        """Enable transfers to people for callers of this account."""
        self._transferring, self._account_sid = transferring, account_sid

    def called_back_by(self, placing: Placing) -> None:
        """Serve the calls that `placing` places."""
        self._placing = placing

    @property
    def engine(self) -> Engine:
        """The engine of new calls."""
        return self._services.engine

    @property
    def active(self) -> int:
        """The number of calls in progress."""
        return len(self._active)

    @property
    def open(self) -> int:
        """The number of calls in progress, those writing their last facts included."""
        return self._open

    @property
    def late(self) -> int:
        """Frames of speech sent late, in ongoing and ended calls."""
        return self._late + sum(call.late for call in self._active.values())

    @property
    def draining(self) -> bool:
        """Whether the server is shutting down, and new calls belong elsewhere."""
        return self._leaving

    def going_on(self, conversation_id: str) -> CallSession | None:
        """The call with this conversation here; None when it has ended or is elsewhere."""
        found = (c for c in self._active.values() if c.conversation_id == conversation_id)
        return next(found, None)

    @property
    def conversations(self) -> list[str]:
        """The conversations of ongoing calls, the longest first."""
        return [call.conversation_id for call in self._active.values()]

    def end_reason(self, call_sid: str) -> str | None:
        """Why this call ended here; None when it did not."""
        return self._reasons.get(call_sid)

    def followed(self, call_sid: str) -> None:
        """Twilio has been told what follows this call's stream."""
        self._unfollowed.pop(call_sid, None)

    def use(self, engine: Engine) -> None:
        """Use this engine for calls from now on; ongoing ones keep theirs."""
        self._services = replace(self._services, engine=engine)

    def admit(self, call_sid: str) -> str | None:
        """Why a new call cannot be taken; None when it can, with room kept until its stream
        starts."""
        if self._draining:
            return "draining"
        if (why := self._no_room(call_sid)) is not None:
            return why
        self._expected[call_sid] = anyio.current_time() + EXPECTED_S
        self._entered(call_sid, stages.Answered())
        return None

    @property
    def refusal(self) -> str | None:
        """Why new calls belong elsewhere; None when one would be taken here."""
        return "draining" if self._leaving else self._no_room("")

    def _no_room(self, call_sid: str) -> str | None:
        others = self._awaited() - {call_sid}
        taken = len(self._active) + len(others) + self.parking.waiting
        if taken >= self._services.max_calls:
            return "full"
        health = self._services.health
        return health.trouble() if health else None

    def _awaited(self) -> set[str]:
        """Calls answered whose stream is still to come."""
        self._expected = _due(self._expected)
        return set(self._expected)

    @property
    def _idle_now(self) -> bool:
        """Whether no call is open, about to start, transferring or due a follow-up."""
        self._unfollowed = _due(self._unfollowed)
        going_on = self._open or self._awaited() or self.parking.waiting
        return not (going_on or self._unfollowed)

    def _entered(self, call_sid: str, event: StageEvent) -> Sequence[Order]:
        """Apply an event to a call's stage; returns the resulting orders."""
        stage, orders = stages.step(self._stages.pop(call_sid, "ringing"), event)
        self._stages[call_sid] = stage
        while len(self._stages) > CALLS_KEPT:
            self._stages.pop(next(iter(self._stages)))
        return orders

    def claim(self, call_sid: str) -> bool:
        """Whether this stream may be served here; a call's second stream is refused."""
        return stages.Serve() in self._entered(call_sid, stages.StreamStarted())

    async def status(self, call_sid: str, status: str) -> None:
        """Twilio reports the call over, whatever the state of its stream."""
        self._expected.pop(call_sid, None)
        self.followed(call_sid)
        session = self._active.get(call_sid)
        for order in self._entered(call_sid, stages.CallOver(status)):
            if isinstance(order, stages.EndStream) and session is not None:
                session.finish(order.reason)
        if self._transferring is None:
            return
        try:
            await self._transferring.over(call_sid, status)
        except StoreFailed as error:
            log.warning("the end of a call is left to its job: %s", error)

    async def drain(self, deadline_s: float, notice_s: float = 0.0) -> None:
        """Refuse new calls and let ongoing ones finish; end them after the deadline.

        `notice_s`: how long calls are still accepted from a balancer that has not noticed yet.
        """
        self._leaving = True
        await anyio.sleep(notice_s)
        self._draining = True
        await self._until_idle(deadline_s)
        for session in list(self._active.values()):
            session.finish("server_stopping")
        await self._until_idle(FAREWELL_S)

    async def _until_idle(self, deadline_s: float) -> None:
        with anyio.move_on_after(deadline_s):
            while not self._idle_now:
                self._idle = anyio.Event()
                with anyio.move_on_after(EXPECTED_S if self._active else 0.1):
                    await self._idle.wait()

    async def serve(self, stream: Stream, drive: Drive) -> None:
        """Serve one stream of a call from its start; write the call's last facts if it ends too."""
        self._open += 1
        try:
            parts, ours = await self._parts(stream)
            if parts is None:
                self._entered(stream.started.call_sid, stages.StreamEnded("refused"))
            else:
                await self._serve(parts, stream, drive, ours=ours)
        finally:
            self._open -= 1
            self._idle.set()

    async def _serve(self, parts: CallParts, stream: Stream, drive: Drive, *, ours: bool) -> None:
        async with anyio.create_task_group() as books:
            books.start_soon(parts.journal.run)
            if ours:
                books.start_soon(parts.recording.run)
            session = await self._run(parts, drive)
            ended = await self._after(parts, session, stream)
            if not ended:
                await parts.departure.keep()
            books.cancel_scope.cancel()
        if ended:
            await self._wrap_up(parts, session)

    async def _parts(self, stream: Stream) -> tuple[CallParts | None, bool]:
        """The call's parts, and whether to write its recording here: a caller who comes back to the
        server they left has it written where it began."""
        services, transferring = self._services, self._transferring
        started = stream.started
        call_sid = started.call_sid

        def entered(event: StageEvent) -> None:
            self._entered(call_sid, event)

        line = StartedLine(stream, entered, transferring, self.parking, self._placing)
        transfer_id = started.parameters.get("transfer", "")
        if not transfer_id or transferring is None:
            waits = transferring is not None and started.account_sid == self._account_sid
            if call_sid not in self._expected and await self._begun(call_sid):
                log.warning("a stream of a call that was begun", extra={"call_sid": call_sid})
                services.metrics.refused.labels("second_stream").inc()
                return None, False
            placed = await self._placed(started)
            return fresh(services, line, waits=waits, placed=placed), True
        parked = self.parking.take(transfer_id)
        try:
            with anyio.fail_after(RESUME_S):
                transfer = await transferring.resume(transfer_id, call_sid)
        except (StoreFailed, TimeoutError) as error:
            log.error("a caller came back in vain: %s", error, extra={"call_sid": call_sid})
            transfer = None
        if transfer is None:
            if parked is not None:
                self.parking.park(transfer_id, parked)
            return None, False
        return resumed(services, line, transfer, parked), parked is None

    async def _begun(self, call_sid: str) -> bool:
        """Whether the call was begun on another server: if its webhook was not answered here, only
        the database knows. A slow database keeps no caller waiting."""
        if self._services.begun is None:
            return False
        try:
            with anyio.move_on_after(BEGUN_S):
                return await self._services.begun(call_sid)
        except StoreFailed as error:
            log.warning("whether a call was begun cannot be told: %s", error)
        return False

    async def _placed(self, started: Started) -> Placed | None:
        """The purpose of a call we placed; None for any other, or if that is not known in time."""
        attempt = started.parameters.get("attempt", "")
        if not attempt or self._placing is None:
            return None
        with anyio.move_on_after(RESUME_S):
            return await self._placing.placed(attempt, started.call_sid)
        return None

    async def _run(self, parts: CallParts, drive: Drive) -> CallSession:
        """Run the session until it is over. A bug ends only this call, and is logged."""
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
            if self._active.get(parts.call_sid) is session:  # else they are back already
                del self._active[parts.call_sid]
            if session.end_reason not in OVER_WITH_IT:
                self._unfollowed = _due(self._unfollowed)
                self._unfollowed[parts.call_sid] = anyio.current_time() + FOLLOWED_S
            self._late += session.late
            self._idle.set()
        return session

    async def _after(self, parts: CallParts, session: CallSession, stream: Stream) -> bool:
        """The session is over; returns whether the call is too. Its facts so far are committed.

        The stream is closed before anything else: the caller waits for what follows it, and not for
        the books or Twilio's API.
        """
        ended = parts.departure.transfer_id is None  # else they were put through to a person
        if ended:
            self._entered(parts.call_sid, stages.StreamEnded(session.end_reason))
            self._reasons[parts.call_sid] = session.end_reason
            while len(self._reasons) > CALLS_KEPT:
                self._reasons.pop(next(iter(self._reasons)))
        with anyio.CancelScope(shield=True):
            await stream.close()
            async with anyio.create_task_group() as together:
                if ended and session.end_reason not in LEFT_ALONE:
                    together.start_soon(self._hang_up, parts.call_sid)
                if ended:
                    await self._finalise(parts, session)
                else:
                    session.put_down()
                    await parts.journal.close()
        return ended

    async def _hang_up(self, call_sid: str) -> None:
        """A safeguard: closing the stream should end the call, this makes sure."""
        try:
            with anyio.move_on_after(8):
                await self._services.control.hang_up(call_sid)
        except TelephonyFailed as error:
            log.warning("hang-up failed: %s", error, extra={"call_sid": call_sid})

    async def _finalise(self, parts: CallParts, session: CallSession) -> None:
        """Write the call's last facts and wait until they are committed."""
        facts, outcome = await _settled(session)
        now = parts.clock.now()
        if (saved := await parts.departure.parked.close()) is not None:
            facts.append(saved)
        if parts.recording.lacks:
            facts.append(Flagged("recording_incomplete", 0, 0, parts.recording.lacks))
        facts.append(ConversationEnded(outcome, session.end_reason, round(now * 1000)))
        parts.journal.write(parts.clock.utc(now), *facts)
        if not await parts.journal.close():
            log.error("facts of a call wait on disk", extra={"id": parts.opened.conversation_id})

    async def _wrap_up(self, parts: CallParts, session: CallSession) -> None:
        self._services.metrics.ended.labels(session.end_reason or "failed").inc()
        try:
            await self._services.wrap_up.wrap_up(parts.opened.conversation_id)
        except StoreFailed as error:
            log.warning("wrap-up left to the sweep: %s", error)


def _due(instants: dict[str, float]) -> dict[str, float]:
    """The entries still in the future."""
    now = anyio.current_time()
    return {sid: due for sid, due in instants.items() if due > now}


async def _settled(session: CallSession) -> tuple[list[Fact], str]:
    """Closing facts and outcome. A bug here must not keep the call from ending."""
    try:
        try:
            await session.last_words()
        finally:
            session.put_down()
        return list(session.settle_books()), session.outcome
    except Exception:
        log.exception("the books of a call do not close")
        return [], "failed"
