"""What a call needs of the telephone company besides its media stream."""

from typing import Protocol

from voice_agent.errors import PeerError


class PeerGone(PeerError):
    """Nobody takes what we send; `reason` says how the stream was lost."""

    code = "peer-gone"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallControl(Protocol):
    """Commands to a call that is going on."""

    async def hang_up(self, call_sid: str) -> None:
        """End the call; one that has already ended is no error. Raises: TelephonyFailed."""

    async def redirect(self, call_sid: str, twiml: str) -> None:
        """Continue the call with this TwiML; its media stream stops. Raises: TelephonyFailed."""


class NoCallControl:
    """For servers without telephone credentials: closing the socket is all there is."""

    async def hang_up(self, call_sid: str) -> None:
        """Nothing to do: the call ends with its stream."""

    async def redirect(self, call_sid: str, twiml: str) -> None:
        """Not possible without credentials; the call ends with its stream."""
