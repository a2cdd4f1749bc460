"""What telling people needs from outside: ways to reach them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.store.notice_tables import NoticeRow
from voice_agent.errors import ServiceError


class NotDelivered(ServiceError):
    """A notice was not taken; `final`: it never will be. `after_s`: the wait they ask for.

    `said`: the other side's own word for why, where it has one.
    """

    code = "notice-not-delivered"

    def __init__(
        self, why: str, *, final: bool = False, after_s: float | None = None, said: str = ""
    ) -> None:
        super().__init__(why)
        self.said = said
        self.retryable = not final
        self.after_s = after_s


CALL = "callback:"


class Way(Protocol):
    """A way to reach people outside of here."""

    @property
    def name(self) -> str:
        """What its deliveries are kept under."""

    def reaches(self, person: str) -> bool:
        """Whether a person, by their id, can be told this way."""

    async def deliver(self, notice: NoticeRow, ref: Mapping[str, Any]) -> Mapping[str, Any]:
        """Hand a notice over; returns how this way knows it. `ref`: what it returned before, if
        it is shown anew. Raises: NotDelivered, StoreFailed.
        """


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a button: by whom, which act and answer to it, about what."""

    user: str
    user_name: str
    act: str
    """claim, rate, repeated or kept"""
    answer: str
    about: str
    """A conversation's id, or `callback:` and that of a promised call."""
    key: str
    """Tells this press from every other."""
