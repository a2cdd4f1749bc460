"""Twilio's HTTP requests to a server: form-encoded and signed, with a voice call's fields."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

ANONYMOUS = "+266696687"
"""Twilio's From when the caller withholds the number (it spells ANONYMOUS)."""

TIMEOUT_S = 15.0
"""Twilio's own timeout for a webhook (error 11200)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A webhook's response; `status` 0 means unreachable."""

    url: str
    status: int
    body: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """Caller and called number, E.164."""

    account_sid: str
    call_sid: str
    caller: str
    called: str


def voice_fields(numbers: Numbers, status: str, direction: str = "inbound") -> dict[str, str]:
    """The form fields of every voice request."""
    caller, called = numbers.caller, numbers.called
    fields = {
        "AccountSid": numbers.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": numbers.call_sid,
        "CallStatus": status,
        "Direction": direction,
        "From": caller,
        "To": called,
        "Caller": caller,
        "Called": called,
    }
    for prefix, country in (("From", _country(caller)), ("To", _country(called))):
        for name in ("City", "State", "Zip"):
            fields[prefix + name] = ""
        fields[prefix + "Country"] = country
    for prefix, source in (("Caller", "From"), ("Called", "To")):
        for name in ("City", "State", "Zip", "Country"):
            fields[prefix + name] = fields[source + name]
    return fields


def _country(number: str) -> str:
    return "US" if number.startswith("+1") else "GB" if number.startswith("+44") else ""


class Webhook:
    """Posts to one server. `signed_as`: the public base URL in signatures, when it differs from the
    one dialled (a server behind a proxy)."""

    def __init__(
        self, client: httpx.AsyncClient, base: str, auth_token: str, signed_as: str = ""
    ) -> None:
        from twilio.request_validator import RequestValidator

        self.answers: list[Answer] = []
        self._client = client
        self._base = base.rstrip("/")
        self._public = signed_as.rstrip("/") or self._base
        self._validator = RequestValidator(auth_token) if auth_token else None

    async def post(self, url: str, fields: dict[str, str]) -> Answer:
        """The server's response; relative URLs are resolved; status 0 for an unreachable server."""
        public = urljoin(self._public + "/", url)
        headers = {"User-Agent": "TwilioProxy/1.1", **self.signature(public, fields)}
        try:
            reply = await self._client.post(
                self.local(public), data=fields, headers=headers, timeout=TIMEOUT_S
            )
            kind = reply.headers.get("content-type", "")
            answer = Answer(public, reply.status_code, reply.text, kind)
        except httpx.HTTPError as error:
            answer = Answer(public, 0, f"{type(error).__name__}: {error}", "")
        self.answers.append(answer)
        return answer

    def signature(self, url: str, fields: dict[str, str]) -> dict[str, str]:
        """The signature header; none without an auth token."""
        if self._validator is None:
            return {}
        return {"X-Twilio-Signature": self._validator.compute_signature(url, fields)}

    def local(self, public: str) -> str:
        """The URL really dialled for a public URL: with the host given on the command line.

        A wss:// URL becomes ws:// if that host was given as http://.
        """
        there, base, known = urlsplit(public), urlsplit(self._base), urlsplit(self._public)
        if there.netloc != known.netloc:
            return public
        secure = base.scheme == "https"
        scheme = base.scheme
        if there.scheme in ("ws", "wss"):
            scheme = "wss" if secure else "ws"
        return urlunsplit((scheme, base.netloc, there.path, there.query, ""))
