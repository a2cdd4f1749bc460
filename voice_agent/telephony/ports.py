"""What a call needs from Twilio besides its media stream."""

from dataclasses import dataclass
from typing import Protocol

from voice_agent.errors import PeerError, TelephonyFailed

NO_CREDENTIALS = "no telephone account; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"


class PeerGone(PeerError):
    """Nobody receives what we send; `reason` says how the stream was lost."""

    code = "peer-gone"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""Final states of a call."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """A call to place. All URLs are absolute and under the server's public address."""

    to: str
    caller_id: str
    """A number of the account, shown to the called party."""
    url: str
    """Fetched for TwiML once they answer."""
    status_callback: str = ""
    """Receives initiated, ringing, answered and completed."""
    ring_s: int = 30
    detection_callback: str = ""
    """Receives what answered, during the call; empty: no detection."""


class CallControl(Protocol):
    """Commands to Twilio."""

    async def hang_up(self, call_sid: str) -> None:
        """End the call; one that has already ended is no error. Raises: TelephonyFailed."""

    async def redirect(self, call_sid: str, twiml: str) -> bool:
        """Continue the call with this TwiML; its media stream stops. False when it has ended.

        Raises: TelephonyFailed.
        """

    async def place_call(self, call: Outbound) -> str:
        """Place a call; returns its sid. Raises: TelephonyFailed."""

    async def is_over(self, call_sid: str) -> bool:
        """Whether the call has ended, or never was. Raises: TelephonyFailed."""


class NoCallControl:
    """For servers without Twilio credentials: closing the socket is all that is possible."""

    async def hang_up(self, call_sid: str) -> None:
        """Nothing to do: the call ends with its stream."""

    async def redirect(self, call_sid: str, twiml: str) -> bool:
        """Always raises: TelephonyFailed."""
        raise TelephonyFailed(NO_CREDENTIALS)

    async def place_call(self, call: Outbound) -> str:
        """Always raises: TelephonyFailed."""
        raise TelephonyFailed(NO_CREDENTIALS)

    async def is_over(self, call_sid: str) -> bool:
        """Always raises: TelephonyFailed."""
        raise TelephonyFailed(NO_CREDENTIALS)
