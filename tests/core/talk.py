"""A text conversation with the engine, in which everything, or a stated part, is heard."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import (
    Action,
    AgentHeard,
    ConversationOpened,
    EngineEvent,
    Fact,
    Planned,
    Replied,
    Sentence,
    SignalCaptured,
    UserSaid,
    VerdictReached,
)
from core.ports import LanguageModel
from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded, load

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "knowledge" / "company"
OTHER = ROOT / "tests" / "companies" / "corvane"
MONDAY_NOON = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
"""Noon in New York on a working day."""
SUNDAY = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)


@cache
def sample(folder: Path = SAMPLE) -> Loaded:
    """A company, the sample one unless told otherwise."""
    return load(folder)


@cache
def knowledge(folder: Path = SAMPLE) -> KnowledgeBase:
    """Its knowledge, indexed once for all tests."""
    return KnowledgeBase(sample(folder))


@cache
def engine(folder: Path = SAMPLE, *, transfers: bool = False) -> Engine:
    """An engine without a model; it keeps no state, so all tests share it."""
    return Engine(sample(folder), knowledge(folder), transfers=transfers)


@dataclass
class Turn:
    """What one turn of the caller brought about."""

    said: str
    events: list[EngineEvent]
    heard_facts: list[Fact] = field(default_factory=list)

    @property
    def planned(self) -> Planned:
        return next(e for e in self.events if isinstance(e, Planned))

    @property
    def sentences(self) -> list[Sentence]:
        return [e for e in self.events if isinstance(e, Sentence)]

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.sentences)

    @property
    def action(self) -> Action | None:
        return next((e for e in self.events if isinstance(e, Action)), None)

    @property
    def asks(self) -> list[str]:
        return [s.asks for s in self.sentences if s.asks]

    @property
    def citations(self) -> list[str]:
        return [c for s in self.sentences for c in s.citations]

    @property
    def facts(self) -> list[Fact]:
        replied = [f for e in self.events if isinstance(e, Replied) for f in e.facts]
        return [*self.planned.facts, *replied, *self.heard_facts]

    @property
    def signals(self) -> dict[str, str]:
        return {f.criterion: f.value for f in self.facts if isinstance(f, SignalCaptured)}


class Talk:
    """One conversation. `says` runs a turn and hears all of the reply unless told otherwise."""

    def __init__(
        self,
        *,
        caller: str | None = "+14155550100",
        at: datetime = MONDAY_NOON,
        model: LanguageModel | None = None,
        transfers: bool = False,
        folder: Path = SAMPLE,
    ) -> None:
        self.at = at
        self.engine = (
            Engine(sample(), knowledge(), model, transfers=transfers)
            if model
            else engine(folder, transfers=transfers)
        )
        opened = ConversationOpened("c1", "voice", "inbound", caller, "+16175550142", at)
        opening = self.engine.open(opened, after_hours=False)
        self.state: ConversationState = opening.state
        self.facts: list[Fact] = list(opening.facts)
        self.opening = opening.sentences
        self.turns: list[Turn] = []
        self.ms = 0
        for sentence in opening.sentences:
            self.hears(sentence)

    def hears(self, sentence: Sentence, share: float = 1.0) -> list[Fact]:
        """Let the caller hear a share of a sentence."""
        words = sentence.text.split()
        kept = words[: round(len(words) * share)]
        complete = len(kept) == len(words)
        end = self.ms + 400 * len(kept)
        heard = AgentHeard(sentence.turn, sentence, " ".join(kept), complete, self.ms, end)
        self.ms = end
        self.state, facts = self.engine.heard(self.state, heard)
        self.facts += facts
        return list(facts)

    async def says(self, text: str, hears: Sequence[float] | None = None) -> Turn:
        """One turn of the caller; `hears` gives the share heard of each sentence."""
        said = self.said(text)
        events = [event async for event in self.engine.reply(self.state, said)]
        turn = Turn(text, events)
        self.turns.append(turn)
        self.state = turn.planned.state
        self.facts += turn.planned.facts
        for n, sentence in enumerate(turn.sentences):
            share = 1.0 if hears is None else hears[n] if n < len(hears) else 0.0
            turn.heard_facts += self.hears(sentence, share)
        return turn

    def said(self, text: str) -> UserSaid:
        """The next turn's words, with their place in the call."""
        start = self.ms
        self.ms += 300 * max(len(text.split()), 1)
        return UserSaid(len(self.turns) + 1, text, start, self.ms, self.at)

    @property
    def verdict(self) -> VerdictReached:
        return next(f for f in reversed(self.facts) if isinstance(f, VerdictReached))

    def known(self, criterion: str) -> list[str]:
        """Standing values of a criterion."""
        return [s.value for s in self.state.active if s.criterion == criterion]
