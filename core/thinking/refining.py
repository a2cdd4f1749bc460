"""A model's reading of a turn, and what it still changes when it arrives after the reply was
planned.

The embedded reading is available at once, and the reply is planned on it. A model's reading is used
for the reply if it arrives in time; otherwise it is entered as what the buyer said, with its quote,
and nothing is answered again.
"""

from dataclasses import dataclass, replace

import anyio

from core.commands import (
    Command,
    DeclineRecording,
    OptOut,
    ProvideContact,
    ProvideSignal,
    RequestHuman,
)
from core.conversation.reduce import enter
from core.conversation.state import ConversationState
from core.conversation.words.named import MULTIPLE
from core.events import Fact, Noted
from core.talk import UserSaid

FIRM = 0.7
"""A standing signal at least this sure is not replaced by a late one."""


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What a model read in one turn; `dropped` gives the reason for each rejected item."""

    said: UserSaid
    commands: tuple[Command, ...] = ()
    dropped: tuple[str, ...] = ()
    failed: str = ""

    def noted(self, *, late: bool) -> Noted:
        """The log entry for it."""
        data: dict[str, object] = {
            "turn": self.said.turn,
            "late": late,
            "kept": len(self.commands),
            "dropped": list(self.dropped),
            "failed": self.failed,
        }
        return Noted("model_reading", data)


class PendingReading:
    """A reading in progress. The channel sets it once; the reply may wait for it briefly."""

    def __init__(self, reading: ModelReading | None = None) -> None:
        self.reading = reading
        self.used = False
        """Whether the reply was planned on it."""
        self._there = anyio.Event()
        if reading is not None:
            self._there.set()

    def set(self, reading: ModelReading) -> None:
        """Deliver the reading."""
        self.reading = reading
        self._there.set()

    async def wait(self, seconds: float) -> ModelReading | None:
        """The reading, or None if it does not arrive in time."""
        with anyio.move_on_after(seconds):
            await self._there.wait()
        return self.reading


def refined(
    state: ConversationState, reading: ModelReading, exact: frozenset[str]
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with what a late reading adds, and the facts. `exact`: criteria that code reads.

    Facts about the buyer are entered under the turn in which they were said. A request for a
    person, an opt-out or a refusal to be recorded is kept for the next turn, which must act on it.
    """
    told = [c for c in reading.commands if _adds(c, state, exact)]
    after, facts = enter(state, reading.said, tuple(told))
    asked = tuple(c for c in reading.commands if _still_asks(c, state))
    if asked:
        after = replace(after, late=(*after.late, *asked))
    return after, (*facts, reading.noted(late=True))


def _adds(command: Command, state: ConversationState, exact: frozenset[str]) -> bool:
    match command:
        case ProvideSignal(_, criterion, value, polarity):
            standing = [s for s in state.signals.active if s.criterion == criterion]
            if any(s.value.lower() == value.lower() for s in standing):
                return polarity == "negative" and all(s.polarity != "negative" for s in standing)
            if criterion in MULTIPLE:
                return True
            firm = [s for s in standing if s.basis == "stated" and s.confidence >= FIRM]
            return not standing or (criterion not in exact and not firm)
        case ProvideContact(_, field):
            return field in ("name", "company") and state.signals.value(field) is None
        case _:
            return False


def _still_asks(command: Command, state: ConversationState) -> bool:
    match command:
        case RequestHuman():
            return not state.wants.human
        case OptOut():
            return not state.ending.opted_out
        case DeclineRecording():
            return state.recording.consent != "declined"
        case _:
            return False
