"""One turn being entered: the state under construction and the facts found; signals are created
only here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.asking import Offered
from core.conversation.state import ConversationState, replace
from core.conversation.words.named import MULTIPLE
from core.events import Basis, Fact, Flagged, Polarity, SignalCaptured
from core.talk import Span, UserSaid
from knowledge.entry import Answer, NoAnswer

Found = Mapping[str, Answer | NoAnswer]
"""What knowledge returns for each question of this turn, by its text."""


@dataclass
class Turn:
    """The state under construction for one turn, and the facts found."""

    state: ConversationState
    said: UserSaid
    found: Found
    facts: list[Fact] = field(default_factory=list)
    captured: int = 0
    """How many signals the turn has created so far."""

    def set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def wants(self, **changes: object) -> None:
        """Whom they want to talk to, and when."""
        self.set(wants=replace(self.state.wants, **changes))  # type: ignore[arg-type]

    def awaits(self, **changes: object) -> None:
        """What we still wait to be answered."""
        self.set(awaited=replace(self.state.awaited, **changes))  # type: ignore[arg-type]

    def asks(self, **changes: object) -> None:
        """What may be asked about them."""
        self.set(asks=replace(self.state.asks, **changes))  # type: ignore[arg-type]

    def refuse(self, *offers: Offered) -> None:
        """Proposals they declined."""
        made = self.state.proposals
        self.set(proposals=replace(made, refused=(*made.refused, *offers)))

    def flag(self, kind: str, span: Span, note: str) -> None:
        self.facts.append(Flagged(kind, self.said.turn, span.start_ms, note))

    def entered(self, made: tuple[ConversationState, tuple[Fact, ...]]) -> None:
        """Adopt a new state and its facts."""
        self.state = made[0]
        self.facts += made[1]

    def signal(
        self, span: Span, criterion: str, value: str, confidence: float,
        polarity: Polarity = "positive", basis: Basis = "stated", replaces: bool = False,
    ) -> None:  # fmt: skip
        """Add a signal; a repeat of a standing one is dropped, unless it is surer."""
        state = self.state
        standing = [
            s for s in state.signals.active
            if s.criterion == criterion and (basis == "stated" or s.basis != "enriched")
        ]  # fmt: skip
        same = [s for s in standing if s.value == value and s.polarity == polarity]
        if any(s.basis == basis or s.basis == "stated" for s in same) and confidence < 0.99:
            return
        old = same or [s for s in standing if replaces or not self._coexists(s, value)]
        if old and basis == "implied" and not same and criterion not in MULTIPLE:
            return
        self.captured += 1
        made = SignalCaptured(
            f"s{self.said.turn}.{self.captured}", criterion, value, polarity, basis, confidence,
            span.quote, self.said.turn, span.start_ms, span.end_ms,
            supersedes=old[-1].signal_id if old else None,
        )  # fmt: skip
        gone = frozenset(s.signal_id for s in old)
        self.set(signals=state.signals.adding(made, gone))
        self.facts.append(made)
        if self.state.awaited.ask == criterion:
            self.awaits(ask=None)

    def _coexists(self, standing: SignalCaptured, value: str) -> bool:
        return standing.criterion in MULTIPLE and standing.value != value
