"""`rerun(…)`: runs a stored conversation through today's engine again, from its stored inputs.

The caller says what they said then, at the same instants, and hears as much of us as they heard
then. Questions are embedded again; a model's stored reading is used, and a model's wording is
compared by its citations only. Nothing else is awaited.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import assert_never

from core.booked import kept
from core.commands import Command
from core.conversation.parts import Signals
from core.conversation.remembering import begun_anew, remember
from core.conversation.state import ConversationState, replace
from core.crm.known import CrmContactFound
from core.engine import Engine
from core.events import (
    ConversationStarted,
    Fact,
    PersonRecalled,
    SignalCaptured,
    TurnMerged,
    UtteranceRecorded,
)
from core.facts.standing import latest
from core.identity.memory import Memory
from core.privacy.blank import blanked_state
from core.replay import lines as kept_as
from core.scheduling.tools import Tool, recorded
from core.talk import AgentHeard, ConversationOpened, Sentence, UserSaid
from core.thinking.refining import ModelReading
from knowledge.retrieval.meaning import Vectors

Meaning = Callable[[Sequence[str]], Vectors]
"""Embeds questions, as far as possible; blocks."""
BESIDE = ("filler", "check_in", "relayed")
"""Kinds of sentences outside the replies planned by the engine."""


@dataclass(slots=True)
class Reply:
    """Our complete reply to a turn."""

    sentences: list[Sentence] = field(default_factory=list)
    action: str | None = None
    settled: bool = False
    """Whether the sentences include the result of its tool."""


@dataclass(slots=True)
class Rerun:
    """Today's result: its log, its replies by turn, and its outcome."""

    facts: list[Fact] = field(default_factory=list)
    replies: dict[int, Reply] = field(default_factory=dict)
    outcome: str = ""
    unsure: set[str] = field(default_factory=set)
    """What could not be reproduced."""


def rerun(
    conversation_id: str,
    started: ConversationStarted,
    kept_lines: Iterable[kept_as.Line],
    engine: Engine,
    reason: str,
    meaning: Meaning,
) -> Rerun:
    """Run the conversation again. `reason`: how it ended."""
    one = _Again(conversation_id, started, engine, meaning)
    for line in kept_lines:
        one.take(line)
    return one.close(reason)


