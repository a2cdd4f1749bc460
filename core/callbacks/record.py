"""A promised call as it stands, and the words of its states."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal[
    "promised", "claimed", "reminded", "escalated", "attempted", "kept", "broken", "cancelled",
]  # fmt: skip
OVER: tuple[Status, ...] = ("kept", "broken", "cancelled")
"""Nothing more is to be done."""

AttemptStatus = Literal[
    "recorded", "placed", "ringing", "answered", "unknown", "over", "busy", "no_answer", "failed",
    "machine", "message_left", "talked",
]  # fmt: skip
UNDER_WAY: tuple[AttemptStatus, ...] = ("recorded", "placed", "ringing", "answered")


@dataclass(frozen=True, slots=True)
class Tried:
    """One call of ours: written down before it is dialled."""

    at: datetime
    status: AttemptStatus


@dataclass(frozen=True, slots=True)
class Consent:
    """What the buyer answered when asked whether the AI may call; empty while they did not."""

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
    """The agent does not call any more: a person does."""
    tried: tuple[Tried, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.status in OVER
