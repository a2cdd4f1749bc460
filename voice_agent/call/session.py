"""One call: frames in, decisions performed, replies out. It decides nothing itself.

Walk of a frame: `hear` → `Hearing.frame` → `TurnMachine.feed` → `_perform`. Walk of a turn:
`Speculate`/`EndTurn` → `Preparer.answer` → `Playback.attach` → `pump` sends → marks → `Engine.heard`.
Everything runs on one event loop in one task group; only `pump` and the preparing tasks wait.
"""

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
from anyio.abc import TaskGroup
from typing_extensions import assert_never

from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import (
    Action,
    AgentHeard,
    ConsentRecorded,
    ConversationOpened,
    Fact,
    Flagged,
    Noted,
    Sentence,
    UserSaid,
    UtteranceRecorded,
)
from voice_agent.audio import g711
from voice_agent.call import playback as play
from voice_agent.call.clock import CallClock
from voice_agent.call.hearing import Hearing
from voice_agent.call.journal import Journal
from voice_agent.call.playback import Playback
from voice_agent.call.preparing import Prepared, Preparer
from voice_agent.call.recording import Recording
from voice_agent.call.timing import TurnStages
from voice_agent.call.voicing import Voice
from voice_agent.observe import CallMetrics
from voice_agent.telephony import protocol
from voice_agent.turn import events as turn
from voice_agent.turn.machine import TurnMachine

