"""`voice-agent check` of how buyers reach us: our address, numbers at Twilio, mail servers."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx

from knowledge.hosts import LOOPBACK
from knowledge.profile import Company
from voice_agent.channels.email.imap import MailboxFailed, tried
from voice_agent.channels.email.settings import Account, mail_settings
from voice_agent.channels.email.smtp import NotSent, Smtp
from voice_agent.config import Settings
from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.numbers import Number, Numbers, changes, in_the_way, wanted

Said = Callable[[str, str], None]
"""Takes a report line: its level (ok, warning or error) and text."""
WITHIN_S = 10.0
NOT_PUBLIC = (
    "VOICE_AGENT_PUBLIC_URL is not set: all right for trying it out on this machine. Before Twilio "
    "calls it, or mails carry links, set it to the https address under which the internet reaches "
    "this server, such as https://agent.example.com (docs/telephone.md)"
)


def public(settings: Settings) -> Iterator[tuple[str, str]]:
    """Whether the internet reaches this server, and only as intended: levels and texts."""
    if not settings.public_url:
        online = settings.twilio_account_sid or settings.email_address
        yield "warning" if online else "ok", NOT_PUBLIC
        return
    if urlsplit(settings.public_url).scheme != "https":
        yield "error", f"VOICE_AGENT_PUBLIC_URL must be https, found {settings.public_url!r}"
    if not settings.twilio_auth_token.get_secret_value():
        yield (
            "error",
            ("TWILIO_AUTH_TOKEN is not set: calls are refused, nothing proves they are Twilio's"),
        )
    if settings.host not in LOOPBACK and not settings.trusted_proxies:
        yield (
            "warning",
            (
                "VOICE_AGENT_TRUSTED_PROXIES is not set: behind a proxy of another host all "
                "visitors count as one, and share the limits of sign-in and chat"
            ),
        )


async def twilio(
    settings: Settings, company: Company, _client: httpx.AsyncClient, said: Said
) -> None:
    """Whether the account is ours and its numbers reach this server. Raises: VoiceAgentError."""
    token = settings.twilio_auth_token.get_secret_value()
    if not (settings.twilio_account_sid and token):
        return

    def asked() -> list[Number]:
        return Numbers(settings.twilio_account_sid, token, settings.twilio_api_url).all()

    try:
        with anyio.fail_after(WITHIN_S):
            there = await anyio.to_thread.run_sync(asked, abandon_on_cancel=True)
    except TimeoutError as error:
        raise TelephonyFailed(f"Twilio did not answer within {WITHIN_S:.0f} s") from error
    by_number = {number.number: number for number in there}
    for ours in company.numbers:
        found = by_number.get(ours)
        if found is None:
            told = ", ".join(by_number) or "none"
            said("warning", f"Twilio: {ours} is no number of this account, which has {told}")
        elif why := in_the_way(found):
            said("error", f"Twilio: {why}")
        elif settings.public_url and changes(found, wanted(settings.public_url)):
            remedy = f"run `voice-agent twilio setup {ours}`"
            said("error", f"Twilio: calls to {ours} do not come to this server; {remedy}")
        else:
            said("ok", f"Twilio: {ours} is of this account")


async def smtp(settings: Settings, _: Company, _client: httpx.AsyncClient, said: Said) -> None:
    """Whether the mail server accepts our sign-in; sends nothing. Raises: ConfigError."""
    mail = mail_settings(settings, b"")
    if mail is None or mail.smtp is None:
        return
    try:
        with anyio.fail_after(WITHIN_S):
            await Smtp(mail.smtp).greet()
    except TimeoutError:
        said("error", f"outgoing mail: {_at(mail.smtp)} did not answer within {WITHIN_S:.0f} s")
    except NotSent as error:
        said("error", f"outgoing mail: {_at(mail.smtp)}: {error}; correct VOICE_AGENT_EMAIL_SMTP")
    else:
        said("ok", f"outgoing mail: {_at(mail.smtp)} lets us in")


async def imap(settings: Settings, _: Company, _client: httpx.AsyncClient, said: Said) -> None:
    """Whether the mailbox can be opened; touches no mail. Raises: ConfigError."""
    mail = mail_settings(settings, b"")
    if mail is None or mail.imap is None:
        return
    account = mail.imap
    try:
        with anyio.fail_after(WITHIN_S):
            await anyio.to_thread.run_sync(lambda: tried(account), abandon_on_cancel=True)
    except TimeoutError:
        said("error", f"mailbox: {_at(account)} did not answer within {WITHIN_S:.0f} s")
    except MailboxFailed as error:
        said("error", f"mailbox: {_at(account)}: {error}; correct VOICE_AGENT_EMAIL_IMAP")
    else:
        said("ok", f"mailbox: {account.folder or 'INBOX'} at {_at(account)} can be read")


def _at(account: Account) -> str:
    return f"{account.host}:{account.port}"
