"""The conversation of one call: its state, and every fact that changes it.

Only what was committed or heard gets here, so what is prepared ahead of time leaves no trace.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import anyio

from core.asking import spelled
from core.booked import kept
from core.commands import Command
from core.conversation.rebasing import rebased
from core.conversation.remembering import begun_anew
from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import ConsentRecorded, Fact, TurnMerged, UtteranceRecorded
from core.privacy.blank import blanked_state
from core.replay import lines
from core.reply import Planned
from core.scheduling.board import Board
from core.scheduling.tools import Receipt, Tool
from core.talk import AgentHeard, Sentence, UserSaid
from voice_agent.call.clock import CallClock
from voice_agent.call.host import Write
from voice_agent.call.recording import Recording
from voice_agent.word_times import heard_words

log = logging.getLogger(__name__)


class Conversation:
    """Passes events to the engine, keeps the state it returns, writes the facts.

    `perform` carries out a committed turn's tool; `keep` takes the engine's inputs, for replay.
    """

    def __init__(
        self,
        engine: Engine,
        state: ConversationState,
        clock: CallClock,
        recording: Recording,
        write: Write,
        perform: Callable[[Tool], Awaitable[Receipt]],
        keep: Callable[[object], None] = lambda _line: None,
    ) -> None:
        self.state = state
        self._engine = engine
        self._clock = clock
        self._recording = recording
        self._write = write
        self._perform = perform
        self.keep = keep
        self._merging: list[int] = []
        self._understanding = anyio.Lock()

    def take(
        self, planned: Planned, base: ConversationState, reading: tuple[Command, ...] = ()
    ) -> None:
        """Turn a committed plan into state and facts. `base`: the state it was planned on; what was
        booked or learned of the team's time since then stands. `reading`: the model's reading that
        the plan relies on."""
        self.keep(lines.TurnTaken(planned.turn, tuple(map(lines.named, reading))))
        self.state = rebased(planned.state, base, self.state)
        self._enter(planned.facts)
        self._recording.settle()  # they have had their say: the recording may go to disk

    def start_over(self, fresh: ConversationState) -> None:
        """Reset to the beginning, except for what was heard of who we are and who they may be."""
        self.keep(lines.BegunAnew())
        self.state = begun_anew(fresh, self.state)

    def take_back(self, before: ConversationState) -> None:
        """Undo a turn that had not ended, except for what was heard or booked."""
        self.keep(lines.TakenBack())
        was, self.state = self.state, kept(before, self.state)
        if was.recording.consent == "given" != self.state.recording.consent:
            # the yes was not a whole answer
            at_ms = round(self._clock.now() * 1000)
            self._enter((ConsentRecorded("recording", "unknown", "", at_ms),))

    def merge(self, turn: int) -> None:
        """A later turn will repeat this turn's words. Until then it stays in the log: a server that
        dies in between must not lose what the caller said."""
        self._merging.append(turn)

    def credit(self, heard: AgentHeard) -> None:
        """Credit what was heard of the agent to the engine's ledger."""
        self.keep(
            lines.LineHeard(
                heard.turn, heard.sentence, heard.text, heard.complete, heard.start_ms, heard.end_ms
            )
        )
        self.state, facts = self._engine.heard(self.state, heard)
        self._enter(facts)

    def caller_said(self, said: UserSaid) -> None:
        """Record a caller's turn for the transcript."""
        self.keep(lines.Said(said))
        merged, self._merging = self._merging, []
        self._write(
            *map(TurnMerged, merged),
            UtteranceRecorded(
                said.turn, "caller", said.text, said.start_ms, said.end_ms,
                confidence=said.confidence, word_ms=heard_words(said),
            ),
        )  # fmt: skip

    def record(self, heard: AgentHeard) -> None:
        """Record the agent's line for the transcript, as far as it was heard."""
        sentence = heard.sentence
        self._write(
            UtteranceRecorded(
                heard.turn,
                "agent",
                heard.text,
                heard.start_ms,
                heard.end_ms,
                interrupted=not heard.complete,
                citations=sentence.citations,
                kind=sentence.kind,
                asks=spelled(sentence.asks) if heard.complete else "",
                word_ms=heard.word_ms,
                unheard=heard.unheard,
            )
        )

    async def understand(self, said: UserSaid) -> Tool | None:
        """Process a turn without replying; returns its tool, still to be settled. Turns are
        processed one after another, each on the current state."""
        async with self._understanding:
            while True:
                base = self.state
                planned = await self._planned(base, said)
                if planned is None:
                    return None
                if self.state is base:
                    self.take(planned, base)
                    return planned.tool

    async def _planned(self, base: ConversationState, said: UserSaid) -> Planned | None:
        """The engine's plan; None when it fails: nobody waits for a reply, and the words are in the
        transcript."""
        try:
            async with aclosing(self._engine.reply(base, said)) as events:
                async for event in events:
                    if isinstance(event, Planned):
                        return event
        except Exception:
            log.exception("a turn was not understood")
        return None

    async def settle(self, tool: Tool, n: int = 0) -> tuple[Sentence, ...]:
        """Carry out a tool and record its receipt; returns the sentences that follow."""
        receipt = await self._perform(tool)
        at = self._clock.utc(self._clock.now())
        self.keep(lines.CarriedOut(type(tool).__name__, lines.named(receipt), at, n))
        settled = self._engine.settle(self.state, tool, receipt, at, n)
        self.state = settled.state
        self._write(*settled.facts)
        return settled.sentences

    def blank(self) -> None:
        """A card was given: remove every part of it from stored earlier turns."""
        self.keep(lines.Blanked())
        self.state = blanked_state(self.state)

    def break_off(self, turn: int) -> tuple[Sentence, ...]:
        """An engine of ours fails: returns what to say, and records it as promised."""
        at = self._clock.utc(self._clock.now())
        self.keep(lines.BrokenOff(turn, at))
        settled = self._engine.broken_off(self.state, turn, at)
        self.state = settled.state
        self._write(*settled.facts)
        return settled.sentences

    def inform(self, board: Board) -> None:
        """Enter the team's time."""
        self.keep(lines.TeamSeen(board))
        self.state = self._engine.informed(self.state, board)

    def unreached(self, rep: str, turn: int) -> tuple[Sentence, ...]:
        """A person could not be reached: returns the sentences that follow."""
        self.keep(lines.CameBack(rep, turn))
        settled = self._engine.unreached(self.state, rep, turn)
        self.state = settled.state
        return settled.sentences

    def guided(self, words: str) -> None:
        """Follow a colleague's guidance from now on."""
        self.keep(lines.Whispered(words))
        self.state, _ = self._engine.guided(self.state, words)

    def _enter(self, facts: tuple[Fact, ...]) -> None:
        self._write(*facts)
        for fact in facts:
            if isinstance(fact, ConsentRecorded) and fact.kind == "recording":
                self._consented(fact)

    def _consented(self, fact: ConsentRecorded) -> None:
        """Start or stop recording. If a caller stops it, what was recorded before is kept if
        company policy says so, unless it should never have been recorded."""
        keeps = self._engine.loaded.company.consent.when_stopped == "keep"
        if fact.state == "given":
            self._recording.allow(settled=fact.how in ("word", "key"))
        elif fact.state == "declined" and keeps:
            self._recording.hold()
        else:
            self._recording.discard()
