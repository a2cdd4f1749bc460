"""The one entry point for all channels: the buyer's turn in, a stream of sentences out, worded from
templates and approved passages, or by a model whose sentences passed the gate.

The engine keeps no state. `reply` changes nothing, so it can run speculatively and be dropped; what
was said to the buyer enters the state only through `heard`.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import anyio

from core.aside import Aside
from core.booked import settle
from core.commands import Command
from core.conversation.grounding.licence import Licence
from core.conversation.ledger import Guidance
from core.conversation.parts import Judged
from core.conversation.remembering import recognised
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.guidance import guidance
from core.conversation.understanding.model import ModelUnderstanding
from core.conversation.wording.opening import opening_sentences
from core.conversation.wording.pieces import sentence
from core.conversation.wording.realise import Realiser
from core.conversation.wording.realise_model import ModelRealiser
from core.errors import ReadingFailed
from core.events import ConversationStarted, Fact, Flagged, Noted, SignalCaptured
from core.facts.callbacks import CallPlaced
from core.heard import hear
from core.identity.memory import Recognition
from core.outcome import outcome_of
from core.policy.jurisdiction import rule_of
from core.policy.promising import callback_by, requested
from core.policy.transferring import unreached
from core.ports import LanguageModel, StructuredModel
from core.presence import local_day
from core.reply import Action, EngineEvent, Planned, Replied
from core.scheduling.board import Board
from core.scheduling.tools import Receipt, Tool
from core.talk import AgentHeard, ConversationOpened, Sentence, UserSaid
from core.thinking.embedding import Questions
from core.thinking.read import RuleReading
from core.thinking.refining import ModelReading, PendingReading, refined
from core.thinking.thinker import Thinker, Thought
from core.trust import Trusts
from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded
from knowledge.retrieval.meaning import NO_VECTORS
from knowledge.sentences import sentences

TOLD = 0.9
"""Confidence in a contact field from a mail header or a form: the sender can put anything there."""
PATIENCE = 0.8
"""Share of the turn's deadline that a reply spends waiting for a model's reading it needs: longer
than for anything else, because otherwise a person has to call back."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What follows from something other than a buyer's turn: the state after it, the facts it adds,
    and the sentences to say."""

    state: ConversationState
    facts: tuple[Fact, ...]
    sentences: tuple[Sentence, ...]


class Engine:
    """Thinks and speaks for one company; shared by all its conversations.

    `reader`: a model that reads each turn in parallel with the embedded reading.
    `questions`: embeds questions, for a `base` whose passages have vectors.
    `deadline_s`: a model that has not produced its first sentence by then is skipped for the turn.
    `transfers`: whether the channel can transfer a live caller to a person; if it cannot, someone
    calls back.
    `trusts`: circuit breakers that say whether a model is worth waiting for; shared by all.
    """

    def __init__(
        self,
        loaded: Loaded,
        base: KnowledgeBase,
        model: LanguageModel | None = None,
        *,
        reader: StructuredModel | None = None,
        questions: Questions | None = None,
        deadline_s: float = 1.5,
        transfers: bool = False,
        trusts: Trusts | None = None,
    ) -> None:
        self.loaded = loaded
        self.trusts = trusts or Trusts()
        self.thinker = Thinker(loaded.company, base, loaded.criteria_version, transfers=transfers)
        self.realiser = Realiser(loaded.company)
        wording, reading = self.trusts.wording, self.trusts.reading
        self._worded = ModelRealiser(model, self.realiser, wording) if model else None
        lexicon = self.thinker.understanding.lexicon
        self._reading = (
            ModelUnderstanding(loaded.company, lexicon, reader, reading, PATIENCE * deadline_s)
            if reader
            else None
        )
        self._model, self._reader, self.questions = model, reader, questions
        self._deadline_s, self._transfers = deadline_s, transfers
        self.beside = Aside().make

    def renewed(
        self, loaded: Loaded, base: KnowledgeBase, questions: Questions | None = None
    ) -> "Engine":
        """This engine with new knowledge and everything that depends on it."""
        return Engine(
            loaded, base, self._model, reader=self._reader, questions=questions,
            deadline_s=self._deadline_s, transfers=self._transfers, trusts=self.trusts,
        )  # fmt: skip

    def warm(self, at: datetime) -> None:
        """Do the first turn's one-off work now: indexes, holiday tables. Takes up to a second."""
        self.thinker.warm(at)

    @property
    def apology(self) -> str:
        """What to say to a caller when the system fails."""
        return self.realiser.fill(self.loaded.company.voice.apology, {})

    def fixed_lines(self) -> tuple[str, ...]:
        """Sentences known in advance, synthesised at start-up: openings, fillers, goodbyes."""
        company = self.loaded.company
        opening = [
            s.text
            for late in (False, True)
            for mode in ("never", "opt_out", "opt_in")
            for s in opening_sentences(company, after_hours=late, mode=mode)
        ]
        voice = company.voice
        told = (voice.check_in, voice.idle_goodbye, voice.goodbye, voice.apology, *voice.filler)
        return tuple(dict.fromkeys((*opening, *self.realiser.fixed(told))))

    def open(
        self, opened: ConversationOpened, *, after_hours: bool, call_sid: str | None = None
    ) -> Spoken:
        """State, facts and first sentences of a new conversation."""
        company = self.loaded.company
        started = ConversationStarted(
            opened.channel, opened.direction, opened.caller, opened.called, call_sid, company.id,
            self.loaded.criteria_version, self.loaded.knowledge_version, after_hours,
        )  # fmt: skip
        told = tuple(
            SignalCaptured(f"s0.{n}", field, value, "positive", "stated", TOLD, value, 0, 0, 0)
            for n, (field, value) in enumerate(opened.contact, start=1)
        )
        facts: list[Fact] = [started, *told]
        if (page := opened.page) is not None:
            facts.append(Noted("page", {"url": page.url, "title": page.title}))
        context = (page.title,) if page and page.title else ()
        if (invitation := company.chat.invitation(opened.invited)) is not None:
            facts.append(Noted("invited", {"rule": invitation.id}))
            context = (invitation.asks,) if invitation.asks else context
        if company.pilot is not None:
            facts.append(Flagged("pilot", 0, 0, "taken while the agent is tried out"))
        if (placed := opened.placed) is not None:
            facts.append(CallPlaced(placed.callback_id, placed.attempt))
        mode = "never"
        if opened.channel == "voice":
            facts.append(rule := rule_of(company, opened.caller, opened.called))
            mode = rule.mode
        state = ConversationState.opening(opened, told, context, mode)
        words = opening_sentences(
            company, after_hours=after_hours, channel=opened.channel, mode=mode, placed=placed,
            invited=opened.invited,
        )  # fmt: skip
        return Spoken(state, (*facts, *opened.seen), words)

    @property
    def by_meaning(self) -> bool:
        """Whether a model embeds questions."""
        return self.questions is not None

    @property
    def words(self) -> bool:
        """Whether a model words replies."""
        return self._worded is not None

    @property
    def reads(self) -> bool:
        """Whether a model reads turns; if so, the channel runs `read` alongside each `reply`."""
        return self._reading is not None

    def recognised(
        self, state: ConversationState, found: Recognition
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        """The state with the buyer's identity, as far as the store could tell.

        Call it when a conversation opens and again when an address or a number becomes known
        (`core.store.contacts.People.recognise`); call it between turns, on the current state.
        Idempotent for the same answer. The facts go into the log.
        """
        return recognised(state, found, ask=self.loaded.company.crm.ask_by_name)

    async def read(
        self, state: ConversationState, said: UserSaid, thought: Thought | None = None
    ) -> ModelReading:
        """A model's reading of a turn, started with the reply; never raises on a model failure.

        `thought`: what `think` returned for this same turn, if it was called. Changes nothing.
        """
        if self._reading is None:
            return ModelReading(said)
        read = await self._read(state, said, thought)
        shown = await self.beside(said, lambda: self.thinker.shown(state, read))
        try:
            checked = await self._reading.read(state, said, shown)
        except ReadingFailed as error:
            return ModelReading(said, failed=str(error) or error.code)
        return ModelReading(said, checked.commands, checked.dropped)

    def refine(
        self, state: ConversationState, reading: ModelReading
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        """The state after a reading too late to plan the reply on, and the facts it adds."""
        after, facts = refined(state, reading, self.thinker.exact)
        after, judged = self.thinker.judge(after, local_day(self.loaded.company, reading.said.at))
        return after, (*facts, *judged)

    def think(self, state: ConversationState, said: UserSaid) -> Thought:
        """The turn by the embedded reading alone, at once and without wording. Changes nothing."""
        return self.thinker.think(state, said)

    async def reply(
        self,
        state: ConversationState,
        said: UserSaid,
        pending: PendingReading | None = None,
        thought: Thought | None = None,
    ) -> AsyncGenerator[EngineEvent, None]:
        """`Planned`, then sentences and at most one `Action`, then `Replied`. Changes nothing.

        `thought`: what `think` returned for this same turn, if called; used unless a model adds to
        it. A `pending` reading is used if it is ready; the reply waits for it, up to part of the
        turn's deadline, where the embedded reading understood or found nothing it is sure of, and a
        quick model's also where what it found may not be the answer.
        """
        until = anyio.current_time() + self._deadline_s
        found: list[Fact] = []
        thought = await self._thought(state, said, pending, thought, found)
        yield Planned(said.turn, thought.state, thought.facts, thought.act.tool)
        async with aclosing(self._words(thought, said, until, found)) as words:
            async for made in words:
                yield made
        if thought.act.action is not None:
            yield thought.act.action
        yield Replied(said.turn, tuple(found))

    async def _thought(
        self,
        state: ConversationState,
        said: UserSaid,
        pending: PendingReading | None,
        thought: Thought | None,
        found: list[Fact],
    ) -> Thought:
        reading = pending.reading if pending else None
        read = await self._read(state, said, thought)
        if thought is None or reading is not None or self.questions is not None:
            thought = await self._think(state, said, reading.commands if reading else (), read)
        patience = 0.0
        if self._reading and reading is None:
            patience = self._reading.patience(lost=thought.at_a_loss, unsure=thought.unsure)
        if pending and patience and self.trusts.reading.asks(anyio.current_time()):
            reading = await pending.wait(patience)
            if reading is not None and reading.commands:
                thought = await self._think(state, said, reading.commands, read)
        if pending is not None and reading is not None:
            pending.used = True
            found.append(reading.noted(late=False))
        return thought

    async def _think(
        self,
        state: ConversationState,
        said: UserSaid,
        reading: tuple[Command, ...],
        read: RuleReading,
    ) -> Thought:
        """The thought, with embedded questions where a model delivers the vectors in time."""
        vectors = NO_VECTORS
        if self.questions is not None:
            vectors = await self.questions.vectors(self.thinker.questions(state, read, reading))
        think = partial(self.thinker.think, state, said, reading, vectors, read)
        return await self.beside(said, think)

    async def _read(
        self, state: ConversationState, said: UserSaid, thought: Thought | None
    ) -> RuleReading:
        """The turn as the rules read it, once."""
        if thought is not None:
            return thought.read
        return await self.beside(said, lambda: self.thinker.read(state, said))

    async def _words(
        self, thought: Thought, said: UserSaid, until: float, found: list[Fact]
    ) -> AsyncGenerator[Sentence, None]:
        """The sentences of a thought, from the model if it may word this act and has time to."""
        left = until - anyio.current_time()
        if self._worded and left > self._deadline_s / 2 and self._worded.takes(thought.act, found):
            licence = Licence.of(thought.act, thought.state, self.loaded.company)
            async with aclosing(
                self._worded.pieces(thought.act, thought.state, said, licence, until, found)
            ) as pieces:
                n = 0
                async for piece in pieces:
                    yield sentence(piece, said.turn, n)
                    n += 1
            return
        for made in self.realiser.sentences(thought.act, thought.state):
            yield made

    def informed(self, state: ConversationState, board: Board | None) -> ConversationState:
        """The state with the team's availability; without a board nothing can be booked."""
        return replace(state, board=board)

    def settle(
        self, state: ConversationState, tool: Tool, receipt: Receipt, at: datetime, n: int = 0
    ) -> Spoken:
        """What is true and what to say once a tool of a committed turn has run.

        `state` is the current one, `n` the number of the first sentence. Changes nothing.
        """
        outcome = settle(state, tool, receipt, self.loaded.company, at)
        pieces = self.realiser.pieces(outcome.act, outcome.state)
        words = tuple(sentence(p, tool.who.turn, n + i) for i, p in enumerate(pieces))
        return Spoken(outcome.state, outcome.facts, words)

    def heard(
        self, state: ConversationState, heard: AgentHeard
    ) -> tuple[ConversationState, tuple[Fact, ...]]:
        """The ledger after the buyer heard one sentence, or a prefix of it."""
        return hear(state, heard)

    def unreached(self, state: ConversationState, rep: str, turn: int) -> Spoken:
        """What is true and what to say when a transfer was not answered and the caller is back."""
        person = self.loaded.company.rep(rep)
        name = person.name.split()[0] if person else "a colleague"
        after, act = unreached(replace(state, turn=turn), rep, name)
        pieces = self.realiser.pieces(act, after)
        return Spoken(after, (), tuple(sentence(p, turn, n) for n, p in enumerate(pieces)))

    def guided(self, state: ConversationState, words: str) -> tuple[ConversationState, Guidance]:
        """The state after guidance from a listening colleague, and what of it was understood.

        Their words are never spoken; they change what is asked or proposed next.
        """
        understood = replace(guidance(words, self.loaded.company), offers=len(state.proposals.made))
        return replace(state, guidance=understood), understood

    def check_in(self, count: int, turn: int) -> tuple[tuple[Sentence, ...], Action | None]:
        """What to say after a silence: first a question; the second time a goodbye and a hangup."""
        voice = self.loaded.company.voice
        if count < 2:
            text = self.realiser.fill(voice.check_in, {})
            return (Sentence(turn, 0, text, "check_in"),), None
        text = self.realiser.fill(voice.idle_goodbye, {})
        goodbye = Sentence(turn, 0, text, "goodbye", sets="goodbye")
        return (goodbye,), Action(turn, "hang_up", "the caller was silent")

    def broken_off(self, state: ConversationState, turn: int, at: datetime) -> Spoken:
        """After a failure: the apology, and the callback it promises, if there is a number."""
        company = self.loaded.company
        owner = state.judged.rep or company.default_owner
        reachable = state.number
        words = tuple(
            Sentence(turn, n, text, "goodbye", promise=owner if reachable else None)
            for n, text in enumerate(sentences(self.apology))
        )
        if not reachable or state.callback is not None or state.ending.opted_out:
            return Spoken(state, (), words)
        callback = callback_by(owner, state, company, at, "")
        fact = requested(callback, state, company, turn)
        return Spoken(replace(state, callback=callback), (fact,), words)

    def close(self, state: ConversationState, reason: str) -> tuple[Fact, ...]:
        """Final verdict and route, and a flag for each open question. `reason`: how it ended."""
        day = local_day(self.loaded.company, state.opened.at)
        _, facts = self.thinker.judge(replace(state, judged=Judged()), day)
        left = [
            Flagged("question_left_open", q.turn, q.start_ms, f"{reason}: {q.text}")
            for q in state.open_questions()
        ]
        if state.meeting.booking is not None and not state.meeting.heard:
            note = f"{reason}: the confirmation was not heard; confirm it in writing"
            left.append(Flagged("booking_not_heard", state.turn, 0, note))
        return (*facts, *left)

    def outcome(self, state: ConversationState) -> str:
        """The buyer's outcome as one word."""
        return outcome_of(state)
