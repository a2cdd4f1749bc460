"""Prepares a reply: turns the engine's sentences into clauses with audio, perhaps ahead of time."""

import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from core.conversation.consenting import untrue
from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import Fact
from core.replay.lines import Worded
from core.reply import Action, EngineEvent, Planned, Replied
from core.talk import Sentence, UserSaid
from core.thinking.refining import ModelReading, PendingReading
from core.thinking.thinker import Thought
from core.thinking.understood import Sense
from voice_agent.call.clock import CallClock
from voice_agent.call.host import Spawn
from voice_agent.call.playback import Reply
from voice_agent.call.voicing import Voice

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Prepared:
    """What is known so far of the reply to one turn. Dropping it leaves no trace."""

    said: UserSaid | None
    base: ConversationState
    reply: Reply
    planned: Planned | None = None
    action: Action | None = None
    facts: list[Fact] = field(default_factory=list)
    said_n: int = 0
    """Sentences so far."""
    first_words: float | None = None
    first_audio: float | None = None
    failed: Exception | None = None
    stands: bool = False
    """Committed, with its plan taken over into state and facts."""
    ended: bool = False
    """Committed and complete, with its facts and action taken over."""
    pending: PendingReading | None = None
    """A model's pending reading of the turn, if a model reads."""
    refined: bool = False
    """The reading was entered, or is no longer wanted."""
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    thought: anyio.Event = field(default_factory=anyio.Event)
    """Set once the plan is known."""
    settled: anyio.Event = field(default_factory=anyio.Event)
    """Set once the plan's tool was carried out; until then the reply waits for the result."""
    after: tuple[Sentence, ...] = ()
    """What to say about the tool's receipt."""
    reading_scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)

    def worded(self, said: UserSaid) -> Worded:
        """The whole reply, as worded."""
        own = {
            s.n: s for c in self.reply.clauses
            if (s := c.sentence).turn == said.turn and s.kind != "filler"
        }  # fmt: skip
        cited = tuple(c for s in own.values() for c in s.citations)
        action = self.action.kind if self.action else None
        return Worded(said.turn, tuple(s.text for s in own.values()), cited, action)

    def drop(self) -> None:
        """Stop preparing; nothing of it was said or stored. What a committed turn said counts."""
        self.scope.cancel()
        if not self.stands:
            self.unread()

    def unread(self) -> None:
        """Stop reading: the turn's words are not complete by themselves."""
        self.refined = True
        self.reading_scope.cancel()


