"""What nurture needs from outside."""

from typing import Protocol

from core.store.nurture_tables import NurtureRow
from voice_agent.errors import ServiceError


class NurtureFailed(ServiceError):
    """The marketing system did not accept it; `final`: it never will. `after_s`: the delay it asks
    for."""

    code = "nurture-failed"

    def __init__(self, why: str, *, final: bool = False, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retryable = not final
        self.after_s = after_s


class Nurture(Protocol):
    """A marketing system that keeps in touch with buyers."""

    async def put(self, row: NurtureRow) -> None:
        """Send the present state of an enrolment; a retry changes nothing. Raises:
        NurtureFailed."""
