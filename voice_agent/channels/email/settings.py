"""The mail channel's settings, checked; an error names the remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import SecretStr

from knowledge.hosts import LOOPBACK
from voice_agent.channels.email.message import parties
from voice_agent.channels.email.thread import ID_CHARS, MAC_CHARS
from voice_agent.errors import ConfigError

LONGEST_LOCAL = 64 - len("+") - ID_CHARS - MAC_CHARS
"""Letters before the @ of our address that leave room for a thread's token (RFC 5321, 4.5.3)."""
Tls = Literal["tls", "starttls", "none"]


class Configured(Protocol):
    """The settings needed here."""

    email_address: str
    email_smtp: SecretStr
    email_imap: SecretStr
    email_listen: str
    email_inbound_secret: SecretStr
    email_authserv_id: str
    email_approval: bool
    email_forms: str
    email_replies_per_hour: int
    public_url: str


@dataclass(frozen=True, slots=True)
class Account:
    """A server and its credentials; no user means no sign-in."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Settings of the mail channel. `secret` signs addresses and links."""

    address: str
    secret: bytes
    public_url: str = ""
    smtp: Account | None = None
    imap: Account | None = None
    listen: tuple[str, int] | None = None
    inbound_secret: str = ""
    authserv_id: str = ""
    approval: bool = False
    forms: tuple[str, ...] = ()
    replies_per_hour: int = 10


def mail_settings(settings: Configured, secret: bytes) -> MailSettings | None:
    """The channel's settings; None when no address is set. Raises: ConfigError."""
    if not settings.email_address:
        return None
    address = _addresses("VOICE_AGENT_EMAIL_ADDRESS", settings.email_address)[0]
    if "+" in address:
        raise ConfigError(
            f"VOICE_AGENT_EMAIL_ADDRESS is {address!r}: give it without a plus part, which tells"
            " threads apart"
        )
    if address.index("@") > LONGEST_LOCAL:
        raise ConfigError(
            f"VOICE_AGENT_EMAIL_ADDRESS is {address!r}: take one with at most {LONGEST_LOCAL}"
            " characters before the @, so that a thread's token has room after them"
        )
    smtp = settings.email_smtp.get_secret_value()
    imap = settings.email_imap.get_secret_value()
    return MailSettings(
        address=address,
        secret=secret,
        public_url=settings.public_url,
        smtp=_account("VOICE_AGENT_EMAIL_SMTP", smtp, {"smtp": 587, "smtps": 465})
        if smtp
        else None,
        imap=_account("VOICE_AGENT_EMAIL_IMAP", imap, {"imap": 143, "imaps": 993})
        if imap
        else None,
        listen=_listen(settings.email_listen) if settings.email_listen else None,
        inbound_secret=settings.email_inbound_secret.get_secret_value(),
        authserv_id=settings.email_authserv_id.strip().lower(),
        approval=settings.email_approval,
        forms=tuple(_addresses("VOICE_AGENT_EMAIL_FORMS", settings.email_forms))
        if settings.email_forms
        else (),
        replies_per_hour=settings.email_replies_per_hour,
    )


def _addresses(setting: str, value: str) -> Sequence[str]:
    found = [party.address for party in parties(value)]
    if len(found) != len([part for part in value.split(",") if part.strip()]) or not found:
        raise ConfigError(f"{setting} is {value!r}: write it as name@domain")
    return found


def _account(setting: str, url: str, ports: dict[str, int]) -> Account:
    """An account from `scheme://user:password@host:port/folder?tls=none`. Raises: ConfigError."""
    scheme = "|".join(ports)
    remedy = (
        f"write {setting} as {scheme}://user:password@host:port, with special"
        " characters of user and password percent-encoded"
    )
    try:
        parts: SplitResult = urlsplit(url)
        host, port = parts.hostname or "", parts.port or ports.get(parts.scheme, 0)
    except ValueError as error:
        raise ConfigError(remedy) from error
    if parts.scheme not in ports or not host:
        raise ConfigError(remedy)
    wanted = parse_qs(parts.query).get("tls", ["tls" if parts.scheme.endswith("s") else "starttls"])
    if wanted[0] == "none" and parts.password and host not in LOOPBACK:
        raise ConfigError(f"{setting} would send a password in the clear: leave out tls=none")
    kinds: dict[str, Tls] = {"tls": "tls", "starttls": "starttls", "none": "none"}
    if wanted[0] not in kinds:
        raise ConfigError(f"{setting}: tls is tls, starttls or none")
    return Account(
        host, port, kinds[wanted[0]], unquote(parts.username or ""), unquote(parts.password or ""),
        unquote(parts.path.strip("/")),
    )  # fmt: skip


def _listen(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ConfigError(f"VOICE_AGENT_EMAIL_LISTEN is {value!r}: write it as host:port")
    return host.strip("[]"), int(port)