class Preparer:
    """Starts preparing replies in the call's tasks; `news` is called at each step."""

    def __init__(
        self,
        engine: Engine,
        voice: Voice,
        clock: CallClock,
        spawn: Spawn,
        news: Callable[[Prepared], None],
    ) -> None:
        self._engine = engine
        self._voice = voice
        self._clock = clock
        self._spawn = spawn
        self._news = news
        self._considered: tuple[ConversationState, UserSaid, Thought] | None = None

    def consider(self, state: ConversationState, said: UserSaid) -> Sense:
        """What the engine makes of these words; a reply to them reuses the same thought."""
        try:
            thought = self._engine.think(state, said)
        except Exception:  # the reply will fail of it too, and knows what to say then
            log.exception("considering a turn failed")
            return "other"
        self._considered = (state, said, thought)
        return thought.sense

    def _thought(self, state: ConversationState, said: UserSaid) -> Thought | None:
        """The thought about exactly these words, if there is one."""
        if self._considered is None or self._considered[0] is not state:
            return None
        return self._considered[2] if self._considered[1] == said else None

    def answer(
        self, state: ConversationState, said: UserSaid, first: Iterable[Sentence]
    ) -> Prepared:
        """Begin the reply to a turn, after sentences still owed from earlier."""
        prepared = Prepared(said, state, Reply(said.turn))
        if self._engine.reads:
            prepared.pending = PendingReading()
            self._spawn(self._read, prepared, said, prepared.pending)
        self._spawn(self._answer, prepared, said, tuple(first))
        return prepared

    async def _read(self, prepared: Prepared, said: UserSaid, pending: PendingReading) -> None:
        """Have a model read the turn beside the reply, which goes on whatever becomes of it."""
        try:
            with prepared.reading_scope:
                thought = self._thought(prepared.base, said)
                pending.set(await self._engine.read(prepared.base, said, thought))
                self._news(prepared)
        except Exception:
            log.exception("a reading failed")
            pending.set(ModelReading(said, failed="bug"))

    def say(
        self,
        state: ConversationState,
        turn: int,
        sentences: Iterable[Sentence],
        action: Action | None,
    ) -> Prepared:
        """Begin a reply of known sentences: the opening, a check-in, an apology."""
        prepared = Prepared(None, state, Reply(turn), action=action)
        self._spawn(self._say, prepared, tuple(sentences))
        return prepared

    async def _say(self, prepared: Prepared, sentences: tuple[Sentence, ...]) -> None:
        await self._guarded(prepared, self._voice_all(prepared, sentences))

    async def _answer(
        self, prepared: Prepared, said: UserSaid, first: tuple[Sentence, ...]
    ) -> None:
        await self._guarded(prepared, self._stream(prepared, said, first))

    async def _guarded(self, prepared: Prepared, work: Coroutine[None, None, None]) -> None:
        """Report a bug or a failing voice to the session, which ends the call politely."""
        try:
            with prepared.scope:
                await work
        except Exception as error:
            log.exception("a reply failed")
            prepared.failed = error
        prepared.reply.complete = True
        self._news(prepared)

    async def _stream(
        self, prepared: Prepared, said: UserSaid, first: tuple[Sentence, ...]
    ) -> None:
        """Run engine and voice concurrently, so that slow speech never delays the model."""
        send, receive = anyio.create_memory_object_stream[Sentence](8)
        async with send, receive, anyio.create_task_group() as tasks:
            tasks.start_soon(self._think, prepared, said, send)
            async with receive:
                await self._voice_all(prepared, await self._still_owed(prepared, first))
                async for sentence in receive:
                    prepared.said_n += 1
                    await self._voice_all(prepared, (sentence,))
        if prepared.planned is not None and prepared.planned.tool is not None:
            await prepared.settled.wait()
            await self._voice_all(prepared, prepared.after)

    async def _still_owed(self, prepared: Prepared, first: tuple[Sentence, ...]) -> list[Sentence]:
        """Lines owed from earlier, except those this turn has made untrue."""
        if first:
            await prepared.thought.wait()
        state = prepared.planned.state if prepared.planned else prepared.base
        return [sentence for sentence in first if not untrue(sentence, state)]

    async def _think(
        self, prepared: Prepared, said: UserSaid, out: MemoryObjectSendStream[Sentence]
    ) -> None:
        async with out:
            thought = self._thought(prepared.base, said)
            events = self._engine.reply(prepared.base, said, prepared.pending, thought)
            async for event in events:
                await self._take(prepared, event, out)

    async def _take(
        self, prepared: Prepared, event: EngineEvent, out: MemoryObjectSendStream[Sentence]
    ) -> None:
        match event:
            case Planned():
                prepared.planned = event
                prepared.thought.set()
                self._news(prepared)
            case Sentence():
                if prepared.first_words is None:
                    prepared.first_words = self._clock.now()
                await out.send(event)
            case Action():
                prepared.action = event
            case Replied():
                prepared.facts.extend(event.facts)

    async def _voice_all(self, prepared: Prepared, sentences: Iterable[Sentence]) -> None:
        def news() -> None:
            if prepared.first_audio is None and any(c.audio for c in prepared.reply.clauses):
                prepared.first_audio = self._clock.now()
            self._news(prepared)

        for sentence in sentences:
            await self._voice.add(prepared.reply, sentence, news)
