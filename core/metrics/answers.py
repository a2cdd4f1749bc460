"""How often the agent answers falsely or puts off in vain, by what colleagues checked. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.metrics.estimate import Estimate, wilson

Gave = Literal["answer", "deferral"]
Check = Literal["right", "false", "needless", ""]
"""`false`: what was answered is not so. `needless`: put off, though approved knowledge has it.
Empty: a check taken back."""
WRONG: dict[Gave, Check] = {"answer": "false", "deferral": "needless"}
"""What an answer and a deferral can be besides right."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One question of a buyer, with what the agent made of it and what a colleague says of that."""

    gave: Gave
    right: bool
    corrected: bool
    """Somebody wrote down what is right."""
    drawn: bool
    """Of a conversation drawn at random, not chosen by somebody."""


@dataclass(frozen=True, slots=True)
class Wrongs:
    """How many of one kind were wrong."""

    share: Estimate | None
    """Estimated from conversations drawn at random; None where none of these was checked."""
    checked: int
    wrong: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What checks say of a period's answers and deferrals."""

    false: Wrongs
    needless: Wrongs

    def told(self) -> dict[str, Any]:
        """JSON-ready; what is not known is null."""
        return asdict(self)


def answers(every: Sequence[Checked]) -> Answers:
    """Count them; those drawn alone tell of the rest."""
    return Answers(*(_wrongs([c for c in every if c.gave == gave]) for gave in WRONG))


def _wrongs(some: Sequence[Checked]) -> Wrongs:
    drawn = [c for c in some if c.drawn]
    wrong = [c for c in some if not c.right]
    return Wrongs(
        wilson(sum(not c.right for c in drawn), len(drawn)) if drawn else None,
        len(some), len(wrong), sum(c.corrected for c in wrong),
    )  # fmt: skip
