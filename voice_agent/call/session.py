"""One call: frames in, replies out, from its greeting to its last facts. It decides nothing itself.

A frame's path: `hear` → `Floor.hear` → `Hearing.frame` → `TurnMachine.feed` → `Floor._perform`. A
turn's path: `Speculate`/`EndTurn` → `Answering` → `Playback` → `_pump` sends → marks →
`Engine.heard`.
Everything runs on one event loop in one task group. Frames, marks and decisions never wait; what
does (sending, preparing, transcribing, looking up) is a task of its own.
"""

import logging
import math
from collections.abc import Callable, Coroutine

import anyio
from anyio.abc import TaskGroup

from core.events import Fact, TurnMerged
from core.identity.identifiers import tells_who
from core.reply import Action
from voice_agent.audio import g711
from voice_agent.call import stages
from voice_agent.call.answering import Answering
from voice_agent.call.answerphone import Answerphone
from voice_agent.call.conversation import Conversation
from voice_agent.call.floor import Floor
from voice_agent.call.host import Host, Ts, Work
from voice_agent.call.inputs import InputLog, began
from voice_agent.call.learning import Learning
from voice_agent.call.parts import CallParts
from voice_agent.call.playback import Playback
from voice_agent.call.supervision import Supervision
from voice_agent.call.watchdog import Watchdog
from voice_agent.telephony import protocol
from voice_agent.telephony.ports import PeerGone
from voice_agent.turn import events as turn

log = logging.getLogger(__name__)
LEAST_WAIT_S = 0.001
"""A shorter wait may round to none, and the pump would spin."""
AHEAD_S = 5.0
"""Caller audio dated further into the future than this is not believed."""
GONE_S = 5.0
"""A transferred caller has left our stream after this."""
CLOSING_LIMIT_S = 12.0
"""A goodbye that has fallen silent and whose mark never comes back ends the call after this."""


