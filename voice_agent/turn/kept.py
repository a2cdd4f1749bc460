"""A turn machine that records its inputs and actions, so that they can be replayed.

Only the number of digits is kept, not which: the floor depends on nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, get_args

from core.replay.lines import kinds
from voice_agent.turn import events as ev
from voice_agent.turn.lexicon import TEENS, TENS
from voice_agent.turn.machine import TurnMachine

Keep = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class MachineBegan:
    """A machine started afresh; `turn` is the number of its first turn."""

    turn: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A tick was due at this instant when the next input came."""

    at: float


FLOOR = kinds(MachineBegan, Overdue, *get_args(ev.TurnInput), *get_args(ev.TurnAction))
"""The vocabulary of turn-taking in a pack of kept lines."""


class KeptMachine:
    """Feeds a `TurnMachine`, and records its inputs and actions in order."""

    def __init__(self, turn: int, keep: Keep) -> None:
        self._machine = TurnMachine(turn=turn)
        self._keep = keep
        keep(MachineBegan(turn))

    @property
    def turn(self) -> int:
        """The number of the next `EndTurn`."""
        return self._machine.turn

    def deadline(self) -> float | None:
        """Call-clock second at which a Tick is due; None when none is."""
        return self._machine.deadline()

    def feed(self, event: ev.TurnInput) -> list[ev.TurnAction]:
        """Advance by one event; return actions in the order to perform them."""
        due = self._machine.deadline()
        if due is not None and due <= ev.known_at(event):
            self._keep(Overdue(due))
        self._keep(event)
        actions = self._machine.feed(event)
        for action in actions:
            self._keep(action)
        return actions


_SAID = {word: "two" for word in "two three four five six seven eight nine".split()}
_SAID |= {word: "twenty" for word in TENS} | {word: "fifteen" for word in TEENS}
_WORD = re.compile(r"[^\W\d_]+|[02-9]")
"""Ones and zeros stay: a number beginning with a one is longer, and an "oh" may be no digit."""


def masked(line: Any) -> Any:
    """A line as it may be stored."""
    match line:
        case ev.TextHeard():
            return replace(line, text=_mask(line.text), unended=_mask(line.unended))
        case ev.EndTurn():
            return replace(line, text=_mask(line.text), digits=_keys(line.digits))
        case ev.Understood() | ev.Consider() | ev.Speculate() | ev.DiscardUtterance():
            return replace(line, text=_mask(line.text))
        case ev.KeyPressed():
            return replace(line, digit=_keys(line.digit))
        case _:
            return line


def _mask(text: str) -> str:
    return _WORD.sub(_unsaid, text)


def _unsaid(found: re.Match[str]) -> str:
    word = found.group()
    return "2" if word.isdigit() and word != "0" else _SAID.get(word.lower(), word)


_keys = partial(re.sub, "[1-9]", "2")
