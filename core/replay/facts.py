"""The fact that stores the packed inputs of part of a call."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class InputsKept:
    """The inputs of the turn machine and the engine in part of a call, and their outputs.

    It says no more than the transcript and is deleted with it; of heard digits only their count.
    """

    turns: tuple[int, ...]
    """The turns whose words it may contain."""
    packed: str
    """Empty if a card was given, or the words expired; read by `core.replay.lines`."""


def without_inputs(payload: Mapping[str, Any], turns: Collection[int]) -> dict[str, Any]:
    """A stored one, emptied if it may contain these turns."""
    touched = not {*payload.get("turns", ())}.isdisjoint(turns)
    return {**payload, "packed": ""} if touched else dict(payload)