class CallSession:
    """Serves one call until `over` is set. `hear`, `key` and `marked` never wait."""

    def __init__(self, parts: CallParts) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._tasks: TaskGroup | None = None
        opening = parts.opening
        self._inputs = InputLog(self._write)
        self._playback = Playback(parts.stream_sid, self._sent)
        self._watchdog = Watchdog(self._playback, parts.metrics.noticed)
        self._wake = anyio.Event()
        self.over = anyio.Event()
        self.end_reason = ""
        self._ahead = 0
        self._goodbye: float | None = None
        self._write(*opening.facts)
        self._conversation = Conversation(
            parts.engine, opening.state, parts.clock, parts.recording, self._write,
            parts.desk.perform, self._inputs.keep,
        )  # fmt: skip
        host = Host(
            lambda: self._floor.next_turn, lambda event: self._floor.feed(event), self._write,
            self._spawn, lambda: self._wake.set(), self._leave, self.finish,
        )  # fmt: skip
        self._answering = Answering(parts, self._playback, self._conversation, host)
        self.supervision = Supervision(self._answering, host, parts, self.over)
        self._floor = Floor(
            parts, self._answering, self._conversation, self.supervision, host, self.over,
            self._inputs.keep,
        )  # fmt: skip
        away = opening.state.wants.unreached if opening.state.turn else ()
        self._inputs.keep(began(parts.opened, away[-1] if away else None, parts.engine))
        self._learning = Learning(parts, self._answering, self._conversation)

    async def run(self, drive: Callable[["CallSession"], Coroutine[None, None, None]]) -> None:
        """Greet the caller and serve the call until it is over; `drive` feeds it."""
        async with anyio.create_task_group() as self._tasks:
            self._answering.say(self._parts.opening.state.turn, self._parts.opening.sentences)
            machine = Answerphone(self._parts, self._answering, self._conversation,
                                  lambda: self._playback.playing, self)  # fmt: skip
            for work in (self._learning.team, self._learning.caller, self._learning.crm):
                self._spawn(work)
            self._spawn(self._pump)
            self._spawn(machine.watch)
            self._spawn(drive, self)
            await self.over.wait()
            self._tasks.cancel_scope.cancel()

    def _spawn(self, work: Work[*Ts], *arguments: *Ts) -> None:
        assert self._tasks is not None, "the session is not running"
        self._tasks.start_soon(work, *arguments)

    # --- from the socket -----------------------------------------------------------------------

    @property
    def attentive(self) -> bool:
        """Whether the caller speaks, may be about to, or has just spoken."""
        return self._parts.hearing.attentive

    def hear(self, media: protocol.Media) -> None:
        """Take one message of caller audio."""
        now, at = self._clock.now(), media.at + self._parts.offset
        if at > now + AHEAD_S:
            return self._disbelieved(at - now)
        self._playback.seen(now)
        pcm = g711.decode(media.payload)
        self._parts.recording.caller(pcm, at)
        self.supervision.passed("caller", media.payload)
        self._floor.hear(pcm, at, now)

    def _disbelieved(self, ahead_s: float) -> None:
        """Audio dated in the future is dropped and counted."""
        if not self._ahead:
            told = {"call_sid": self._parts.call_sid}
            log.warning("caller audio from %.1f s ahead is dropped", ahead_s, extra=told)
        self._ahead += 1
        self._parts.metrics.messages.labels("ahead").inc()

    def key(self, digit: str) -> None:
        """The caller pressed a key."""
        self._floor.feed(turn.KeyPressed(self._clock.now(), digit))

    def marked(self, name: str) -> None:
        """The far end returned one of our marks."""
        if heard := self._playback.marked(name, self._clock.now()):
            self._parts.departure.entered(stages.Greeted())
        self._answering.played(heard)
        self._wake.set()

    def finish(self, reason: str) -> None:
        """End the call for this reason; the first reason given stands."""
        if not self.over.is_set():
            self.end_reason = reason
            self.over.set()

    def begin_anew(self) -> int:
        """What was heard so far was a machine's greeting; returns the number of the next turn."""
        self._write(*(TurnMerged(n) for n in range(1, self._floor.next_turn)))
        return self._floor.begin_anew()

    @property
    def last_turn(self) -> float:
        """Call-clock second at which the caller's last turn began; negative before any."""
        return self._floor.last_turn

    # --- to a person, and back ------------------------------------------------------------------

    def _leave(self, action: Action) -> None:
        """The caller has heard that they are being transferred: do it now."""
        self._spawn(self._put_through, action)

    async def _put_through(self, action: Action) -> None:
        with anyio.CancelScope(shield=True):  # a person may be ringing by now
            gone = await self._parts.departure.begin(action, self._conversation.state)
        if gone:
            await anyio.sleep(GONE_S)
            return self.finish("stopped")
        self._answering.reopen()
        number = self._floor.begin_anew()  # whatever was said into our last words is no turn
        self._answering.say(number, self._conversation.unreached(action.rep or "", number))

    @property
    def late(self) -> int:
        """Frames of speech sent late so far."""
        return self._playback.late

    def put_down(self) -> None:
        """The caller is with somebody else: nothing more is heard or said here."""
        self._answering.abandon()
        self._inputs.flush()
        self._parts.hearing.end()
        self.supervision.put_down()
        self._parts.metrics.underruns.inc(self._playback.underruns)
        self._parts.metrics.late.inc(self._playback.late)

    async def last_words(self) -> None:
        """After the end: understand and keep what was said and not yet answered."""
        acts = self.supervision.rep is None
        await self._answering.catch_up(acts=acts)
        await self._floor.last_words()
        await self._answering.catch_up(acts=acts)
        await self.supervision.last_words()
        if self._conversation.state.meeting.held is not None:
            await self._parts.desk.release()

    def settle_books(self) -> tuple[Fact, ...]:
        """After the end and `put_down`: flags, and the engine's closing facts."""
        flags = self._watchdog.at_the_end(self._clock.now(), self._floor.next_turn)
        return *flags, *self._parts.engine.close(self._conversation.state, self.end_reason)

    @property
    def conversation_id(self) -> str:
        """The call's conversation id."""
        return self._parts.opened.conversation_id

    @property
    def hearing_now(self) -> str:
        """What the caller is saying at the moment, as far as recognised."""
        return self._parts.hearing.so_far

    @property
    def outcome(self) -> str:
        """The outcome for the buyer, in a word."""
        return self._parts.engine.outcome(self._conversation.state)

    # --- the pump ------------------------------------------------------------------------------

    async def _pump(self) -> None:
        """The only place that waits: sends what is due, and wakes the machine on time."""
        while True:
            now = self._clock.now()
            self._answering.fill(now)
            owed = self._answering.owed_since()
            for flag in self._watchdog.look(owed, now, self._floor.next_turn):
                self._write(flag)
            out, events = self._playback.poll(now)
            self._answering.played(events)
            try:
                for message in (*out, *self.supervision.due()):
                    await self._parts.send(message)
            except PeerGone as gone:
                return self.finish(gone.reason)
            self._floor.tick(self._clock.now())
            closing = self._answering.closing_since
            if closing is not None:
                if closing != self._goodbye:
                    self._parts.departure.entered(stages.GoodbyeBegan())
                    self._goodbye = closing
                if now > (self._closes_at(closing) or math.inf):
                    self.finish("closed")
            with anyio.move_on_after(self._wait_s()):
                await self._wake.wait()
            self._wake = anyio.Event()

    def _wait_s(self) -> float:
        now = self._clock.now()
        closing = self._answering.closing_since
        dues = (
            self._playback.deadline(now),
            self._floor.due() if closing is None else self._closes_at(closing),
            self._answering.filler_due(),
            self._watchdog.due(self._answering.owed_since()),
        )
        return max(LEAST_WAIT_S, min((d for d in dues if d is not None), default=math.inf) - now)

    def _closes_at(self, closing: float) -> float | None:
        """When a goodbye without its mark ends the call; None once a person is being rung."""
        if self._parts.departure.transfer_id is not None:
            return None
        return max(closing, self._playback.plays_until) + CLOSING_LIMIT_S

    def _sent(self, piece: bytes, plays_at: float) -> None:
        pcm = g711.decode(piece)
        self._parts.recording.agent(pcm, plays_at)
        self._parts.hearing.played(pcm, plays_at)
        self.supervision.passed("agent", piece)

    def _write(self, *facts: Fact) -> None:
        self._parts.journal.write(self._clock.utc(self._clock.now()), *facts)
        self._parts.metrics.wrote(facts)
        if tells_who(facts) and self._tasks is not None and not self.over.is_set():
            self._spawn(self._learning.told, facts)
