"""Facts about a caller's transfer to a person, and about the message of one who reached nobody.

Milliseconds count from the start of the conversation.
"""

from dataclasses import dataclass
from typing import Literal

Unreached = Literal[
    "no-answer", "busy", "declined", "nothing-pressed", "failed", "unreachable", "lost",
    "caller-left",
]  # fmt: skip
"""Why a person was not reached. `nothing-pressed`: something answered, perhaps a machine;
`unreachable`: the carrier refused or could not be asked; `lost`: no report came."""


@dataclass(frozen=True, slots=True)
class TransferStarted:
    """The caller heard that they are being transferred; our stream and recording stop meanwhile."""

    transfer_id: str
    rep: str
    mode: Literal["warm", "cold"]
    reason: str
    turn: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class TransferAccepted:
    """The person took the call; we neither hear nor record what follows."""

    transfer_id: str
    rep: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class TransferFailed:
    """The person was not reached; unless the caller hung up, they are back with us."""

    transfer_id: str
    rep: str
    reason: Unreached
    at_ms: int


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The message left after the beep, as transcribed; empty if that failed."""

    text: str
    recording_sid: str
    duration_ms: int
    at_ms: int
