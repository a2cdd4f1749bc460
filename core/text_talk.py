"""A conversation with the engine in text: turns in, facts out, what was said is heard.

The channel's part of the contract without a wire: each turn is committed, its sentences are heard
in whole unless told otherwise, and the facts are logged in the order a call logs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import ConversationEnded, Fact, SignalCaptured, UtteranceRecorded, VerdictReached
from core.refining import Pending
from core.reply import Action, EngineEvent, Planned, Replied
from core.scheduling.ports import Desk
from core.scheduling.tools import Receipt, recorded
from core.talk import AgentHeard, ConversationOpened, Sentence, UserSaid

HEARD_MS = 400
SPOKEN_MS = 300
"""Time a word of ours, and of the buyer's, takes on the conversation's clock."""


@dataclass
class TextTurn:
    """What one turn of the buyer brought about."""

    said: str
    events: list[EngineEvent]
    heard_facts: list[Fact] = field(default_factory=list)
    receipt: Receipt | None = None
    """What came of the turn's tool, if it had one."""

    @property
    def planned(self) -> Planned:
        """The decision."""
        return next(e for e in self.events if isinstance(e, Planned))

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
        """What the reply asks for, in the ledger's words: `employees`, `offer:callback`."""
        return [s.asks for s in self.sentences if s.asks]

    @property
    def citations(self) -> list[str]:
        """Passages the reply cites."""
        return [c for s in self.sentences for c in s.citations]

    @property
    def facts(self) -> list[Fact]:
        """Everything found in this turn, except the lines of the transcript."""
        replied = [f for e in self.events if isinstance(e, Replied) for f in e.facts]
        return [*self.planned.facts, *replied, *self.heard_facts]

    @property
    def signals(self) -> dict[str, str]:
        """Values captured in this turn by criterion."""
        return {f.criterion: f.value for f in self.facts if isinstance(f, SignalCaptured)}


class TextTalk:
    """One conversation; `facts` is its log. Time stands still at `opened.at`, words take time.

    `desk`: where meetings are booked; without one a call back is all that can be arranged.
    """

    def __init__(
        self,
        engine: Engine,
        opened: ConversationOpened,
        *,
        after_hours: bool = False,
        desk: Desk | None = None,
    ) -> None:
        self.engine = engine
        self.desk = desk
        self.at = opened.at
        opening = engine.open(opened, after_hours=after_hours)
        self.state: ConversationState = opening.state
        self.facts: list[Fact] = list(opening.facts)
        self.opening = opening.sentences
        self.turns: list[TextTurn] = []
        self.ms = 0
        for sentence in opening.sentences:
            self.hears(sentence)

    async def says(self, text: str, hears: Sequence[float] | None = None) -> TextTurn:
        """One turn of the buyer; `hears` gives the share heard of each sentence of the reply."""
        said = self.said(text)
        self.facts.append(
            UtteranceRecorded(said.turn, "caller", said.text, said.start_ms, said.end_ms)
        )
        if self.desk is not None and self.state.board is None:
            opened = self.state.opened
            board = await self.desk.look(opened.conversation_id, opened.caller, self.at)
            self.state = self.engine.informed(self.state, board)
        pending = None
        if self.engine.reads:  # in text there is time to wait for it
            pending = Pending(await self.engine.read(self.state, said))
        events = [event async for event in self.engine.reply(self.state, said, pending)]
        turn = TextTurn(text, events)
        self.turns.append(turn)
        self.state = turn.planned.state
        self.facts += turn.planned.facts
        await self._carry_out(turn)
        for n, sentence in enumerate(turn.sentences):
            share = 1.0 if hears is None else hears[n] if n < len(hears) else 0.0
            turn.heard_facts += self.hears(sentence, share)
        self.facts += [f for e in events if isinstance(e, Replied) for f in e.facts]
        return turn

    async def _carry_out(self, turn: TextTurn) -> None:
        """Do what the committed turn names, and add the sentences that follow to its reply."""
        tool = turn.planned.tool
        if tool is None or self.desk is None:
            return
        receipt = await self.desk.perform(tool, self.at)
        settled = self.engine.settle(self.state, tool, receipt, self.at, len(turn.sentences))
        fact = recorded(tool, receipt)
        turn.receipt, self.state = receipt, settled.state
        self.facts += [*settled.facts, *((fact,) if fact else ())]
        turn.events[-1:-1] = settled.sentences

    def said(self, text: str) -> UserSaid:
        """The next turn's words, with their place in the conversation."""
        start = self.ms
        self.ms += SPOKEN_MS * max(len(text.split()), 1)
        return UserSaid(len(self.turns) + 1, text, start, self.ms, self.at)

    def hears(self, sentence: Sentence, share: float = 1.0) -> list[Fact]:
        """Let the buyer hear a share of a sentence; the facts that follow from it."""
        words = sentence.text.split()
        kept = words[: round(len(words) * share)]
        text, complete = " ".join(kept), len(kept) == len(words)
        start = self.ms
        self.ms += HEARD_MS * len(kept)
        if kept:
            self.facts.append(
                UtteranceRecorded(
                    sentence.turn, "agent", text, start, self.ms, interrupted=not complete,
                    citations=sentence.citations, kind=sentence.kind,
                    asks=(sentence.asks or "") if complete else "",
                )
            )  # fmt: skip
        heard = AgentHeard(sentence.turn, sentence, text, complete, start, self.ms)
        self.state, facts = self.engine.heard(self.state, heard)
        self.facts += facts
        return list(facts)

    def close(self, reason: str) -> None:
        """End it: last verdict and route, and how it went."""
        self.facts += self.engine.close(self.state, reason)
        self.facts.append(ConversationEnded(self.engine.outcome(self.state), reason, self.ms))

    @property
    def verdict(self) -> VerdictReached:
        """The latest verdict."""
        return next(f for f in reversed(self.facts) if isinstance(f, VerdictReached))

    def known(self, criterion: str) -> list[str]:
        """Standing values of a criterion."""
        return [s.value for s in self.state.active if s.criterion == criterion]
