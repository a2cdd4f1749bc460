"""One turn of a buyer in a text channel: read, answered, and its tool run."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from core.asking import spelled
from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import Fact, MeetingRecorded, SignalCaptured
from core.reply import Action, EngineEvent, Planned, Replied
from core.scheduling.tools import Receipt, Tool, recorded
from core.talk import Sentence, UserSaid
from core.thinking.refining import PendingReading

Perform = Callable[[Tool], Awaitable[Receipt]]
"""Runs the tool of a committed turn."""


class TextTurn:
    """The results of one turn. `replying` runs it; afterwards the other properties are set."""

    def __init__(
        self,
        engine: Engine,
        state: ConversationState,
        said: UserSaid,
        perform: Perform | None = None,
    ) -> None:
        self.said = said.text
        self.state = state
        """The state before the turn; after `replying`, the current one."""
        self.events: list[EngineEvent] = []
        self.receipt: Receipt | None = None
        """The receipt of the turn's tool, if it had one."""
        self.heard_facts: list[Fact] = []
        self._settled: tuple[Fact, ...] = ()
        self._meeting: MeetingRecorded | None = None
        self._engine, self._said, self._perform = engine, said, perform

    async def replying(self) -> AsyncGenerator[Sentence]:
        """The sentences of the reply as they are ready. Raises: what `perform` raises."""
        pending = None
        if self._engine.reads:  # in text there is time to wait for it
            pending = PendingReading(await self._engine.read(self.state, self._said))
        async with aclosing(self._engine.reply(self.state, self._said, pending)) as events:
            async for event in events:
                self.events.append(event)
                if isinstance(event, Planned):
                    self.state = event.state
                if isinstance(event, Sentence):
                    yield event
        for sentence in await self._carried_out():
            self.events.insert(-1, sentence)
            yield sentence

    async def _carried_out(self) -> tuple[Sentence, ...]:
        """Run the turn's tool; returns the sentences that follow from its receipt."""
        tool = self.planned.tool
        if tool is None or self._perform is None:
            return ()
        self.receipt = await self._perform(tool)
        settled = self._engine.settle(
            self.state, tool, self.receipt, self._said.at, len(self.sentences)
        )
        self.state, self._settled = settled.state, settled.facts
        self._meeting = recorded(tool, self.receipt)
        return settled.sentences

    @property
    def planned(self) -> Planned:
        """The decision."""
        return next(e for e in self.events if isinstance(e, Planned))

    @property
    def meeting(self) -> MeetingRecorded | None:
        """The fact of a meeting booked or changed; a desk with a log has already logged it."""
        return self._meeting

    @property
    def decided(self) -> tuple[Fact, ...]:
        """Facts that stand before anything is heard."""
        return (*self.planned.facts, *self._settled)

    @property
    def found(self) -> tuple[Fact, ...]:
        """Facts found while wording the reply."""
        return tuple(f for e in self.events if isinstance(e, Replied) for f in e.facts)

    @property
    def facts(self) -> list[Fact]:
        """Everything found in this turn, except the lines of the transcript."""
        return [*self.planned.facts, *self.found, *self.heard_facts]

    @property
    def sentences(self) -> list[Sentence]:
        """What was said in reply, heard or not."""
        return [e for e in self.events if isinstance(e, Sentence)]

    @property
    def text(self) -> str:
        """The reply as one text."""
        return " ".join(s.text for s in self.sentences)

    @property
    def action(self) -> Action | None:
        """What the channel was told to do."""
        return next((e for e in self.events if isinstance(e, Action)), None)

    @property
    def asks(self) -> list[str]:
        """What the reply asks for, in ledger terms: `employees`, `offer:callback`."""
        return [spelled(s.asks) for s in self.sentences if s.asks]

    @property
    def citations(self) -> list[str]:
        """Passages the reply cites."""
        return [c for s in self.sentences for c in s.citations]

    @property
    def signals(self) -> dict[str, str]:
        """Values captured in this turn by criterion."""
        told = (f for f in self.facts if isinstance(f, SignalCaptured) and not f.origin)
        return {f.criterion: f.value for f in told}
