"""Admission to the chat: origin and rate of every request, socket and message."""

import anyio
from starlette.requests import HTTPConnection

from voice_agent.allowance import Allowance, address_key
from voice_agent.channels.chat.origins import allowed
from voice_agent.channels.chat.services import ChatServices

MOST_SOCKETS = 2000
"""Most open sockets on one server."""


class Doors:
    """The rate limits of one server's chat, kept in memory."""

    def __init__(self, services: ChatServices) -> None:
        self._services = services
        self._sessions = Allowance(30, 2.0)
        self._sockets = Allowance(60, 0.5)
        self._messages = Allowance(6, 1.5)
        self._crowd = Allowance(60, 0.3)
        self._mails = Allowance(2, 600.0)
        self._invitations = Allowance(60, 0.5)

    def welcome(self, connection: HTTPConnection) -> bool:
        """Whether the page that sends this may use the chat."""
        origin, host = (connection.headers.get(name) for name in ("origin", "host"))
        services = self._services
        listed = services.writing.loaded.company.chat.origins
        if allowed(origin, host or "", services.public_url, listed):
            return True
        services.metrics.refused.labels("origin").inc()
        return False

    def session_wait(self, connection: HTTPConnection) -> float:
        """Seconds until this address may request a session; 0 for now."""
        return self._counted("sessions", self._sessions.take(_address(connection), _now()))

    def invitation_wait(self, connection: HTTPConnection) -> float:
        """Seconds until this address may request or report invitations; 0 for now."""
        return self._counted("invitations", self._invitations.take(_address(connection), _now()))

    def socket_wait(self, connection: HTTPConnection) -> float:
        """Seconds until this address may open a socket; 0 for now."""
        if self._services.metrics.open_sockets >= MOST_SOCKETS:
            return self._counted("full", 30.0)
        return self._counted("sockets", self._sockets.take(_address(connection), _now()))

    def message_wait(self, connection: HTTPConnection, conversation_id: str) -> float:
        """Seconds until this session may send a message, at the pace of a fast typist, and for an
        office behind one address that of sixty; 0 for now."""
        own = self._messages.take(conversation_id, _now())
        return self._counted("messages", own or self._crowd.take(_address(connection), _now()))

    def mail_wait(self, connection: HTTPConnection) -> float:
        """Seconds until this address may have another conversation mailed; 0 for now."""
        return self._counted("mails", self._mails.take(_address(connection), _now()))

    def _counted(self, door: str, wait_s: float) -> float:
        if wait_s:
            self._services.metrics.refused.labels(door).inc()
        return wait_s


def _now() -> float:
    return anyio.current_time()


def _address(connection: HTTPConnection) -> str:
    return address_key(connection.client.host if connection.client else None)
