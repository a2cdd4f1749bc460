"""Timed rules: each fires once its instant is reached; their actions are kept in order."""

from collections.abc import Callable, Sequence

from voice_agent.turn.events import TurnAction

Rule = Callable[[], float | None]
"""Fires if due; else returns the instant at which it will be, None when there is none."""


class Agenda:
    """The machine's processing of one event: the actions so far, and when the next rule is due."""

    def __init__(self) -> None:
        self.due: float | None = None
        self._now = 0.0
        self._fired = False
        self._actions: list[TurnAction] = []

    def do(self, action: TurnAction) -> None:
        """Append an action."""
        self._actions.append(action)
        self._fired = True

    def reached(self, due: float) -> bool:
        """Whether a rule may fire now."""
        reached = self._now >= due
        self._fired = self._fired or reached
        return reached

    def run(self, now: float, rules: Sequence[Rule]) -> list[TurnAction]:
        """Try the rules in order, again from the first after any fired; returns the actions."""
        self._now, self._fired = now, True
        while self._fired:
            self._fired = False
            dues = [due for rule in rules if (due := rule()) is not None]
        self.due = min(dues, default=None)
        actions, self._actions = self._actions, []
        return actions
