"""Google's Calendar API (v3): requests of a service account that acts for each rep.

The account signs a claim (RFC 7523) that names the rep, and gets a token for them if the domain has
delegated that to it. Errors name what an administrator has to do.
"""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.clock import Clock
from core.errors import CalendarFailed
from knowledge.hosts import confidential
from voice_agent.adapters.bearer import Bearer, Token
from voice_agent.adapters.json_wire import Answer, Wire
from voice_agent.errors import ConfigError
from voice_agent.patience import aware

log = logging.getLogger(__name__)
BASE = "https://www.googleapis.com/calendar/v3"
SCOPE = "https://www.googleapis.com/auth/calendar.events"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LASTS = timedelta(hours=1)
"""Longest validity of a signed claim."""
BEFORE = timedelta(seconds=10)
"""A claim is backdated by this, as clocks differ."""
_TOO_MUCH = ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded")
PAUSE_S = 5.0
"""Retry delay after a rate limit that names no time."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Our service account, from its key file."""

    email: str
    client_id: str
    key_id: str
    token_uri: str
    key: Any = field(repr=False)
    """Its private key, as a cryptography object."""


def read_key(path: Path) -> ServiceAccount:
    """The service account of a JSON key file. Raises: ConfigError."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    remedy = "give VOICE_AGENT_GOOGLE_CALENDAR_KEY the JSON key file of a service account"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.get("type") != "service_account":
            raise ConfigError(f"{path} is of type {told.get('type')!r}; {remedy}")
        key = load_pem_private_key(told["private_key"].encode(), None)
        account = ServiceAccount(
            str(told["client_email"]), str(told.get("client_id", "")),
            str(told.get("private_key_id", "")), str(told["token_uri"]), key,
        )  # fmt: skip
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"{path} cannot be read ({why}); {remedy}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path} is no key file of a service account; {remedy}") from error
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(f"{path} has no RSA key; {remedy}")
    if not confidential(account.token_uri):
        raise ConfigError(f"the token_uri in {path} is no https address; {remedy}")
    return account


class Google:
    """Requests to reps' primary calendars. All raise CalendarFailed."""

    def __init__(self, wire: Wire, account: ServiceAccount, clock: Clock, base: str = BASE) -> None:
        from jwt import encode

        self._sign = encode
        self._wire = wire
        self._account = account
        self._clock = clock
        self._base = base.rstrip("/")
        self._ahead = timedelta(0)
        """How far Google's clock is ahead of ours, once an answer has shown it."""
        self._bearers: dict[str, Bearer] = {}

    async def ask(
        self, address: str, method: str, path: str = "", *, tag: str = "", **given: Any
    ) -> Answer:
        """One request to the calendar events of an address; `tag`: only if unchanged since.

        An event that is missing (404, 410), already exists (409) or has changed (412) is no error.
        """
        if address not in self._bearers:
            fetch = partial(self._token, address)
            self._bearers[address] = Bearer(self._wire, fetch, self._clock)
        url = f"{self._base}/calendars/primary/events" + (
            f"/{quote(path, safe='')}" if path else ""
        )
        headers = {"If-Match": tag} if tag else None
        answer = await self._bearers[address].ask(method, url, headers=headers, **given)
        if answer.ok and not isinstance(answer.body, dict):
            raise CalendarFailed("Google answers what is no event")
        if answer.ok or answer.status in (409, 410, 412) or (answer.status == 404 and path):
            return answer
        raise self._refused(answer, address)

    async def _token(self, address: str) -> Token:
        answer = await self._granted(address)
        if not answer.ok and _about_time(answer) and (there := _date(answer)) is not None:
            self._ahead = there - self._clock()
            log.warning("this machine's clock is %s off Google's: set it", self._ahead)
            answer = await self._granted(address)
        if not answer.ok:
            raise self._not_granted(answer, address)
        try:
            return Token(str(answer.body["access_token"]), float(answer.body["expires_in"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CalendarFailed("Google answers a grant without a token") from error

    async def _granted(self, address: str) -> Answer:
        account, now = self._account, self._clock() + self._ahead - BEFORE
        claims = {
            "iss": account.email, "sub": address, "scope": SCOPE, "aud": account.token_uri,
            "iat": int(now.timestamp()), "exp": int((now + LASTS).timestamp()),
        }  # fmt: skip
        signed = self._sign(claims, account.key, "RS256", headers={"kid": account.key_id})
        form = {"grant_type": GRANT, "assertion": signed}
        return await self._wire.ask("POST", account.token_uri, form=form)

    def _not_granted(self, answer: Answer, address: str) -> CalendarFailed:
        code, said = _oauth(answer)
        who = self._account.client_id or self._account.email
        if code in ("unauthorized_client", "access_denied"):
            why = (
                "in the Admin console, under Security, API controls, domain-wide delegation, give"
                f" client {who} the scope {SCOPE}; it can take a day to hold"
            )
        elif _about_time(answer):
            why = "set this machine's clock"
        elif "signature" in said.lower() or code == "invalid_client":
            why = "the key was withdrawn; make a new one for VOICE_AGENT_GOOGLE_CALENDAR_KEY"
        elif code == "invalid_grant":
            why = "is that their address at Google? Correct `email` or `calendar` in company.yaml"
        else:
            why = ""
        told = f"Google gives no token for {address}: {code or answer.status} {said}".rstrip()
        return CalendarFailed(f"{told}{'; ' if why else ''}{why}", retryable=not why)

    def _refused(self, answer: Answer, address: str) -> CalendarFailed:
        reason, said = _reason(answer)
        if reason in _TOO_MUCH:
            wait = self._wire.wait_s(answer.headers) or PAUSE_S
            return CalendarFailed(f"Google is asked too often: {said}", after_s=wait)
        remedies = {
            "accessNotConfigured": "enable the Google Calendar API in the key's project",
            "insufficientPermissions": f"delegate the scope {SCOPE} to the service account",
            "notACalendarUser": "turn Calendar on for them in the Admin console",
            "notFound": "they have no calendar there; correct `calendar` in company.yaml",
            "authError": "make a new key for VOICE_AGENT_GOOGLE_CALENDAR_KEY",
            "forbidden": "they may not write their own calendar; see their settings there",
        }
        why = remedies.get(reason, "")
        told = f"the calendar of {address} at Google answered {answer.status} {reason}: {said}"
        return CalendarFailed(f"{told}{'; ' if why else ''}{why}", retryable=not why)


def _oauth(answer: Answer) -> tuple[str, str]:
    body = answer.body if isinstance(answer.body, dict) else {}
    return str(body.get("error", ""))[:60], str(body.get("error_description", ""))[:200]


def _about_time(answer: Answer) -> bool:
    said = _oauth(answer)[1].lower()
    return "timeframe" in said or "iat" in said.split()


def _date(answer: Answer) -> datetime | None:
    try:
        return aware(parsedate_to_datetime(answer.headers.get("date", "")))
    except ValueError:
        return None


def _reason(answer: Answer) -> tuple[str, str]:
    """Reason and message of the answer's first error."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return "", ""
    first = next((e for e in error.get("errors", ()) if isinstance(e, dict)), {})
    return str(first.get("reason", "")), str(error.get("message", ""))[:200]
