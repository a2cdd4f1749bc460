"""Facts of what a buyer was told and what they agreed to: our words and theirs, with their place.

Milliseconds are of the end of ours as the telephone confirmed them to be played, and of the
beginning of theirs.
"""

from dataclasses import dataclass
from typing import Literal

Consented = Literal["given", "declined", "unknown"]
How = Literal["", "notice", "word", "key", "unanswered", "place"]
"""By going on after the notice; in words; by a key; without a clear answer; or taken back, because
the buyer told of a place with a stricter rule."""


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """How this conversation may be recorded, and by which places' rules."""

    mode: str
    places: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """`words` are the buyer's; `asked` what they had heard of us, when anything was."""

    kind: Literal["recording", "contact"]
    state: Consented
    words: str
    at_ms: int
    how: How = ""
    asked: str = ""
    asked_ms: int = 0


@dataclass(frozen=True, slots=True)
class DisclosureHeard:
    """That it is an AI, in words that were heard to their end."""

    at_ms: int
    words: str = ""
