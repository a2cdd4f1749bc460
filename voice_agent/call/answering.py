"""What the agent says in one call: prepared replies, the committed one, and what was heard of it.

A reply may be prepared before the turn has ended; only `answer` commits one, and only then do the
buyer's words advance the conversation. The agent's own words do so only once they are heard.
"""

from typing import assert_never

from core.conversation.ledger import Guidance
from core.events import TALKED_OVER, Flagged, Noted
from core.identity.memory import Recognition
from core.reply import Action
from core.scheduling.tools import Tool
from core.talk import AgentHeard, Sentence, UserSaid
from core.thinking.understood import Sense
from voice_agent.call import playback as play
from voice_agent.call.conversation import Conversation
from voice_agent.call.expecting import Expecting, slots
from voice_agent.call.fillers import Fillers
from voice_agent.call.host import Host
from voice_agent.call.late_reading import LateReading
from voice_agent.call.owed import OwedLines
from voice_agent.call.parts import CallParts
from voice_agent.call.playback import Playback
from voice_agent.call.preparing import Prepared, Preparer
from voice_agent.call.speculation import Speculation
from voice_agent.call.timing import TurnStages
from voice_agent.turn import events as turn


class Answering:
    """The agent's side of the call. Nothing here waits but what runs in tasks of its own."""

    def __init__(
        self,
        parts: CallParts,
        playback: Playback,
        conversation: Conversation,
        host: Host,
    ) -> None:
        self._engine, self._clock = parts.engine, parts.clock
        self._recording, self._metrics = parts.recording, parts.metrics
        self._playback = playback
        self._conversation = conversation
        self._host = host
        self._preparer = Preparer(parts.engine, parts.voice, parts.clock, host.spawn, self._news)
        self._speculation = Speculation(self._preparer, parts.metrics)
        self._late = LateReading(parts.engine, host.write, conversation.keep)
        self._owed = OwedLines(parts.clock, host.write)
        self._expecting = Expecting(slots(parts.engine.loaded.company), parts.clock, host.feed)
        self._fillers = Fillers(parts.voice, parts.fillers)
        self._current: Prepared | None = None
        self._stages: TurnStages | None = None
        self._guided: list[str] = []
        """Guidance waiting for a state that no reply depends on."""
        self._unplanned: list[AgentHeard] = []
        """Lines heard before their reply's plan was known."""
        self.unanswered: list[UserSaid] = []
        """Turns that no reply was begun for, still to be understood."""
        self.closing_since: float | None = None
        """When the committed reply turned out to be the last."""

    # --- ordered by the session ------------------------------------------------------------------

    def say(self, number: int, sentences: tuple[Sentence, ...], then: Action | None = None) -> None:
        """Say known sentences instead of anything else: the opening, a check-in, an apology."""
        self.abandon()
        self._commit(self._preparer.say(self._conversation.state, number, sentences, then))

    def speculate(self, said: UserSaid) -> None:
        """Prepare the reply to what looks like the turn, and hold it back."""
        self._speculation.start(self._conversation.state, said, self._owed.due())

    def consider(self, said: UserSaid) -> Sense:
        """What the engine makes of these words, if they were the turn."""
        return self._preparer.consider(self._conversation.state, said)

    def drop_speculation(self) -> None:
        """Discard the prepared reply."""
        self._speculation.drop()

    def answer(self, said: UserSaid, stages: TurnStages) -> None:
        """Commit the turn's one reply: the prepared one if it still fits, else a new one."""
        self.abandon()
        state, owed = self._conversation.state, self._owed.due()
        prepared = self._speculation.take(state, said)
        stages.speculated = prepared is not None
        self._stages = stages
        self._commit(prepared or self._preparer.answer(state, said, owed))

    def apologise(self, number: int) -> None:
        """An engine is failing during the call: say so, and leave the rest to a person."""
        at_ms = round(self._clock.now() * 1000)
        self._host.write(Flagged("engine_failed", number, at_ms, "apologised and hung up"))
        words = self._conversation.break_off(number)
        self.say(number, words, Action(number, "hang_up", "engine_failed"))

    async def overhear(self, said: UserSaid) -> None:
        """Understand what is said to a colleague; what it asks for is theirs to do."""
        self.unanswered.append(said)
        await self._conversation.understand(said)
        self.unanswered.remove(said)

    async def catch_up(self, *, acts: bool) -> None:
        """Understand what was said before the line was lost, although nobody hears a reply.

        `acts`: what it asks for is done, too: who had said yes has a meeting.
        """
        current = self._current
        if current is not None and current.said is not None and not current.stands:
            current.stands = True
            self.unanswered.insert(0, current.said)
        while self.unanswered:
            tool = await self._conversation.understand(self.unanswered.pop(0))
            self._refine(None)
            if tool is not None and acts:
                await self._conversation.settle(tool)

    def reopen(self) -> None:
        """The last reply was not the last: the call goes on."""
        self.closing_since = None

    def pause(self, at: float) -> None:
        """Somebody speaks over the agent: silence at once, keeping the rest."""
        self._metrics.paused()
        self._recording.retract_agent(at + self._playback.trip_s)
        self.played(self._playback.pause(at))

    def resume(self, action: turn.ResumePlayback) -> None:
        """It was no interruption: resume from the first clause not heard."""
        self._metrics.resumed(action.because)
        self._talked_over(action.because)
        self._playback.resume()

    def give_way(self) -> None:
        """It was an interruption: what was not heard is dropped."""
        self._metrics.interrupted()
        self._talked_over("interruption")
        self.abandon()

    def _talked_over(self, took: str) -> None:
        at_ms = round(self._clock.now() * 1000)
        self._host.write(Noted(TALKED_OVER, {"took": took, "at_ms": at_ms}))

    def abandon(self) -> None:
        """Stop the current reply, if any; what was heard of it is history, the rest never
        happened."""
        now = self._clock.now()
        if self._playback.playing:
            self._recording.retract_agent(now + self._playback.trip_s)
        self.played(self._playback.cancel(now))
        if self._current is not None:
            self._owed.cut_off(self._current.reply)
            self._current.drop()
            self._current = None
        self._expecting.only(self._conversation.state.awaited.ask)

    def yield_floor(self) -> int | None:
        """Fall silent because somebody else speaks in the agent's place, without even a goodbye.

        Returns the turn whose reply was cut off, if any.
        """
        reply = self._playback.reply
        self.drop_speculation()
        self.abandon()
        self.closing_since = None
        self._host.wake()
        return reply.turn if reply is not None else None

    def guide(self, words: str) -> Guidance:
        """Follow a colleague's guidance, as soon as no reply depends on the state."""
        self.drop_speculation()
        self._guided.append(words)
        self._refine(None)
        return self._engine.guided(self._conversation.state, words)[1]

    def merge(self, number: int) -> None:
        """The caller went on before hearing the reply to this turn: undo its end."""
        current = self._current
        if current is not None and current.stands:
            self._conversation.take_back(current.base)
            current.unread()
        self._conversation.merge(number)
        self._unplanned.clear()
        self.abandon()

    # --- the committed reply ---------------------------------------------------------------------

    def _commit(self, prepared: Prepared) -> None:
        self._current = prepared
        self._playback.attach(prepared.reply)
        self._news(prepared)
        self._host.wake()

    def _news(self, prepared: Prepared) -> None:
        """The committed reply has grown: take over its plan and, at its end, the rest."""
        self._refine(prepared)
        if prepared is not self._current:
            return
        if prepared.planned is not None and not prepared.stands:
            prepared.stands = True
            pending = prepared.pending
            read = pending.reading if pending is not None and pending.used else None
            commands = read.commands if read else ()
            self._conversation.take(prepared.planned, prepared.base, commands)
            if prepared.planned.tool is not None:
                self._host.spawn(self._carry_out, prepared, prepared.planned.tool)
            self._refine(prepared)
            waiting, self._unplanned = self._unplanned, []
            for heard in waiting:
                self._credit(heard)
        if prepared.reply.complete and not prepared.ended:
            prepared.ended = True
            self._completed(prepared)
        if prepared.reply.complete or self._playback.hungry:
            self._host.wake()

    def _completed(self, prepared: Prepared) -> None:
        """Nothing more will come of the committed reply: take over what its end brings."""
        if prepared.said is not None and prepared.failed is None:
            self._conversation.keep(prepared.worded(prepared.said))
        self._host.write(*prepared.facts)
        if prepared.failed is not None:
            self._broken(prepared)
        elif prepared.action is not None and self.closing_since is None:
            self.closing_since = self._clock.now()
            self._playback.resume()  # nothing can stop it from here on

    def recognised(self, found: Recognition) -> None:
        """Enter who is calling, as soon as no reply depends on the state."""
        self._late.found(found)
        self._refine(None)

    def _refine(self, prepared: Prepared | None) -> None:
        """Enter what a model has read by now, unless a speculative reply depends on the state."""
        talk, current = self._conversation, self._current
        planning = current is not None and current.said is not None and not current.stands
        guessing = self._speculation.open or planning
        while self._guided and not guessing:
            talk.guided(self._guided.pop(0))
        talk.state = self._late.entered(talk.state, prepared, guessing=guessing)

    async def _carry_out(self, prepared: Prepared, tool: Tool) -> None:
        """Carry out the committed turn's tool; neither hanging up nor speaking over the agent
        undoes it."""
        prepared.after = words = await self._conversation.settle(tool, prepared.said_n)
        prepared.settled.set()
        if prepared is not self._current:  # the caller has gone on: say it first in the next reply
            self._owed.add(words)

    def _broken(self, prepared: Prepared) -> None:
        """Neither voice nor wording worked: apologise once; if that fails too, end."""
        if prepared.said is None:
            self._host.finish("failed")
        else:
            self.apologise(prepared.said.turn)

    # --- what was played -------------------------------------------------------------------------

    def played(self, events: list[play.PlaybackEvent]) -> None:
        """Process what playback reports."""
        for event in events:
            match event:
                case play.Started():
                    self._started(event)
                case play.Asking():
                    self._expecting.asking(event.asks)
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
            self._host.write(timed)
        elif event.turn == 0:
            self._host.write(Noted("greeted", {"after_ms": round(event.at * 1000)}))
        self._host.feed(turn.PlaybackStarted(event.at, event.turn))

    def _heard(self, heard: AgentHeard) -> None:
        if heard.complete:
            self._owed.heard(heard.sentence)
            self._host.feed(turn.PlaybackGoesOn(self._clock.now(), heard.turn))
        self._conversation.record(heard)
        current = self._current
        if current is not None and current.said is not None and not current.stands:
            self._unplanned.append(heard)
        else:
            self._credit(heard)

    def _credit(self, heard: AgentHeard) -> None:
        self._conversation.credit(heard)
        self._expecting.only(self._conversation.state.awaited.ask)

    def _finished(self, event: play.Finished) -> None:
        self._host.feed(turn.PlaybackFinished(event.at, event.turn))
        done, self._current = self._current, None
        if done is None or done.action is None:
            return
        if done.action.kind == "transfer":
            self._host.leave(done.action)
        else:
            self._host.finish(done.action.reason)

    # --- while the caller waits ------------------------------------------------------------------

    def owed_since(self) -> float | None:
        """Since when the agent has owed a reply without being audible; None when it does not."""
        current, stages = self._current, self._stages
        if current is None:
            return None
        if stages is not None and stages.turn == current.reply.turn:
            return stages.ended
        unopened = current.reply.turn == 0 and self._playback.reply is not None
        return 0.0 if unopened and not self._playback.begun else self._playback.dry_since

    def filler_due(self) -> float | None:
        """When a filler is due for a caller still waiting for the reply's first audio."""
        return self._fillers.due(self._stages, self._current)

    def fill(self, now: float) -> None:
        """Add a filler to a slow reply, so that there is no dead air."""
        due = self.filler_due()
        if due is not None and now >= due and self._current is not None:
            self._fillers.fill(self._current)
