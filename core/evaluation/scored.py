"""The score of one conversation: counts, and every single miss."""

from collections import defaultdict
from dataclasses import dataclass, field

from core.evaluation.lines import Log
from core.evaluation.run import Held
from core.evaluation.tally import Detection, Tally


@dataclass(frozen=True, slots=True)
class Miss:
    """One unmet expectation. `turn` is 0 when it concerns the whole conversation."""

    kind: str
    expected: str
    found: str
    turn: int = 0


@dataclass
class Scored:
    """All counts of one conversation, and its misses."""

    held: Held
    log: Log
    signals: dict[str, Detection] = field(default_factory=lambda: defaultdict(Detection))
    guesses: Tally = field(default_factory=Tally)
    """Implied signals, and how many of them the author also lists."""
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    invariants: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    gives: int = 0
    asks: int = 0
    asks_before_value: int | None = None
    """Questions about the buyer before the first answer; None if nothing was answered."""
    misses: list[Miss] = field(default_factory=list)

    def check(self, name: str, right: bool, expected: object, found: object, turn: int = 0) -> None:
        """Count one expectation, and keep it if missed."""
        self.tallies[name].add(right)
        if not right:
            self.miss(name, expected, found, turn)

    def miss(self, kind: str, expected: object, found: object, turn: int = 0) -> None:
        """Keep an unmet expectation."""
        self.misses.append(Miss(kind, str(expected), str(found), turn))
