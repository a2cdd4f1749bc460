"""Turns what the caller was saying when the line was lost into the turn it would have become."""

from typing import Protocol

import anyio

from voice_agent.call.hearing import Hearing
from voice_agent.turn import events as turn

WAIT_S = 2.0
"""For the transcript of the last words."""
SILENCE_S = 3.0
"""Silence after which every turn has ended: fed to the machine without waiting."""


class Machine(Protocol):
    """Who holds the floor."""

    def deadline(self) -> float | None:
        """When a tick is due."""

    def feed(self, event: turn.TurnInput) -> list[turn.TurnAction]:
        """The actions that follow from an event."""


async def last_words(machine: Machine, hearing: Hearing, now: float) -> list[turn.TurnAction]:
    """The machine's actions given silence from now on, without its orders to the voice."""
    found = machine.feed(turn.SpeechStopped(now, now))
    with anyio.move_on_after(WAIT_S):
        hypothesis = await hearing.settle()
        if hypothesis is not None:
            found += machine.feed(hearing.settled(hypothesis, now))
    while (due := machine.deadline()) is not None and due <= now + SILENCE_S:
        found += machine.feed(turn.Tick(due))
        if any(isinstance(action, turn.EndTurn) for action in found):
            break
    wanted = (turn.EndTurn, turn.MergeTurn, turn.CommitInterruption, turn.DiscardUtterance)
    return [action for action in found if isinstance(action, wanted)]
