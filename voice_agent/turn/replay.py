"""`rerun(lines)`: replays a stored call's turn-taking with today's machine. Pure.

The machine gets the inputs of the time, at the same instants. Where its actions differ, later
inputs are still those of the call as it went; so a first difference may cause others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from core.replay.compare import side_by_side
from core.thinking.understood import Sense
from voice_agent.turn import events as ev
from voice_agent.turn.kept import MachineBegan, Overdue
from voice_agent.turn.machine import TurnMachine

PREPARING = (ev.Settle, ev.Consider, ev.Speculate, ev.DropSpeculation)
"""Actions that nobody hears."""


@dataclass(slots=True)
class Floor:
    """The actions of the time, and today's."""

    then: list[ev.TurnAction] = field(default_factory=list)
    now: list[ev.TurnAction] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Whether every action is the same to the microsecond, inaudible ones included."""
        return self.then == self.now

    def differences(self) -> list[tuple[ev.TurnAction | None, ev.TurnAction | None]]:
        """Decisions that differ to a person, side by side if they are of the same kind."""
        then, now = ([a for a in side if not isinstance(a, PREPARING)]
                     for side in (self.then, self.now))  # fmt: skip
        found: list[tuple[ev.TurnAction | None, ev.TurnAction | None]] = []
        keys = [_noticed(a) for a in then], [_noticed(a) for a in now]
        for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
            if tag != "equal":
                found += side_by_side(then[a:b], now[c:d], type)
        return found


def _noticed(action: ev.TurnAction) -> str:
    """A decision without what nobody notices: a few milliseconds, and the wait for text."""
    if isinstance(action, ev.EndTurn):
        action = replace(action, waited_for_text_s=0.0)
    return repr(replace(action, at=round(action.at, 2)))


def rerun(lines: Iterable[Any]) -> Floor:
    """Replay the turn-taking. `lines`: of the vocabulary `FLOOR`, in the order they were kept."""
    every = list(lines)
    again = _Again(frozenset(_asked(line) for line in every if isinstance(line, ev.Consider)))
    for line in every:
        again.take(line)
    return again.floor


def _asked(line: ev.Understood | ev.Consider) -> tuple[int, str]:
    return line.turn, line.text


class _Again:
    def __init__(self, asked: frozenset[tuple[int, str]]) -> None:
        self.floor = Floor()
        self._machine = TurnMachine()
        self._overdue: float | None = None
        self._ended_then = self._ended_now = 0
        self._asked = asked
        """Which words were asked about at the time: their answer comes, or did not come then."""
        self._senses: dict[str, ev.Understood] = {}
        self._waiting: list[ev.Consider] = []
        self._held: list[ev.PlaybackStarted | ev.PlaybackFinished] = []
        """Playback events of a reply whose turn is not over here yet."""

    def take(self, line: Any) -> None:
        match line:
            case MachineBegan(turn):
                self._machine = TurnMachine(turn=turn)
                self._ended_then = self._ended_now = turn - 1
            case Overdue(at):
                self._overdue = at
            case ev.Understood():
                self._understood(line)
            case _ if isinstance(line, ev.TurnAction):
                self.floor.then.append(line)
                if isinstance(line, ev.EndTurn):
                    self._ended_then = line.turn
            case _:
                self._answer_others()
                self._ticks(ev.known_at(line))
                self._overdue = None
                self._input(line)

    def _ticks(self, until: float) -> None:
        """Ticks due in this machine and not in the one of the time."""
        while (due := self._machine.deadline()) is not None and due < until:
            if due == self._overdue:
                return
            self._feed(ev.Tick(due))

    def _input(self, event: ev.TurnInput) -> None:
        """Feed an input; a reply does not start here before its turn is over here too."""
        match event:
            case ev.PlaybackStarted() | ev.PlaybackFinished():
                if self._held or event.turn > self._ended_now and event.turn == self._ended_then:
                    self._held.append(event)
                else:
                    number = event.turn + self._ended_now - self._ended_then
                    self._feed(replace(event, turn=number))
            case _:
                self._feed(event)

    def _release(self, ended: ev.EndTurn) -> None:
        held, self._held = self._held, []
        for event in held:
            self._feed(replace(event, at=max(event.at, ended.at), turn=ended.turn))

    def _understood(self, event: ev.Understood) -> None:
        """Feed the sense of words, if this machine has asked about them too."""
        self._senses[event.text] = event
        for asked in [one for one in self._waiting if _asked(one) == _asked(event)]:
            self._waiting.remove(asked)
            self._feed(event)

    def _answer_others(self) -> None:
        """Answer requests not made at the time, or made under another number, as far as known."""
        for asked in [one for one in self._waiting if _asked(one) not in self._asked]:
            self._waiting.remove(asked)
            known = self._senses.get(asked.text)
            sense: Sense = known.sense if known is not None else "other"
            self._feed(ev.Understood(asked.at, asked.turn, asked.text, sense))

    def _feed(self, event: ev.TurnInput) -> None:
        ended: ev.EndTurn | None = None
        for action in self._machine.feed(event):
            self.floor.now.append(action)
            if isinstance(action, ev.EndTurn):
                self._ended_now, ended = action.turn, action
            elif isinstance(action, ev.Consider):
                self._waiting.append(action)
        if ended is not None and self._held:
            self._release(ended)
