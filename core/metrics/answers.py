"""How often the agent answers wrongly or defers needlessly, by colleagues' checks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.metrics.estimate import Estimate, wilson

Gave = Literal["answer", "deferral"]
Check = Literal["right", "false", "needless", ""]
"""`false`: the answer is wrong. `needless`: deferred although approved knowledge answers it. Empty:
the check was withdrawn."""
WRONG: dict[Gave, Check] = {"answer": "false", "deferral": "needless"}
"""The wrong outcomes of an answer and of a deferral."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One buyer's question, the agent's response and a colleague's check of it."""

    gave: Gave
    right: bool
    corrected: bool
    """Whether somebody wrote the right answer."""
    drawn: bool
    """Whether the conversation was drawn at random rather than picked."""


@dataclass(frozen=True, slots=True)
class Wrongs:
    """How many of one kind were wrong."""

    share: Estimate | None
    """Estimated from randomly drawn conversations; None if none of these was checked."""
    checked: int
    wrong: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What the checks say about a period's answers and deferrals."""

    false: Wrongs
    needless: Wrongs


def answers(every: Sequence[Checked]) -> Answers:
    """The counts; only randomly drawn ones give the estimates."""
    return Answers(*(_wrongs([c for c in every if c.gave == gave]) for gave in WRONG))


def _wrongs(some: Sequence[Checked]) -> Wrongs:
    drawn = [c for c in some if c.drawn]
    wrong = [c for c in some if not c.right]
    return Wrongs(
        wilson(sum(not c.right for c in drawn), len(drawn)) if drawn else None,
        len(some), len(wrong), sum(c.corrected for c in wrong),
    )  # fmt: skip
