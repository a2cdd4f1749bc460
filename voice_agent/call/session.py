"""One call: frames in, actions performed, replies out. It decides nothing itself.

A frame's path: `hear` → `Hearing.frame` → `TurnMachine.feed` → `_perform`. A turn's path:
`Speculate`/`EndTurn` → `Answering` → `Playback` → `_pump` sends → marks → `Engine.heard`.
Everything runs on one event loop in one task group; only `_pump` and the preparing tasks wait.
"""

import logging
import math
from collections import deque
from collections.abc import Callable, Coroutine
from typing import assert_never

import anyio
from anyio.abc import TaskGroup

from core.events import Fact, Noted, TurnMerged
from core.identity.identifiers import tells_who
from core.privacy.blank import without_digits
from core.privacy.cards import marked
from core.reply import Action
from core.talk import UserSaid
from voice_agent.audio import g711
from voice_agent.call import stages
from voice_agent.call.answering import Answering
from voice_agent.call.answerphone import Answerphone
from voice_agent.call.cards import CardGuard
from voice_agent.call.conversation import Conversation
from voice_agent.call.host import Host, Ts, Work
from voice_agent.call.keeping import Keeping, began
from voice_agent.call.last_words import last_words
from voice_agent.call.learning import Learning
from voice_agent.call.parts import CallParts
from voice_agent.call.playback import Playback
from voice_agent.call.supervision import Supervision
from voice_agent.call.timing import TurnStages
from voice_agent.call.watchdog import Watchdog
from voice_agent.telephony import protocol
from voice_agent.telephony.ports import PeerGone
from voice_agent.turn import events as turn
from voice_agent.turn.kept import KeptMachine

log = logging.getLogger(__name__)
LEAST_WAIT_S = 0.001
"""A shorter wait may round to none, and the pump would spin."""
DEAF_AFTER = 2
"""Failed transcriptions in a row after which the agent says so and hands over to a person."""
AHEAD_S = 5.0
"""Caller audio dated further into the future than this is not believed."""
GONE_S = 5.0
"""A transferred caller has left our stream after this."""
CLOSING_LIMIT_S = 12.0
"""A goodbye that has fallen silent and whose mark never comes back ends the call after this."""


_OURS = (turn.Speculate, turn.CallerIdle)
"""Orders to speak that are ignored while a colleague speaks."""


