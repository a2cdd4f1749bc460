"""What scoring one conversation yields: counts, and every single thing that was missed."""

from collections import defaultdict
from dataclasses import dataclass, field

from core.evaluation.lines import Log
from core.evaluation.run import Held
from core.evaluation.tally import Detection, Tally


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is not as expected. `turn` is 0 when the whole conversation is meant."""

    kind: str
    expected: str
    found: str
    turn: int = 0


@dataclass
class Scored:
    """All counts of one conversation, and what was missed."""

    held: Held
    log: Log
    signals: dict[str, Detection] = field(default_factory=lambda: defaultdict(Detection))
    guesses: Tally = field(default_factory=Tally)
    """Implied signals, and how many of them the author names too."""
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    invariants: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    gives: int = 0
    asks: int = 0
    asks_before_value: int | None = None
    """Questions about the buyer before the first answer; None when nothing was answered."""
    misses: list[Miss] = field(default_factory=list)

    def check(self, name: str, right: bool, expected: object, found: object, turn: int = 0) -> None:
        """Count one expectation, and keep it when it is missed."""
        self.tallies[name].add(right)
        if not right:
            self.miss(name, expected, found, turn)

    def miss(self, kind: str, expected: object, found: object, turn: int = 0) -> None:
        """Keep what is not as expected."""
        self.misses.append(Miss(kind, str(expected), str(found), turn))