class _Again:
    """The conversation in progress."""

    def __init__(
        self, conversation_id: str, started: ConversationStarted, engine: Engine, meaning: Meaning
    ) -> None:
        self._meaning = meaning
        self._id, self._started, self._engine = conversation_id, started, engine
        self._thinker = engine.thinker
        self._made = Rerun()
        self._state: ConversationState | None = None
        self._opening: ConversationState | None = None
        self._said: dict[int, UserSaid] = {}
        self._before: list[tuple[int, ConversationState]] = []
        self._tool: Tool | None = None
        self._whole: dict[int, int] = {}
        """How many sentences each reply had then."""

    @property
    def state(self) -> ConversationState:
        if self._state is None:
            raise ValueError("the beginning of the call was not kept")
        return self._state

    def take(self, line: kept_as.Line) -> None:  # noqa: C901 - one case a line
        """Apply the next line."""
        match line:
            case kept_as.Began():
                self._begin(line)
            case kept_as.Said(said):
                self._said[said.turn] = said
                self._add(UtteranceRecorded(
                    said.turn, "caller", said.text, said.start_ms, said.end_ms
                ))  # fmt: skip
            case kept_as.TurnTaken(turn, reading):
                self._think(self._said[turn], kept_as.commands_of(reading))
            case kept_as.LineHeard():
                self._hear(line)
            case kept_as.TakenBack():
                self._take_back()
            case kept_as.TeamSeen(board):
                self._state = self._engine.informed(self.state, board)
            case kept_as.LookedUp(told=told):
                if line.guesses:
                    self._made.unsure.add("whom the caller might be was known, and is not kept")
                found = kept_as.facts_of(line.facts)
                self._state = _found(self.state, found, told)
                self._add(*found)
            case kept_as.CarriedOut():
                self._settle(line)
            case kept_as.ReadLate(turn, reading):
                read = ModelReading(self._said[turn], kept_as.commands_of(reading))
                self._state, facts = self._engine.refine(self.state, read)
                self._add(*facts)
            case kept_as.Whispered(words):
                self._state = self._engine.guided(self.state, words)[0]
            case kept_as.Blanked():
                self._state = blanked_state(self.state)
            case kept_as.BrokenOff(turn, at):
                self._made.replies.pop(turn, None)  # it was never said in full
                settled = self._engine.broken_off(self.state, turn, at)
                self._state = settled.state
                self._add(*settled.facts)
            case kept_as.CameBack(rep, turn):
                self._state = self._engine.unreached(self.state, rep, turn).state
            case kept_as.BegunAnew():
                self._begin_anew()
            case kept_as.NoMore():
                self._made.unsure.add("the rest of the call was too long to be kept")
            case kept_as.Worded(turn, texts):
                self._whole[turn] = len(texts)
            case _:
                assert_never(line)

    def close(self, reason: str) -> Rerun:
        """The last verdict and route, and the outcome."""
        self._add(*self._engine.close(self.state, reason))
        self._made.outcome = self._engine.outcome(self.state)
        return self._made

    def _add(self, *facts: Fact) -> None:
        self._made.facts += facts

    def _begin(self, began: kept_as.Began) -> None:
        if self._state is not None:  # back from a person
            if began.again is not None:
                self._state = self._engine.unreached(
                    self.state, began.again, self.state.turn + 1
                ).state
            return
        self._thinker = copy(self._engine.thinker)
        self._thinker.transfers = began.transfers
        told = self._started
        opened = ConversationOpened(
            self._id, told.channel, told.direction, told.caller, told.called, began.at,
            zone=began.zone, waits=began.waits, placed=began.placed,
        )  # fmt: skip
        opening = self._engine.open(opened, after_hours=told.after_hours, call_sid=told.call_sid)
        self._state = self._opening = opening.state
        self._add(*opening.facts)

    def _think(self, said: UserSaid, reading: tuple[Command, ...]) -> None:
        self._before.append((said.turn, self.state))
        read = self._thinker.read(self.state, said)
        asked = self._thinker.questions(self.state, read, reading)
        thought = self._thinker.think(self.state, said, reading, self._meaning(asked), read)
        self._state, self._tool = thought.state, thought.act.tool
        self._add(*thought.facts)
        action = thought.act.action
        sentences = list(self._engine.realiser.sentences(thought.act, thought.state))
        self._made.replies[said.turn] = Reply(sentences, action.kind if action else None)

    def _hear(self, line: kept_as.LineHeard) -> None:
        """Today's sentence is heard as far as the one in its place was then."""
        then, today = line.sentence, self._made.replies.get(line.sentence.turn)
        if today is None or then.kind in BESIDE:
            return self._credit(line, then, line.text)
        if then.n < len(today.sentences):
            sentence, text = today.sentences[then.n], line.text
            if sentence.text != then.text:
                words = sentence.text.split()
                text = " ".join(words if line.complete else words[: len(text.split())])
            self._credit(line, sentence, text)
        if line.complete and then.n == self._whole.get(then.turn, 0) - 1:
            for more in today.sentences[then.n + 1 :]:
                self._credit(line, more, more.text)

    def _credit(self, line: kept_as.LineHeard, sentence: Sentence, text: str) -> None:
        heard = AgentHeard(line.turn, sentence, text, line.complete, line.start_ms, line.end_ms)
        self._state, facts = self._engine.heard(self.state, heard)
        self._add(*facts)

    def _settle(self, line: kept_as.CarriedOut) -> None:
        tool = self._tool
        if tool is None or type(tool).__name__ != line.tool:
            self._made.unsure.add(f"{line.tool} was carried out then and would not be now")
            return
        receipt = kept_as.receipt_of(line.receipt)
        settled = self._engine.settle(self.state, tool, receipt, line.at, line.n)
        self._state = settled.state
        meeting = recorded(tool, receipt)
        self._add(*((meeting,) if meeting else ()), *settled.facts)
        reply = self._made.replies.get(tool.who.turn)
        if reply is not None and not reply.settled:  # run again, it says nothing more
            reply.sentences += settled.sentences
            reply.settled = True

    def _take_back(self) -> None:
        if self._before:
            turn, before = self._before.pop()
            self._state = kept(before, self.state)
            self._made.replies.pop(turn, None)
            self._add(TurnMerged(turn))

    def _begin_anew(self) -> None:
        assert self._opening is not None
        self._add(*(TurnMerged(turn) for turn in self._said))
        self._state = begun_anew(self._opening, self.state)


def _found(
    state: ConversationState, facts: Sequence[Fact], told: tuple[str, ...]
) -> ConversationState:
    """The state after an identity lookup with these facts."""
    signals = tuple(f for f in facts if isinstance(f, SignalCaptured))
    person, crm = latest(facts, PersonRecalled), latest(facts, CrmContactFound)
    if person is not None:
        before = tuple(s for s in signals if s.origin)
        memory = Memory(person, before, told) if person.person_id else None
        state, _ = remember(state, memory)
    looked = tuple(s for s in signals if not s.origin)
    gone = {s.supersedes for s in looked if s.supersedes}
    return replace(
        state, identity=replace(state.identity, crm=crm or state.identity.crm),
        signals=Signals((*looked, *state.signals.all), state.signals.superseded | gone),
    )  # fmt: skip
