"""What notices need from outside: channels that reach people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.store.notice_tables import NoticeRow
from voice_agent.errors import ServiceError


class NotDelivered(ServiceError):
    """A notice was not accepted; `final`: it never will be. `after_s`: the delay they ask for.

    `said`: the other side's own error code, if it has one.
    """

    code = "notice-not-delivered"

    def __init__(
        self, why: str, *, final: bool = False, after_s: float = 0.0, said: str = ""
    ) -> None:
        super().__init__(why)
        self.said = said
        self.retryable = not final
        self.after_s = after_s


CALL = "callback:"


class Way(Protocol):
    """A channel that reaches people outside this server."""

    @property
    def name(self) -> str:
        """The name its deliveries are stored under."""

    def reaches(self, person: str) -> bool:
        """Whether a person, by id, can be reached on this channel."""

    async def deliver(self, notice: NoticeRow, ref: Mapping[str, Any]) -> Mapping[str, Any]:
        """Deliver a notice; returns the channel's reference to it. `ref`: the reference it returned
        before, if it is an update. Raises: NotDelivered, StoreFailed."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button press: who pressed, which act and answer, about what."""

    user: str
    user_name: str
    act: str
    """claim, rate, repeated or kept"""
    answer: str
    about: str
    """A conversation's id, or `callback:` and a promised call's id."""
    key: str
    """Identifies this press."""
