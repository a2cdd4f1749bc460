"""Sends mail through the company's mail server (aiosmtplib)."""

import logging
import ssl
from typing import Any, Protocol

from voice_agent.channels.email.settings import Account

log = logging.getLogger(__name__)
TIMEOUT_S = 30.0


class NotSent(Exception):
    """The mail server did not accept it; `final`: it never will.

    Only a refusal of the recipient or of the words is final: one of the connection, of our account
    or of our address is ours to set right, and the mail waits.
    """

    def __init__(self, why: str, *, final: bool) -> None:
        super().__init__(why)
        self.final = final


class Sender(Protocol):
    """Anything that sends a finished mail."""

    async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
        """Return once it is accepted for the recipient. Raises: NotSent, and then no copy was
        sent."""


class Smtp:
    """The configured mail server; one connection per mail."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def greet(self) -> None:
        """Sign in and disconnect, sending nothing. Raises: NotSent."""
        import aiosmtplib

        server = aiosmtplib.SMTP(**self._server())
        try:
            async with server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"{type(error).__name__}: {error}", final=False) from error

    async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
        """Return once the server has accepted it. Raises: NotSent, and then no copy was sent."""
        import aiosmtplib

        server = aiosmtplib.SMTP(**self._server())
        try:
            async with server:
                await server.mail(sender)
                await server.rcpt(recipient)
                for copy in copies:
                    try:
                        await server.rcpt(copy)
                    except aiosmtplib.SMTPRecipientRefused as error:
                        log.warning("a copy is not sent: %s", error)
                await server.data(raw)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise NotSent(f"signing in failed: {error}", final=False) from error
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            raise NotSent(str(error), final=error.code >= 500) from error
        except aiosmtplib.SMTPResponseException as error:
            told = f"the mail server refuses us: {error}; see VOICE_AGENT_EMAIL_SMTP"
            raise NotSent(told, final=False) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"{type(error).__name__}: {error}", final=False) from error

    def _server(self) -> dict[str, Any]:
        """Connection arguments for aiosmtplib."""
        account = self._account
        return {
            "hostname": account.host,
            "port": account.port,
            "username": account.user or None,
            "password": account.password or None,
            "use_tls": account.tls == "tls",
            "start_tls": account.tls == "starttls",
            "tls_context": ssl.create_default_context() if account.tls != "none" else None,
            "timeout": TIMEOUT_S,
        }