class CallSession:
    """Serves one call until `over` is set. `hear`, `key` and `marked` never wait."""

    def __init__(self, parts: CallParts) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._tasks: TaskGroup | None = None
        opening = parts.opening
        self._keeping = Keeping(self._write)
        self._machine = KeptMachine(max(1, opening.state.turn), self._keeping.keep)
        self._playback = Playback(parts.stream_sid, self._sent)
        self._watchdog = Watchdog(self._playback, parts.metrics.noticed)
        self._wake = anyio.Event()
        self._inbox: deque[turn.TurnInput] = deque()
        self.over = anyio.Event()
        self.end_reason = ""
        self.last_turn = -1.0
        self._ahead = 0
        self._goodbye: float | None = None
        self._write(*opening.facts)
        self._conversation = Conversation(
            parts.engine, opening.state, parts.clock, parts.recording, self._write,
            parts.desk.perform, self._keeping.keep,
        )  # fmt: skip
        away = opening.state.wants.unreached if opening.state.turn else ()
        self._keeping.keep(began(parts.opened, away[-1] if away else None, parts.engine))
        self._cards = CardGuard(self._write, parts.recording.silence_caller)
        host = Host(
            lambda: self._machine.turn, self._feed, self._write, self._spawn,
            lambda: self._wake.set(), self._leave, self.finish,
        )  # fmt: skip
        self._answering = Answering(parts, self._playback, self._conversation, host)
        self._learning = Learning(parts, self._answering, self._conversation)
        self.supervision = Supervision(self._answering, host, parts, self.over)

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
        for event in self._parts.hearing.frame(pcm, at, now):
            if isinstance(event, turn.TextHeard):
                self._cards.hears(event.text, self._parts.hearing.opened_at)
            self._feed(event)
        due = self._machine.deadline()
        if due is not None and due <= now:
            self._feed(turn.Tick(now))

    def _disbelieved(self, ahead_s: float) -> None:
        """Audio dated in the future is dropped and counted."""
        if not self._ahead:
            told = {"call_sid": self._parts.call_sid}
            log.warning("caller audio from %.1f s ahead is dropped", ahead_s, extra=told)
        self._ahead += 1
        self._parts.metrics.messages.labels("ahead").inc()

    def key(self, digit: str) -> None:
        """The caller pressed a key."""
        self._feed(turn.KeyPressed(self._clock.now(), digit))

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
        self._write(*(TurnMerged(n) for n in range(1, self._machine.turn)))
        self._machine = KeptMachine(self._machine.turn, self._keeping.keep)
        return self._machine.turn

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
        number = self._machine.turn
        settled = self._conversation.unreached(action.rep or "", number)
        self._parts.hearing.end()  # whatever was said into our last words
        self._answering.reopen()
        self._feed(turn.PlaybackFinished(self._clock.now(), action.turn))
        self._answering.say(number, settled)

    @property
    def late(self) -> int:
        """Frames of speech sent late so far."""
        return self._playback.late

    def put_down(self) -> None:
        """The caller is with somebody else: nothing more is heard or said here."""
        self._answering.abandon()
        self._keeping.flush()
        self._parts.hearing.end()
        self.supervision.put_down()
        self._parts.metrics.underruns.inc(self._playback.underruns)
        self._parts.metrics.late.inc(self._playback.late)

    async def last_words(self) -> None:
        """After the end: understand and keep what was said and not yet answered."""
        acts = self.supervision.rep is None
        await self._answering.catch_up(acts=acts)
        await self._last_utterance()
        await self._answering.catch_up(acts=acts)
        await self.supervision.last_words()
        if self._conversation.state.meeting.held is not None:
            await self._parts.desk.release()

    async def _last_utterance(self) -> None:
        """The utterance in progress when the line was lost."""
        if self._answering.closing_since is not None:
            return
        parts = self._parts
        for action in await last_words(self._machine, parts.hearing, self._clock.now()):
            self._perform(action)

    def settle_books(self) -> tuple[Fact, ...]:
        """After the end: the last lines heard, and the engine's closing facts."""
        self.put_down()
        flags = self._watchdog.at_the_end(self._clock.now(), self._machine.turn)
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

    # --- decisions performed -------------------------------------------------------------------

    def _feed(self, event: turn.TurnInput) -> None:
        """Feed the machine and perform its actions, one event at a time, in order.

        Events that arise meanwhile are queued. A closing call takes no new turn.
        """
        self._inbox.append(event)
        if len(self._inbox) > 1:
            return
        while self._inbox:
            if self._answering.closing_since is None:
                for action in self._machine.feed(self._inbox[0]):
                    self._perform(action)
            self._inbox.popleft()
        self._wake.set()

    def _perform(self, action: turn.TurnAction) -> None:  # noqa: C901 - one case an order
        answering = self._answering
        if self.supervision.rep is not None and isinstance(action, _OURS):
            return  # a colleague speaks in the agent's place
        match action:
            case turn.Settle():
                self._spawn(self._settle)
            case turn.Consider(at, number, text, start, end):
                seen = self._cards.seen(self._said(number, text, start, end))
                sense = answering.consider(seen)
                self._feed(turn.Understood(at, number, text, sense))
            case turn.Speculate(_, number, text, start, end):
                answering.speculate(self._cards.seen(self._said(number, text, start, end)))
            case turn.DropSpeculation():
                answering.drop_speculation()
            case turn.EndTurn():
                self._end_turn(action)
            case turn.PausePlayback():
                self._parts.hearing.silenced(action.at)
                answering.pause(action.at)
            case turn.ResumePlayback():
                answering.resume(action)
            case turn.CommitInterruption():
                answering.give_way()
            case turn.MergeTurn():
                self._cards.merged(action.turn)
                answering.merge(action.turn)
            case turn.DiscardUtterance():
                self._discard(action)
            case turn.CallerIdle():
                number = self._machine.turn
                sentences, then = self._parts.engine.check_in(action.count, number)
                answering.say(number, sentences, then)
            case _:
                assert_never(action)

    async def _settle(self) -> None:
        hypothesis = await self._parts.hearing.settle()
        if hypothesis is not None:
            self._feed(self._parts.hearing.settled(hypothesis, self._clock.now()))

    def _end_turn(self, action: turn.EndTurn) -> None:
        hearing = self._parts.hearing
        self.last_turn = action.speech_start
        heard = self._said(
            action.turn, action.text, action.speech_start, action.speech_end, action.digits
        )
        said = self._cards.taken(heard)
        if marked(said.text):
            self._conversation.blank()
        deaf = hearing.failures >= DEAF_AFTER
        hearing.end()
        self._conversation.caller_said(said)
        if self.over.is_set():
            self._answering.unanswered.append(said)
        elif self.supervision.rep is not None:
            self._spawn(self._answering.overhear, said)
            self._feed(turn.PlaybackFinished(self._clock.now(), action.turn))  # none will come
        elif deaf:
            self._answering.apologise(action.turn)
        else:
            waited_s = action.waited_for_text_s
            stages = TurnStages(action.turn, action.speech_end, action.at, waited_s)
            self._answering.answer(said, stages)

    def _discard(self, action: turn.DiscardUtterance) -> None:
        self._parts.hearing.end()
        self._answering.drop_speculation()
        if action.text:
            at_ms = round(action.at * 1000)
            self._write(
                Noted("discarded_utterance", {"text": without_digits(action.text), "at_ms": at_ms})
            )

    # --- the pump ------------------------------------------------------------------------------

    async def _pump(self) -> None:
        """The only place that waits: sends what is due, and wakes the machine on time."""
        while True:
            now = self._clock.now()
            self._answering.fill(now)
            owed = self._answering.owed_since()
            for flag in self._watchdog.look(owed, now, self._machine.turn):
                self._write(flag)
            out, events = self._playback.poll(now)
            self._answering.played(events)
            try:
                for message in (*out, *self.supervision.due()):
                    await self._parts.send(message)
            except PeerGone as gone:
                return self.finish(gone.reason)
            closing = self._answering.closing_since
            due = self._machine.deadline()
            if closing is not None:
                if closing != self._goodbye:
                    self._parts.departure.entered(stages.GoodbyeBegan())
                    self._goodbye = closing
                if now > (self._closes_at(closing) or math.inf):
                    self.finish("closed")
            elif due is not None and due <= self._clock.now():
                self._feed(turn.Tick(self._clock.now()))
            with anyio.move_on_after(self._wait_s()):
                await self._wake.wait()
            self._wake = anyio.Event()

    def _wait_s(self) -> float:
        now = self._clock.now()
        closing = self._answering.closing_since
        dues = (
            self._playback.deadline(now),
            self._machine.deadline() if closing is None else self._closes_at(closing),
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

    def _said(self, number: int, text: str, start: float, end: float, digits: str = "") -> UserSaid:
        hearing = self._parts.hearing
        return UserSaid(
            turn=number,
            text=text,
            start_ms=round(start * 1000),
            end_ms=round(end * 1000),
            at=self._clock.utc(end),
            words=hearing.words(),
            confidence=hearing.confidence,
            digits=digits,
        )

    def _write(self, *facts: Fact) -> None:
        self._parts.journal.write(self._clock.utc(self._clock.now()), *facts)
        self._parts.metrics.wrote(facts)
        if tells_who(facts) and self._tasks is not None and not self.over.is_set():
            self._spawn(self._learning.told, facts)
