"""Hands a mail to the company's mail server (aiosmtplib)."""

import ssl
from typing import Any, Protocol

from voice_agent.channels.email.settings import Account

TIMEOUT_S = 30.0


class NotSent(Exception):
    """The mail server did not take it; `final`: it never will."""

    def __init__(self, why: str, *, final: bool) -> None:
        super().__init__(why)
        self.final = final


class Sender(Protocol):
    """Whatever takes a finished mail."""

    async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
        """Return once it was taken over. Raises: NotSent."""


class Smtp:
    """The mail server of the settings; a connection for each mail."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def greet(self) -> None:
        """Sign in and go again, sending nothing. Raises: NotSent."""
        import aiosmtplib

        server = aiosmtplib.SMTP(**self._server())
        try:
            async with server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"{type(error).__name__}: {error}", final=False) from error

    async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
        """Return once the server has taken it over. Raises: NotSent."""
        import aiosmtplib

        try:
            await aiosmtplib.send(
                raw, sender=sender, recipients=[recipient, *copies], **self._server()
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise NotSent(str(refused), final=refused.code >= 500) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise NotSent(f"signing in failed: {error}", final=False) from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(str(error), final=error.code >= 500) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"{type(error).__name__}: {error}", final=False) from error

    def _server(self) -> dict[str, Any]:
        """Where and how to connect, in aiosmtplib's words."""
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
