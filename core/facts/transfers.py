"""Facts of a caller being put through to a person, and of the message of one who reached nobody.

Milliseconds count from the start of the conversation.
"""

from dataclasses import dataclass
from typing import Literal

Unreached = Literal[
    "no-answer", "busy", "declined", "nothing-pressed", "failed", "unreachable", "lost",
    "caller-left",
]  # fmt: skip
"""Why a person was not reached. `nothing-pressed`: something answered, perhaps a machine;
`unreachable`: the telephone company refused or could not be asked; `lost`: nobody told."""


@dataclass(frozen=True, slots=True)
class TransferStarted:
    """The caller heard that they are put through; our stream and our recording stop meanwhile."""

    transfer_id: str
    rep: str
    mode: Literal["warm", "cold"]
    reason: str
    turn: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class TransferAccepted:
    """The person took the call; we hear and record nothing of what follows."""

    transfer_id: str
    rep: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class TransferFailed:
    """The person was not reached; unless the caller left, they are back with us."""

    transfer_id: str
    rep: str
    reason: Unreached
    at_ms: int


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """What a caller left after the beep, as it was transcribed; empty where it could not be."""

    text: str
    recording_sid: str
    duration_ms: int
    at_ms: int
