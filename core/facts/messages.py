"""The fact of a message for the team, in the buyer's own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """What the buyer wants to tell one of our people, and who answers it."""

    text: str
    turn: int
    at_ms: int
    owner: str
