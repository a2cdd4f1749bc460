"""What the parts of a call may request from the session that runs them."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVarTuple

from core.events import Fact
from core.reply import Action
from voice_agent.turn.events import TurnInput

Ts = TypeVarTuple("Ts")
Work = Callable[[*Ts], Coroutine[Any, Any, object]]


class Write(Protocol):
    """Puts facts into the conversation's log."""

    def __call__(self, *facts: Fact) -> None:
        """Return at once; the facts are committed together."""


class Spawn(Protocol):
    """Runs work in the call's tasks."""

    def __call__(self, work: Work[*Ts], *arguments: *Ts) -> None:
        """Return at once; the work is cancelled when the call ends."""


@dataclass(frozen=True, slots=True)
class Host:
    """The session of one call. Nothing here waits."""

    turn: Callable[[], int]
    """The number of the current turn."""
    feed: Callable[[TurnInput], None]
    """Feeds the turn machine."""
    write: Write
    spawn: Spawn
    wake: Callable[[], None]
    """Sends what is due now."""
    leave: Callable[[Action], None]
    """Transfers the caller to a person."""
    finish: Callable[[str], None]
    """Ends the call for a reason."""
