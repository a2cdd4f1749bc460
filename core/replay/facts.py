"""The fact that holds what a stretch of a call was fed, packed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class InputsKept:
    """What the turn machine and the engine were fed in a stretch of a call, and what they ordered.

    It tells no more than the transcript does and goes with it; of digits heard only how many.
    """

    turns: tuple[int, ...]
    """Whose words it may tell of."""
    packed: str
    """Empty where a card was given, or the words' time is over; read by `core.replay.lines`."""


def without_inputs(payload: Mapping[str, Any], turns: Collection[int]) -> dict[str, Any]:
    """A stored one, empty if it may tell of these turns."""
    touched = not {*payload.get("turns", ())}.isdisjoint(turns)
    return {**payload, "packed": ""} if touched else dict(payload)
