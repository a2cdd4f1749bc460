"""`Writing`: written conversations through the one engine, for chat and mail alike.

A message is committed before its answer begins, and a turn is committed whole with the state after
it; so whatever crashes, a message is answered once, here or by another server. Each conversation
has one turn at a time, in the order the messages came.
"""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import anyio
from anyio.abc import TaskGroup

from core.clock import Clock
from core.conversation.wording.opening import opening_sentences
from core.engine import Engine
from core.errors import StoreFailed
from core.events import ConversationEnded, Fact, Flagged, Logged, UtteranceRecorded
from core.identity.identifiers import tells_who
from core.presence import is_open
from core.privacy.blank import blanked_state
from core.privacy.cards import marked
from core.privacy.digits import runs
from core.privacy.trail import MOST_TURNS, Checked, Trail, read
from core.scheduling.ports import Desk
from core.store.store import Store
from core.store.written import Standing, Unanswered
from core.talk import ConversationOpened, Sentence
from core.text.burst import joined
from core.text.legible import legible
from knowledge.load import Loaded
from voice_agent.channels.events import (
    Committed,
    Delta,
    Moved,
    Typing,
    UnknownConversation,
    WrittenLine,
)
from voice_agent.channels.gathering import Gathering
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.listeners import Listeners
from voice_agent.channels.turn import answered, at_ms, heard, overheard
from voice_agent.channels.unattended import away, kept
from voice_agent.desk import BoundedDesk
from voice_agent.rounds import Troubles, each, regularly
from voice_agent.workflows.ports import WrapUps

log = logging.getLogger(__name__)
T = TypeVar("T")
NEXT_TURN = 2**31
"""Stands in for the number a message will get."""
LOOK_S = 5.0
"""Interval between looks for messages left by other servers, and for quiet conversations."""
LEFT = timedelta(seconds=20)
"""An unanswered message this old was left by a server that is gone."""
ANSWER_S = 600.0
"""Longest wait for an answer while the database is up: after that none will come."""
FINISH_S = 10.0
"""For turns in progress when the server stops; another server answers the rest."""
PAUSES_S = (0.1, 0.5, 2.0, 5.0)
"""Retry delays while the database is down; the last one repeats."""
QUIET = {"chat": timedelta(minutes=2), "email": timedelta(seconds=5)}
"""After this silence the brief and CRM records are updated, while the conversation stays open."""
OVER = {"chat": timedelta(minutes=30), "email": timedelta(days=7)}
"""After this silence a conversation has ended."""


