"""What all of a server's chats share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge

from core.clock import Clock
from core.metrics.invitations import Met
from voice_agent.channels.events import WrittenLine
from voice_agent.channels.writing import Writing


class TranscriptMail(Protocol):
    """Mails a conversation to its visitor."""

    async def send_transcript(self, address: str, lines: Sequence[WrittenLine]) -> bool:
        """Queue it; False when the address is not one. Raises: StoreFailed."""


class Tally(Protocol):
    """Counts what becomes of invitations, anonymously."""

    async def count(self, rule: str, what: Met) -> None:
        """Add one. Raises: StoreFailed."""


class ChatMetrics:
    """Metrics of the website chat."""

    def __init__(self, registry: CollectorRegistry) -> None:
        prefix = "voice_agent_chat_"
        self.open_sockets = 0
        self._sockets = Gauge(
            prefix + "sockets", "Open chat sockets", registry=registry, multiprocess_mode="livesum"
        )
        self.messages = Counter(prefix + "messages", "Messages taken", registry=registry)
        self.invitations = Counter(
            prefix + "invitations", "Invitations of the chat", ["rule", "what"], registry=registry
        )
        self.refused = Counter(
            prefix + "refused", "Requests, sockets and messages refused", ["why"], registry=registry
        )

    def opened(self, change: int) -> None:
        """One socket more, or less."""
        self.open_sockets += change
        self._sockets.set(self.open_sockets)


@dataclass(frozen=True, slots=True)
class ChatServices:
    """`key` signs sessions. `public_url` is empty where only local pages reach us. `mail` is None
    when no mail can be sent, `tally` when nothing is counted."""

    writing: Writing
    key: bytes
    clock: Clock
    public_url: str
    metrics: ChatMetrics
    mail: TranscriptMail | None = None
    tally: Tally | None = None
