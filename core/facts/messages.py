"""The fact of a message for the team, in the buyer's own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """What they want somebody of ours to be told, and whose it is to answer."""

    text: str
    turn: int
    at_ms: int
    owner: str