class Writing:
    """Written conversations. Enter `running` before anything is said."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        desk: Desk | None,
        wrap_up: WrapUps,
        clock: Clock,
        *,
        people: Knowing | None = None,
        attends: Callable[[ConversationOpened], bool] = lambda opened: True,
        wrote: Callable[[Sequence[Fact]], None] = lambda facts: None,
    ) -> None:
        self._people = people or Knowing(store.people, store, None, clock)
        self._engine = engine
        self._store = store
        self._desk = desk
        self._wrap_up = wrap_up
        self._clock = clock
        self._attends = attends
        self._wrote = wrote
        self._troubles = {channel: Troubles() for channel in OVER}
        self._tasks: TaskGroup | None = None
        self._working: dict[str, bool] = {}
        """Conversations being answered here; True when there may be more to answer."""
        self._closing: dict[str, str] = {}
        """Those that end once they are answered, and why."""
        self._gathering = Gathering(clock)
        self.listeners = Listeners()

    def use(self, engine: Engine) -> None:
        """Use this engine for turns from now on."""
        self._engine = engine

    @property
    def loaded(self) -> Loaded:
        """The company that turns use now."""
        return self._engine.loaded

    def attends(self, opened: ConversationOpened) -> bool:
        """Whether the agent, not a person, would answer this conversation."""
        return self._attends(opened)

    def greeting(self, opened: ConversationOpened) -> tuple[str, ...]:
        """How a chat would open now; begins nothing."""
        company = self._engine.loaded.company
        if not self._attends(opened):
            return tuple(s.text for s in away(company))
        late = not is_open(company, opened.at)
        words = opening_sentences(company, after_hours=late, channel="chat", invited=opened.invited)
        return tuple(sentence.text for sentence in words)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer messages, a dead server's included; on exit, finish the turns in progress."""
        async with anyio.create_task_group() as tasks, anyio.create_task_group() as looking:
            self._tasks = tasks
            looking.start_soon(self._look)
            try:
                yield
            finally:
                looking.cancel_scope.cancel()
                tasks.cancel_scope.deadline = anyio.current_time() + FINISH_S
                self._tasks = None

    async def open(self, opened: ConversationOpened) -> tuple[WrittenLine, ...]:
        """Begin a conversation, once per id; returns its lines so far. Raises: StoreFailed."""
        engine = self._engine
        late = not is_open(engine.loaded.company, opened.at)
        opening = engine.open(opened, after_hours=late)
        first = opening.sentences if self._attends(opened) else away(engine.loaded.company)
        state, facts = heard(engine, opening.state, first, 0)
        await self._store.written.begin(
            opened.conversation_id, opened.at, (*opening.facts, *facts), state
        )
        if opened.channel == "chat":
            self._learn(opened.conversation_id, opening.facts)
        return await self.lines(opened.conversation_id)

    async def say(self, conversation_id: str, message_id: str, text: str) -> WrittenLine:
        """Store a buyer's message, once per id; it is answered whether or not anybody listens.

        Raises: UnknownConversation, StoreFailed.
        """
        at = self._clock()
        checked = await self._without_card(conversation_id, legible(text))
        received = await self._store.written.receive(
            conversation_id, at, message_id, checked.text, checked.earlier
        )
        if received is None:
            raise UnknownConversation(conversation_id)
        line = WrittenLine(received.seq, received.at, received.said)
        if received.new:
            span = (received.seq, received.last)
            self.listeners.tell(conversation_id, Committed((line,), span=span))
            self._gathering.tell(conversation_id)
        self.wake(conversation_id)
        return line

    def typing(self, conversation_id: str) -> None:
        """The buyer is typing: tell listeners, and extend the wait of a pending answer."""
        self.listeners.tell(conversation_id, Typing("caller"))
        self._gathering.tell(conversation_id, writes=True)

    async def _without_card(self, conversation_id: str, text: str) -> Checked:
        """A message as it may be stored, checked for cards together with those before it."""
        trail = Trail()
        said = await self.lines(conversation_id) if runs(text) else ()
        for line in [n.said for n in said if n.said.speaker == "caller"][-MOST_TURNS:]:
            trail = read(trail, line.turn, line.text).trail
        return read(trail, NEXT_TURN, text)

    async def reply(self, conversation_id: str, turn: int) -> Committed:
        """Wait for the answer to a turn.

        Raises: UnknownConversation, StoreFailed; TimeoutError when none came.
        """
        with self.listeners.listening(conversation_id) as told, anyio.fail_after(ANSWER_S):
            while True:
                standing = await self._standing(conversation_id)
                if standing.answered >= turn:
                    lines = await self.lines(conversation_id)
                    ours = [n for n in lines if n.said.turn == turn and n.said.speaker != "caller"]
                    return Committed(tuple(ours), turn)
                self.wake(conversation_id)
                with anyio.move_on_after(LOOK_S):
                    async for event in told:
                        if isinstance(event, Committed) and event.turn == turn:
                            return event
                        if isinstance(event, Moved):
                            break

    async def lines(self, conversation_id: str, after: int = 0) -> tuple[WrittenLine, ...]:
        """The transcript after a line's number. Raises: StoreFailed."""
        return tuple(map(line_of, await self._store.written.lines(conversation_id, after)))

    async def standing(self, conversation_id: str) -> Standing | None:
        """A conversation's standing; None when it has not begun. Raises: StoreFailed."""
        return await self._store.written.standing(conversation_id)

    async def floor(self, conversation_id: str) -> str | None:
        """The rep who now answers in the agent's place, by id. Raises: StoreFailed."""
        has = await self._store.floors.floor(conversation_id, self._clock())
        return has.rep if has else None

    async def over(self, conversation_id: str) -> bool:
        """Whether a conversation has begun and ended. Raises: StoreFailed."""
        row = await self._store.conversations.get(conversation_id)
        return row is not None and row.status != "in_progress"

    async def close(self, conversation_id: str, reason: str) -> None:
        """End a conversation, once its messages are answered; idempotent. Raises: StoreFailed."""
        if not await self._end(conversation_id, reason):
            self._closing[conversation_id] = reason
            self.wake(conversation_id)

    async def _end(
        self, conversation_id: str, reason: str, untouched_since: datetime | None = None
    ) -> bool:
        """End a conversation and have it written up; False, and nothing is done, when messages
        wait for an answer or one came after `untouched_since`."""
        standing = await self._store.written.standing(conversation_id)
        if standing is None:
            return True
        engine, at, state = self._engine, self._clock(), standing.state
        ended = ConversationEnded(engine.outcome(state), reason, at_ms(state, at))
        facts = (*engine.close(state, reason), ended)
        end, turn = self._store.written.end, standing.answered
        now = await end(conversation_id, turn, at, facts, untouched_since)
        if now is None:
            return False
        await BoundedDesk(self._desk, state.opened, self._clock).release()
        if now:
            self.listeners.tell(conversation_id, Committed((), over=True))
        await self._wrap_up.wrap_up(conversation_id)
        return True

    # --- answering ---------------------------------------------------------------------------

    def wake(self, conversation_id: str) -> None:
        """Start answering a conversation's messages, unless this server already does."""
        if conversation_id in self._working:
            self._working[conversation_id] = True
        elif self._tasks is not None:
            self._working[conversation_id] = True
            self._tasks.start_soon(self._answer, conversation_id)

    async def _answer(self, conversation_id: str) -> None:
        """Answer a conversation's messages until none is left; no failure escapes."""
        try:
            while self._working[conversation_id]:
                self._working[conversation_id] = False
                await self._patiently(conversation_id)
        except UnknownConversation:
            pass
        except Exception:
            log.exception("a written conversation failed", extra={"id": conversation_id})
        finally:
            del self._working[conversation_id]
            self._closing.pop(conversation_id, None)

    async def _patiently(self, conversation_id: str) -> None:
        """Answer all pending turns, retrying while the database is down."""
        pauses = iter(PAUSES_S)
        while True:
            try:
                while await self._turn(conversation_id):
                    pass
                if reason := self._closing.get(conversation_id):
                    if not await self._end(conversation_id, reason):
                        continue
                    del self._closing[conversation_id]
                return
            except StoreFailed as error:
                if not error.retryable:
                    raise
                log.warning("an answer waits for the database: %s", error)
            await anyio.sleep(next(pauses, PAUSES_S[-1]))

    async def _unanswered(self, conversation_id: str) -> Unanswered:
        return _known(conversation_id, await self._store.written.unanswered(conversation_id))

    async def _turn(self, conversation_id: str) -> bool:
        """Answer the next message, with those that continue it, and commit the turn; returns
        whether there may be more."""
        engine, unanswered = self._engine, partial(self._unanswered, conversation_id)
        stands, messages = await self._gathering.turn(conversation_id, unanswered)
        if not messages:
            return False
        said, turn, state = joined(messages), messages[-1].turn, stands.state
        desk = BoundedDesk(self._desk, state.opened, self._clock)
        recalled: tuple[Fact, ...] = ()

        def tell(sentence: Sentence) -> None:
            self.listeners.tell(conversation_id, Delta(turn, sentence.n, sentence.text))

        over, floor = False, None
        try:
            if state.opened.channel == "email":
                await self._people.ask(conversation_id)
            # Their last words, or what they said elsewhere, may tell who it is.
            found = await self._people.recognise(conversation_id)
            state, recalled = engine.recognised(state, found)
            if marked(said.text):
                state = blanked_state(state)
            floor = await self.floor(conversation_id)
            if floor is None and self._attends(state.opened):
                made = await answered(engine, state, messages, desk, tell)
            else:
                made = await overheard(engine, state, messages)
                made = made if floor else kept(engine, state, said, made)
            after, facts, over = made.state, made.facts, made.over
        except StoreFailed:
            raise
        except Exception:  # a bug in one turn: say so, and flag it for a person
            log.exception("a written turn failed", extra={"id": conversation_id})
            sorry = Sentence(turn, 0, engine.apology, "acknowledge")
            after, spoken = heard(engine, state, (sorry,), said.end_ms)
            facts = (Flagged("turn_failed", turn, said.start_ms, said.text), *spoken)
        at = self._clock()
        first, commit = messages[0].turn, self._store.written.commit
        turned = await commit(conversation_id, turn, at, (*recalled, *facts), after, first)
        if turned is None:
            return True
        ours, span = tuple(map(line_of, turned.lines)), (turned.first, turned.last)
        self.listeners.tell(conversation_id, Committed(ours, turn, False, span, after, floor))
        self._learn(conversation_id, facts)
        self._wrote(facts)
        if over:
            self._closing[conversation_id] = "agent"
        return turned.received > turn

    def _learn(self, conversation_id: str, facts: Sequence[Fact]) -> None:
        """Ask the CRM in the background, if these facts identify the buyer."""
        if self._tasks is not None and tells_who(facts):
            self._tasks.start_soon(self._people.learn, conversation_id, self._engine)

    async def _standing(self, conversation_id: str) -> Standing:
        return _known(conversation_id, await self._store.written.standing(conversation_id))

    # --- what is left ------------------------------------------------------------------------

    async def _look(self) -> None:
        """Take up what dead servers left, write up quiet conversations, end those that are over."""
        await regularly("looking after written conversations", self._tend, LOOK_S)

    async def _tend(self) -> None:
        now, written = self._clock(), self._store.written
        for conversation_id in await written.waiting(now - LEFT):
            self.wake(conversation_id)
        for channel, quiet in QUIET.items():
            for conversation_id, turn in await written.unwrapped(channel, now - quiet):
                await self._wrap_up.wrap_up(conversation_id, turn)
                await written.mark_wrapped(conversation_id, turn)
        for channel, over in OVER.items():
            idle = await written.idle(channel, now - over)
            end = partial(self._end, reason="silence", untouched_since=now - over)
            await each(f"ending a conversation by {channel}", idle, end, self._troubles[channel])


def _known(conversation_id: str, found: T | None) -> T:
    if found is None:
        raise UnknownConversation(conversation_id)
    return found


def line_of(logged: Logged) -> WrittenLine:
    """A logged line as pages get it."""
    assert isinstance(logged.fact, UtteranceRecorded), "only lines are read"
    return WrittenLine(logged.seq, logged.at, logged.fact)
