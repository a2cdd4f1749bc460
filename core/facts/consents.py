"""Facts about what a buyer was told and agreed to: our words and theirs, with their place.

Milliseconds are the end of ours, as confirmed played on the phone, and the beginning of theirs.
"""

from dataclasses import dataclass
from typing import Literal

Consented = Literal["given", "declined", "unknown"]
How = Literal["", "notice", "word", "key", "unanswered", "place"]
"""By continuing after the notice; in words; by a key; without a clear answer; or withdrawn because
the buyer named a place with a stricter rule."""


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """How this conversation may be recorded, and the places whose rules decide it."""

    mode: str
    places: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """`words`: the buyer's; `asked`: what they had heard from us, if anything."""

    kind: Literal["recording", "contact"]
    state: Consented
    words: str
    at_ms: int
    how: How = ""
    asked: str = ""
    asked_ms: int = 0


@dataclass(frozen=True, slots=True)
class DisclosureHeard:
    """The AI disclosure, heard to its end."""

    at_ms: int
    words: str = ""
