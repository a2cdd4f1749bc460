"""A promised call, its attempts and its states."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal[
    "promised", "claimed", "reminded", "escalated", "attempted", "kept", "broken", "cancelled",
]  # fmt: skip
OVER: tuple[Status, ...] = ("kept", "broken", "cancelled")
"""No further action is due."""

AttemptStatus = Literal[
    "recorded", "placed", "ringing", "answered", "unknown", "over", "busy", "no_answer", "failed",
    "machine", "message_left", "talked",
]  # fmt: skip
UNDER_WAY: tuple[AttemptStatus, ...] = ("recorded", "placed", "ringing", "answered")


@dataclass(frozen=True, slots=True)
class Tried:
    """One outbound call: recorded before it is dialled."""

    at: datetime
    status: AttemptStatus


@dataclass(frozen=True, slots=True)
class Consent:
    """The buyer's answer on whether the AI may call; empty until given."""

    state: str = ""
    question: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised call. Instants are UTC; `version` counts its windows and owners."""

    id: str
    version: int
    status: Status
    start: datetime
    end: datetime
    zone: str
    number: str
    owner: str
    priority: str
    consent: Consent = Consent()
    claimed_by: str = ""
    reminded: bool = False
    escalated: bool = False
    handed_on: bool = False
    """The agent no longer calls: a person does."""
    tried: tuple[Tried, ...] = ()

    @property
    def over(self) -> bool:
        """Whether no further action is due."""
        return self.status in OVER