log = logging.getLogger(__name__)
FILLER_AFTER_S = 1.2
DEAF_AFTER = 2
"""Failed transcriptions in a row after which the caller is told and offered a person."""
MUST_HEAR_TRIES = 3
CLOSING_LIMIT_S = 12.0
SLOTS: dict[str, turn.Slot] = {
    "phone": "phone", "email": "email", "name": "name", "company": "name", "employees": "number",
    "budget": "number", "timeline": "date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallParts:
    """What one call is made of, built by `call/lifecycle.py`."""

    opened: ConversationOpened
    call_sid: str
    after_hours: bool
    engine: Engine
    voice: Voice
    fillers: tuple[str, ...]
    apology: str
    clock: CallClock
    hearing: Hearing
    journal: Journal
    recording: Recording
    metrics: CallMetrics
    stream_sid: str
    send: Callable[[str], Awaitable[None]]


class CallSession:
    """Serves one call until `over` is set. `hear`, `key` and `marked` never wait."""

    def __init__(self, parts: CallParts, tasks: TaskGroup) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._tasks = tasks
        self._machine = TurnMachine()
        self._playback = Playback(parts.stream_sid, self._sent)
        self._preparer = Preparer(
            parts.engine, parts.voice, parts.clock, tasks, lambda prepared: self._news(prepared)
        )
        self._current: Prepared | None = None
        self._speculated: Prepared | None = None
        self._stages: TurnStages | None = None
        self._owed: dict[str, tuple[int, Sentence]] = {}
        self._unplanned: list[AgentHeard] = []
        self._wake = anyio.Event()
        self._digits = ""
        self._fillers = 0
        self._closing_since: float | None = None
        opening = parts.engine.open(parts.opened, after_hours=parts.after_hours)
        self.state: ConversationState = opening.state
        self._write(*opening.facts)
        self._opening = opening.sentences
        self.over = anyio.Event()
        self.end_reason = ""

    # --- from the socket -----------------------------------------------------------------------

    def start(self) -> None:
        """Greet the caller and begin the pump and the journal."""
        self._play(self._preparer.say(self.state, 0, self._opening, None))
        self._tasks.start_soon(self._pump)

    def hear(self, media: protocol.Media) -> None:
        """One message of caller audio."""
        pcm = g711.decode(media.payload)
        self._parts.recording.caller(pcm, media.at)
        now = self._clock.now()
        for event in self._parts.hearing.frame(pcm, media.at, now):
            self._feed(event)
        due = self._machine.deadline()
        if due is not None and due <= now:
            self._feed(turn.Tick(now))

    def key(self, digit: str) -> None:
        """A key of the caller's telephone."""
        self._digits += digit
        self._feed(turn.KeyPressed(self._clock.now(), digit))

    def marked(self, name: str) -> None:
        """The far end returned one of our marks."""
        self._played(self._playback.marked(name, self._clock.now()))

    def finish(self, reason: str) -> None:
        """The call is over for this reason; the first reason given stands."""
        if not self.over.is_set():
            self.end_reason = reason
            self.over.set()

    def settle_books(self) -> tuple[Fact, ...]:
        """After the end: what was still heard, and the closing facts of the engine."""
        self._played(self._playback.cancel(self._clock.now()))
        self._parts.hearing.end()
        return self._parts.engine.close(self.state, self.end_reason)

    # --- decisions performed -------------------------------------------------------------------

    def _feed(self, event: turn.TurnInput) -> None:
        if self._closing_since is not None and not isinstance(event, turn.PlaybackFinished):
            return
        for action in self._machine.feed(event):
            self._perform(action)
        self._wake.set()

    def _perform(self, action: turn.TurnAction) -> None:
        match action:
            case turn.Settle():
                self._tasks.start_soon(self._settle)
            case turn.Speculate():
                self._speculate(action)
            case turn.DropSpeculation():
                self._drop_speculation()
            case turn.EndTurn():
                self._end_turn(action)
            case turn.PausePlayback():
                self._parts.metrics.paused()
                self._parts.recording.retract_agent(action.at)
                self._played(self._playback.pause(action.at))
            case turn.ResumePlayback():
                self._parts.metrics.resumed(action.because)
                self._playback.resume(action.at)
            case turn.CommitInterruption():
                self._interrupted(action)
            case turn.MergeTurn():
                self._abandon()
            case turn.DiscardUtterance():
                self._discard(action)
            case turn.CallerIdle():
                self._idle(action)
            case _:
                assert_never(action)

    async def _settle(self) -> None:
        hypothesis = await self._parts.hearing.settle()
        if hypothesis is not None:
            upto = self._parts.hearing.upto(hypothesis)
            self._feed(
                turn.TextHeard(self._clock.now(), hypothesis.text, settled=True, upto=upto)
            )

    def _speculate(self, action: turn.Speculate) -> None:
        self._drop_speculation()
        said = self._said(action.turn, action.text, action.speech_start, action.speech_end)
        self._speculated = self._preparer.answer(self.state, said, self._owed_sentences())
        self._parts.metrics.speculated()

    def _drop_speculation(self) -> None:
        if self._speculated is not None:
            self._speculated.drop()
            self._speculated = None

    def _end_turn(self, action: turn.EndTurn) -> None:
        """Commit the speculated reply when it still fits, or prepare one now; then play it."""
        hearing = self._parts.hearing
        said = self._said(action.turn, action.text, action.speech_start, action.speech_end)
        self._abandon()
        prepared, self._speculated = self._speculated, None
        fits = (
            prepared is not None
            and prepared.base is self.state
            and prepared.said is not None
            and (prepared.said.turn, prepared.said.text) == (said.turn, said.text)
            and not said.digits
        )
        if prepared is not None and not fits:
            prepared.drop()
        deaf = hearing.failures >= DEAF_AFTER
        hearing.end()
        self._record_caller(said)
        self._stages = TurnStages(
            action.turn, action.speech_end, action.at, action.waited_for_text_s, speculated=fits
        )
        if deaf:
            self._apologise(action.turn)
        elif fits and prepared is not None:
            self._parts.metrics.speculation_hit()
            self._play(prepared)
        else:
            self._play(self._preparer.answer(self.state, said, self._owed_sentences()))

    def _play(self, prepared: Prepared) -> None:
        """From here on this reply is the turn's one committed answer."""
        self._current = prepared
        self._playback.attach(prepared.reply)
        self._news(prepared)

    def _news(self, prepared: Prepared) -> None:
        """The committed reply has grown: take over its plan, and at its end the rest."""
        if prepared is not self._current:
            return
        if prepared.planned is not None and not prepared.stands:
            prepared.stands = True
            self.state = prepared.planned.state
            self._write(*prepared.planned.facts)
            waiting, self._unplanned = self._unplanned, []
            for heard in waiting:
                self._credit(heard)
        if prepared.reply.complete:
            self._write(*prepared.facts)
            prepared.facts.clear()
            if prepared.failed is not None:
                self._broken(prepared)
            elif prepared.action is not None and self._closing_since is None:
                self._closing_since = self._clock.now()
        self._wake.set()

    def _interrupted(self, action: turn.CommitInterruption) -> None:
        self._parts.metrics.interrupted()
        self._parts.recording.retract_agent(action.at)
        self._abandon()

    def _abandon(self) -> None:
        """End what is being said, if anything; its heard prefix is history, the rest never was."""
        self._played(self._playback.cancel(self._clock.now()))
        if self._current is not None:
            self._owe(self._current)
            self._current.drop()
            self._current = None

    def _owe(self, prepared: Prepared) -> None:
        """Lines that must be heard and were cut off are said again first, up to a few times."""
        for clause in prepared.reply.clauses:
            sentence = clause.sentence
            if not sentence.must_hear or not clause.closes or clause.heard:
                continue
            tries = self._owed.get(sentence.text, (0, sentence))[0] + 1
            self._owed[sentence.text] = (tries, sentence)
            if tries == MUST_HEAR_TRIES:
                note = f"cut off {tries} times: {sentence.text}"
                at_ms = round(self._clock.now() * 1000)
                self._write(Flagged("must_hear_not_heard", sentence.turn, at_ms, note))

    def _discard(self, action: turn.DiscardUtterance) -> None:
        self._parts.hearing.end()
        self._drop_speculation()
        if action.text:
            self._write(Noted("discarded_utterance", {"text": action.text}))

    def _idle(self, action: turn.CallerIdle) -> None:
        number = self._machine.turn
        sentences, then = self._parts.engine.check_in(self.state, action.count, number)
        self._play(self._preparer.say(self.state, number, sentences, then))

    def _apologise(self, number: int) -> None:
        """An engine is failing on a talking caller: say so and leave the rest to a person."""
        self._write(Flagged("engine_failed", number, round(self._clock.now() * 1000), "apologised"))
        sentence = Sentence(number, 0, self._parts.apology, "goodbye")
        self._play(
            self._preparer.say(
                self.state, number, (sentence,), Action(number, "hang_up", "engine failed")
            )
        )

    def _broken(self, prepared: Prepared) -> None:
        """Neither voice nor wording worked: apologise once, and if even that fails, end."""
        if prepared.said is None:
            self.finish("failed")
        else:
            self._apologise(prepared.said.turn)

    # --- what was played -----------------------------------------------------------------------

    def _played(self, events: list[play.PlaybackEvent]) -> None:
        for event in events:
            match event:
                case play.Started():
                    self._started(event)
                case play.SentenceHeard():
                    self._heard(event.heard)
                case play.Finished():
                    self._finished(event)
                case _:
                    assert_never(event)

    def _started(self, event: play.Started) -> None:
        stages = self._stages
        if stages is not None and stages.turn == event.turn and self._current is not None:
            stages.first_words = self._current.first_words
            stages.first_audio = self._current.first_audio
            timed = stages.timed(event.at)
            self._stages = None
            self._parts.metrics.answered(timed)
            self._write(timed)
        elif event.turn == 0:
            self._write(Noted("greeted", {"after_ms": round(event.at * 1000)}))
        self._feed(turn.PlaybackStarted(event.at, event.turn))

    def _heard(self, heard: AgentHeard) -> None:
        sentence = heard.sentence
        if heard.complete:
            self._owed.pop(sentence.text, None)
        self._write(
            UtteranceRecorded(
                heard.turn, "agent", heard.text, heard.start_ms, heard.end_ms,
                interrupted=not heard.complete, citations=sentence.citations, kind=sentence.kind,
            )
        )  # fmt: skip
        current = self._current
        if current is not None and current.said is not None and not current.stands:
            self._unplanned.append(heard)
        else:
            self._credit(heard)

    def _credit(self, heard: AgentHeard) -> None:
        """Let the engine's ledger know what was heard; questions heard set what we listen for."""
        sentence, before = heard.sentence, self.state.expecting
        self.state, facts = self._parts.engine.heard(self.state, heard)
        self._write(*facts)
        for fact in facts:
            if isinstance(fact, ConsentRecorded) and fact.kind == "recording":
                self._consent(fact)
        if self.state.expecting != before or sentence.asks:
            slot = SLOTS.get(self.state.expecting or "", "free" if sentence.asks else None)
            self._feed(turn.SlotExpected(self._clock.now(), slot))

    def _finished(self, event: play.Finished) -> None:
        self._feed(turn.PlaybackFinished(event.at, event.turn))
        done, self._current = self._current, None
        if done is not None and done.action is not None:
            self.finish(done.action.reason)

    def _consent(self, fact: ConsentRecorded) -> None:
        if fact.state == "given":
            self._parts.recording.allow()
        elif fact.state == "declined":
            self._parts.recording.decline()

    # --- the pump ------------------------------------------------------------------------------

    async def _pump(self) -> None:
        """The only place that waits: sends what is due, and wakes the machine on time."""
        while True:
            now = self._clock.now()
            self._filler(now)
            out, events = self._playback.poll(now)
            self._played(events)
            for message in out:
                await self._parts.send(message)
            due = self._machine.deadline()
            if due is not None and due <= self._clock.now():
                self._feed(turn.Tick(self._clock.now()))
            if self._closing_since is not None and now > self._closing_since + CLOSING_LIMIT_S:
                self.finish("closed")
            with anyio.move_on_after(self._wait_s()):
                await self._wake.wait()
            self._wake = anyio.Event()

    def _wait_s(self) -> float:
        now = self._clock.now()
        dues = (
            self._playback.deadline(now),
            self._machine.deadline(),
            self._filler_due(),
            None if self._closing_since is None else self._closing_since + CLOSING_LIMIT_S,
        )
        return max(0.0, min((d for d in dues if d is not None), default=math.inf) - now)

    def _filler_due(self) -> float | None:
        current = self._current
        if self._stages is None or current is None or current.reply.clauses or current.said is None:
            return None
        return self._stages.ended + FILLER_AFTER_S

    def _filler(self, now: float) -> None:
        """A slow reply gets a short line, so that there is no dead air."""
        due = self._filler_due()
        if due is None or now < due or self._current is None or not self._parts.fillers:
            return
        line = self._parts.fillers[self._fillers % len(self._parts.fillers)]
        self._fillers += 1
        sentence = Sentence(self._current.reply.turn, -1, line, "filler")
        clause = self._parts.voice.cached(sentence)
        if clause is not None:
            self._current.reply.clauses.insert(0, clause)

    def _sent(self, piece: bytes, plays_at: float) -> None:
        self._parts.recording.agent(g711.decode(piece), plays_at)

    # --- small change --------------------------------------------------------------------------

    def _said(self, number: int, text: str, start: float, end: float) -> UserSaid:
        hearing = self._parts.hearing
        return UserSaid(
            turn=number, text=text, start_ms=round(start * 1000), end_ms=round(end * 1000),
            at=self._clock.utc(end), words=hearing.words(), confidence=hearing.confidence,
            digits=self._digits,
        )  # fmt: skip

    def _record_caller(self, said: UserSaid) -> None:
        self._digits = ""
        self._write(
            UtteranceRecorded(
                said.turn, "caller", said.text, said.start_ms, said.end_ms,
                confidence=said.confidence,
            )
        )  # fmt: skip

    def _owed_sentences(self) -> tuple[Sentence, ...]:
        return tuple(s for tries, s in self._owed.values() if tries < MUST_HEAR_TRIES)

    def _write(self, *facts: Fact) -> None:
        self._parts.journal.write(self._clock.utc(self._clock.now()), *facts)
