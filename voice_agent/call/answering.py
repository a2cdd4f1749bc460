"""What we say in one call: prepared replies, the one that is committed, and what was heard of it.

A reply may be prepared before the turn has ended; only `answer` commits one, and only then do the
buyer's words become state and facts. What was heard of it moves the engine's ledger; nothing else.
"""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import assert_never

from core.booked import kept
from core.conversation.realise import sentences
from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import ConsentRecorded, Fact, Flagged, Noted, TurnMerged, UtteranceRecorded
from core.reply import Action, Planned
from core.scheduling.board import Board
from core.scheduling.tools import Receipt, Tool
from core.talk import AgentHeard, Sentence, UserSaid
from core.understood import Sense
from voice_agent.call import playback as play
from voice_agent.call.clock import CallClock
from voice_agent.call.late_reading import LateReading
from voice_agent.call.playback import Playback
from voice_agent.call.preparing import Prepared, Preparer
from voice_agent.call.recording import Recording
from voice_agent.call.timing import TurnStages
from voice_agent.call.voicing import Voice
from voice_agent.observe import CallMetrics
from voice_agent.turn import events as turn

FILLER_AFTER_S = 1.2
MUST_HEAR_TRIES = 3
SLOTS: dict[str, turn.Slot] = {
    "phone": "phone",
    "email": "email",
    "name": "name",
    "company": "name",
    "employees": "number",
    "budget": "number",
    "timeline": "date",
}


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told of what was said: the turn machine, the journal, the end of the call."""

    tell: Callable[[turn.TurnInput], None]
    write: Callable[..., None]
    finish: Callable[[str], None]
    wake: Callable[[], None]
    perform: Callable[[Tool], Awaitable[Receipt]]
    """Carries out what a committed turn names."""


class Answering:
    """The agent's side of the talk. Nothing here waits; preparing runs in the call's tasks."""

    def __init__(
        self,
        engine: Engine,
        voice: Voice,
        fillers: tuple[str, ...],
        playback: Playback,
        recording: Recording,
        clock: CallClock,
        metrics: CallMetrics,
        spawn: Callable[..., None],
        state: ConversationState,
        listener: Listener,
    ) -> None:
        self._engine = engine
        self._voice = voice
        self._fillers = fillers
        self._playback = playback
        self._recording = recording
        self._clock = clock
        self._metrics = metrics
        self._listener = listener
        self._preparer = Preparer(engine, voice, clock, spawn, self._news)
        self._current: Prepared | None = None
        self._speculated: Prepared | None = None
        self._stages: TurnStages | None = None
        self._owed: dict[str, tuple[int, Sentence]] = {}
        self._unplanned: list[AgentHeard] = []
        self._spawn = spawn
        self._late = LateReading(engine, listener.write)
        self._filled = 0
        self._listening_for: str | None = None
        self.state = state
        self.unanswered: UserSaid | None = None
        """The turn that was said when the line was lost."""
        self.closing_since: float | None = None
        """When the committed reply was known to be the last one."""

    # --- ordered by the session ------------------------------------------------------------------

    def say(self, number: int, sentences: tuple[Sentence, ...], then: Action | None = None) -> None:
        """Say known sentences now: the opening, a check-in, an apology."""
        self._commit(self._preparer.say(self.state, number, sentences, then))

    def speculate(self, said: UserSaid) -> None:
        """Prepare the reply to what seems to be the turn, and hold it back."""
        self.drop_speculation()
        self._speculated = self._preparer.answer(self.state, said, self._owed_sentences())
        self._metrics.speculated()

    def consider(self, said: UserSaid) -> Sense:
        """What could be made of these words, if they were the turn."""
        return self._preparer.consider(self.state, said)

    def drop_speculation(self) -> None:
        """Forget what was prepared."""
        if self._speculated is not None:
            self._speculated.drop()
            self._speculated = None

    def answer(self, said: UserSaid, stages: TurnStages) -> None:
        """Commit the turn's one reply: the prepared one when it still fits, else a new one."""
        self.abandon()
        prepared, self._speculated = self._speculated, None
        if prepared is not None and not self._fits(prepared, said):
            prepared.drop()
            prepared = None
        if prepared is not None:
            stages.speculated = True
            self._metrics.speculation_hit()
        self._stages = stages
        self._commit(prepared or self._preparer.answer(self.state, said, self._owed_sentences()))

    def apologise(self, number: int, text: str) -> None:
        """An engine is failing on a talking caller: say so, and leave the rest to a person."""
        at_ms = round(self._clock.now() * 1000)
        self._listener.write(Flagged("engine_failed", number, at_ms, "apologised and hung up"))
        self.abandon()
        goodbye = tuple(Sentence(number, n, t, "goodbye") for n, t in enumerate(sentences(text)))
        self.say(number, goodbye, Action(number, "hang_up", "engine_failed"))

    async def catch_up(self) -> None:
        """The line is gone: what was said last still counts, though no reply to it is heard."""
        current, said = self._current, self.unanswered
        if current is not None and current.said is not None and not current.stands:
            current.stands, said = True, current.said
        self.unanswered = None
        if said is None:
            return
        async with aclosing(self._engine.reply(self.state, said)) as events:
            async for event in events:
                if isinstance(event, Planned):
                    self._take(event)
                    if event.tool is not None:  # they had said yes: the meeting stands
                        await self._settle(event.tool)
                    return

    def pause(self, at: float) -> None:
        """Someone speaks over us: silence at once, the rest is kept."""
        self._metrics.paused()
        self._recording.retract_agent(at)
        self.played(self._playback.pause(at))

    def resume(self, action: turn.ResumePlayback) -> None:
        """It was nothing: go on from the first clause not heard."""
        self._metrics.resumed(action.because)
        self._playback.resume(action.at)

    def abandon(self) -> None:
        """End what is being said, if anything; its heard prefix is history, the rest never was."""
        now = self._clock.now()
        if self._playback.playing:
            self._recording.retract_agent(now)
        self.played(self._playback.cancel(now))
        if self._current is not None:
            self._owe(self._current)
            self._current.drop()
            self._current = None
        if self._listening_for != self.state.expecting:
            self._listen_for(self.state.expecting)

    def merge(self, number: int) -> None:
        """The caller went on before hearing the reply to this turn: as if it had not ended."""
        current = self._current
        if current is not None and current.stands:
            self.state = kept(current.base, self.state)
            current.unread()
        self._listener.write(TurnMerged(number))
        self._unplanned.clear()
        self.abandon()

    # --- the committed reply ---------------------------------------------------------------------

    def _fits(self, prepared: Prepared, said: UserSaid) -> bool:
        before = prepared.said
        return (
            prepared.base is self.state
            and before is not None
            and prepared.failed is None
            and (before.turn, before.text, before.digits) == (said.turn, said.text, said.digits)
        )

    def _commit(self, prepared: Prepared) -> None:
        self._current = prepared
        self._playback.attach(prepared.reply)
        self._news(prepared)
        self._listener.wake()

    def _news(self, prepared: Prepared) -> None:
        """The committed reply has grown: take over its plan, and at its end the rest."""
        self._refine(prepared)
        if prepared is not self._current:
            return
        if prepared.planned is not None and not prepared.stands:
            prepared.stands = True
            self._take(prepared.planned)
            if prepared.planned.tool is not None:
                self._spawn(self._carry_out, prepared, prepared.planned.tool)
            self._refine(prepared)
            waiting, self._unplanned = self._unplanned, []
            for heard in waiting:
                self._credit(heard)
        if prepared.reply.complete:
            self._listener.write(*prepared.facts)
            prepared.facts.clear()
            if prepared.failed is not None:
                self._broken(prepared)
            elif prepared.action is not None and self.closing_since is None:
                self.closing_since = self._clock.now()
                self._playback.resume(self.closing_since)  # nothing can stop it from here on
        if prepared.reply.complete or self._playback.hungry:
            self._listener.wake()

    def _refine(self, prepared: Prepared | None) -> None:
        guessing = self._speculated is not None
        self.state = self._late.entered(self.state, prepared, guessing=guessing)

    def _take(self, planned: Planned) -> None:
        """What the turn told becomes state and facts."""
        self.state = planned.state
        self._listener.write(*planned.facts)
        self._refine(None)
        for fact in planned.facts:
            self._consent(fact)

    async def _carry_out(self, prepared: Prepared, tool: Tool) -> None:
        """Do what the committed turn names; hanging up or speaking over us does not undo it."""
        prepared.after = words = await self._settle(tool, prepared.said_n)
        prepared.settled.set()
        if prepared is not self._current:  # the caller has gone on: say it first thing next
            self._owed.update({s.text: (0, s) for s in words if s.must_hear})

    async def _settle(self, tool: Tool, n: int = 0) -> tuple[Sentence, ...]:
        """Have a tool carried out and enter its receipt; the sentences that follow from it."""
        receipt = await self._listener.perform(tool)
        at = self._clock.utc(self._clock.now())
        settled = self._engine.settle(self.state, tool, receipt, at, n)
        self.state = settled.state
        self._listener.write(*settled.facts)
        return settled.sentences

    def inform(self, board: Board) -> None:
        """The team's time is known now."""
        self.state = self._engine.informed(self.state, board)

    def _broken(self, prepared: Prepared) -> None:
        """Neither voice nor wording worked: apologise once; if even that fails, end."""
        if prepared.said is None:
            self._listener.finish("failed")
        else:
            self.apologise(prepared.said.turn, self._engine.apology)

    # --- what was played -------------------------------------------------------------------------

    def played(self, events: list[play.PlaybackEvent]) -> None:
        """Take what playback found to be true."""
        for event in events:
            match event:
                case play.Started():
                    self._started(event)
                case play.Asking():
                    self._listen_for(event.asks)
                case play.SentenceHeard():
                    self._heard(event.heard)
                case play.Finished():
                    self._finished(event)
                case _:
                    assert_never(event)

    def _started(self, event: play.Started) -> None:
        stages, current = self._stages, self._current
        if stages is not None and stages.turn == event.turn and current is not None:
            stages.first_words, stages.first_audio = current.first_words, current.first_audio
            timed = stages.timed(event.at)
            self._stages = None
            self._metrics.answered(timed)
            self._listener.write(timed)
        elif event.turn == 0:
            self._listener.write(Noted("greeted", {"after_ms": round(event.at * 1000)}))
        self._listener.tell(turn.PlaybackStarted(event.at, event.turn))

    def _heard(self, heard: AgentHeard) -> None:
        sentence = heard.sentence
        if heard.complete:
            self._owed.pop(sentence.text, None)
        self._listener.write(
            UtteranceRecorded(
                heard.turn,
                "agent",
                heard.text,
                heard.start_ms,
                heard.end_ms,
                interrupted=not heard.complete,
                citations=sentence.citations,
                kind=sentence.kind,
                asks=(sentence.asks or "") if heard.complete else "",
            )
        )
        current = self._current
        if current is not None and current.said is not None and not current.stands:
            self._unplanned.append(heard)
        else:
            self._credit(heard)

    def _credit(self, heard: AgentHeard) -> None:
        """Let the engine's ledger know what was heard."""
        self.state, facts = self._engine.heard(self.state, heard)
        self._listener.write(*facts)
        for fact in facts:
            self._consent(fact)
        if self.state.expecting != self._listening_for:
            self._listen_for(self.state.expecting)

    def _listen_for(self, asked: str | None) -> None:
        """What was asked decides how long silence may last; a yes over its end is an answer."""
        self._listening_for = asked
        slot = SLOTS.get(asked.removeprefix("again:"), "free") if asked else None
        self._listener.tell(turn.SlotExpected(self._clock.now(), slot))

    def _consent(self, fact: Fact) -> None:
        if isinstance(fact, ConsentRecorded) and fact.kind == "recording":
            if fact.state == "given":
                self._recording.allow()
            elif fact.state == "declined":
                self._recording.decline()

    def _finished(self, event: play.Finished) -> None:
        self._listener.tell(turn.PlaybackFinished(event.at, event.turn))
        done, self._current = self._current, None
        if done is not None and done.action is not None:
            self._listener.finish(done.action.reason)

    # --- lines that must be heard, lines that fill ---------------------------------------------

    def _owe(self, prepared: Prepared) -> None:
        """Lines that must be heard and were cut off are said again first, up to a few times."""
        for clause in prepared.reply.clauses:
            sentence = clause.sentence
            if not sentence.must_hear or not clause.closes or clause.heard:
                continue
            began = clause.started_at is not None
            tries = self._owed.get(sentence.text, (0, sentence))[0] + began
            self._owed[sentence.text] = (tries, sentence)
            if began and tries == MUST_HEAR_TRIES:
                note = f"cut off {tries} times: {sentence.text}"
                at_ms = round(self._clock.now() * 1000)
                self._listener.write(Flagged("must_hear_not_heard", sentence.turn, at_ms, note))

    def _owed_sentences(self) -> tuple[Sentence, ...]:
        return tuple(s for tries, s in self._owed.values() if tries < MUST_HEAR_TRIES)

    def filler_due(self) -> float | None:
        """When a short line is owed to a caller who still waits for the reply's first audio."""
        current, stages = self._current, self._stages
        if stages is None or current is None or current.said is None:
            return None
        if any(clause.audio for clause in current.reply.clauses):
            return None
        return stages.ended + FILLER_AFTER_S

    def fill(self, now: float) -> None:
        """A slow reply gets its filler, so that there is no dead air."""
        due = self.filler_due()
        if due is None or now < due or self._current is None or not self._fillers:
            return
        line = self._fillers[self._filled % len(self._fillers)]
        self._filled += 1
        clause = self._voice.cached(Sentence(self._current.reply.turn, -1, line, "filler"))
        if clause is not None:
            self._current.reply.clauses.insert(0, clause)
