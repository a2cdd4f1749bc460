"""One line of a brief and its source: a moment of the conversation, a rule, or both."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.events import Fact, UtteranceRecorded
from core.facts.standing import every


@dataclass(frozen=True, slots=True)
class BriefLine:
    """`rule`: the company rule that decided it, e.g. `playbook phi`; else empty."""

    text: str
    turn: int
    start_ms: int
    rule: str = ""


def moment(facts: Sequence[Fact], turn: int, text: str = "") -> int:
    """When the buyer's words of a turn began, or our sentence containing `text`; milliseconds."""
    lines = [u for u in every(facts, UtteranceRecorded) if u.turn == turn]
    ours = [u for u in lines if u.speaker == "agent" and text and u.text in text]
    theirs = [u for u in lines if u.speaker == "caller"]
    return next((u.start_ms for u in (*ours, *theirs)), 0)


def clock(ms: int) -> str:
    """A position in a recording, e.g. `1:05`."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"
