"""Twilio's REST API on a loopback port: every request is checked against Twilio's API description.

    with TwilioRest("AC…", "token") as rest:
        rest.faults.append("500")            # the next request fails like this
        TwilioCalls("AC…", "token", api_url=rest.url)

Requests that the description does not allow get 400, as from Twilio, and are kept in `refused`;
`validated` counts the valid ones. What they lead to is up to `twilio_account.py`.
"""

import base64
import json
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import urlsplit

import jsonschema
from twilio.http.http_client import TwilioHttpClient

from tests.fakes import twilio_spec as spec
from tests.fakes.loopback import LoopbackServer

Fault = Literal["500", "429", "404", "hang", "ended"]

MAX_TWIML = 4000
DATE = "Tue, 31 Aug 2010 20:36:28 +0000"
FAULTS: dict[str, tuple[int, int, str]] = {
    "hang": (500, 20500, "An internal server error has occurred"),
    "500": (500, 20500, "An internal server error has occurred"),
    "429": (429, 20429, "Too Many Requests"),
    "404": (404, 20404, "The requested resource was not found"),
    "ended": (400, 21220, "Call is not in-progress. Cannot redirect."),
}


@dataclass(frozen=True, slots=True)
class Update:
    """One accepted update of a call."""

    call_sid: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Created:
    """One accepted request to call somebody, and the call it became."""

    call_sid: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kicked:
    """A participant removed from a conference."""

    conference_sid: str
    call_sid: str


Change = Update | Created | Kicked


@dataclass(slots=True)
class Kept:
    """A recording at Twilio: its WAV, and whether it was deleted."""

    wav: bytes
    call_sid: str
    deleted: bool = False
    fetched: int = 0


@dataclass(slots=True)
class State:
    """What the account says about a call when asked."""

    status: str = "in-progress"
    direction: str = "inbound"
    caller: str = "+14155550142"
    called: str = "+18005550100"


class TwilioRest(LoopbackServer):
    """One account. `changed` is called with accepted requests, in the server's thread."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        changed: Callable[[Change], None] = lambda change: None,
    ) -> None:
        self.account_sid = account_sid
        self.updates: list[Update] = []
        self.created: list[Created] = []
        self.refused: list[str] = []
        self.validated = 0
        self.faults: deque[Fault] = deque()
        self.calls: dict[str, State] = {}
        self.recordings: dict[str, Kept] = {}
        self._secret = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._changed = changed
        super().__init__(self._handler())

    def client(self, timeout_s: float = 2.0) -> TwilioHttpClient:
        """An HTTP client for Twilio's library that talks to this server instead."""
        return _Redirected(self.url, timeout_s)

    def answer(self, method: str, path: str, authorization: str, body: str) -> "Answer":
        """The response to one request."""
        fault = self.faults.popleft() if self.faults else None
        if fault == "hang":
            self.let_go.wait()
        if fault in FAULTS:
            return _error(*FAULTS[fault])
        if authorization != f"Basic {self._secret}":
            return _error(401, 20003, "Authenticate")
        path = urlsplit(path).path
        if method == "get" and path.endswith((".wav", ".mp3")):
            return self._media(path)
        meant = spec.operation(method, path)
        if meant is None or meant[1][0] != self.account_sid:
            return _error(404, 20404, f"The requested resource {path} was not found")
        try:
            fields = spec.form(method, meant[0], body)
        except (ValueError, KeyError) as wrong:
            return self._refuse(20001, str(wrong))
        self.validated += 1
        return self._do(method, meant[0], meant[1][1:], fields)

    def _do(
        self, method: str, template: str, sids: tuple[str, ...], fields: dict[str, Any]
    ) -> "Answer":
        match method, template:
            case "post", spec.CALLS:
                return self._create(fields)
            case "post", spec.CALL:
                return self._update(sids[0], fields)
            case "get", spec.CALL:
                return self._told(sids[0], 200)
            case "delete", spec.PARTICIPANT:
                self._changed(Kicked(*sids))
                return Answer(204)
            case (("get" | "delete"), spec.RECORDING):
                return self._recording(method, sids[0])
        return _error(404, 20404, f"{method} {template} is not emulated")

    def _create(self, fields: dict[str, Any]) -> "Answer":
        if len({"Url", "Twiml", "ApplicationSid"} & set(fields)) != 1:
            return self._refuse(21205, "exactly one of Url, Twiml and ApplicationSid is wanted")
        if len(fields.get("Twiml", "")) > MAX_TWIML:
            return self._refuse(21625, f"Twiml is longer than {MAX_TWIML} characters")
        call_sid = "CA" + uuid.uuid4().hex
        self.calls[call_sid] = State("queued", "outbound-api", fields["From"], fields["To"])
        created = Created(call_sid, fields)
        self.created.append(created)
        answer = self._told(call_sid, 201)
        self._changed(created)
        return answer

    def _update(self, call_sid: str, fields: dict[str, Any]) -> "Answer":
        if "Twiml" in fields and "Url" in fields:
            return self._refuse(21623, "Twiml and Url are mutually exclusive")
        if len(fields.get("Twiml", "")) > MAX_TWIML:
            return self._refuse(21625, f"Twiml is longer than {MAX_TWIML} characters")
        state = self.calls.setdefault(call_sid, State())
        if state.status in ("completed", "busy", "failed", "no-answer", "canceled"):
            return _error(*FAULTS["ended"])
        state.status = fields.get("Status", state.status)
        update = Update(call_sid, fields)
        self.updates.append(update)
        answer = self._told(call_sid, 200)
        self._changed(update)
        return answer

    def _told(self, call_sid: str, status: int) -> "Answer":
        state = self.calls.setdefault(call_sid, State())
        uri = spec.CALL.format(AccountSid=self.account_sid, Sid=call_sid)
        call = {
            "sid": call_sid,
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "date_created": DATE,
            "date_updated": DATE,
            "direction": state.direction,
            "from": state.caller,
            "to": state.called,
            "status": state.status,
            "price_unit": "USD",
            "uri": uri,
            "subresource_uris": {},
        }
        jsonschema.validate(call, spec.schema_of("api.v2010.account.call"))
        return Answer(status, call)

    def _recording(self, method: str, sid: str) -> "Answer":
        kept = self.recordings.get(sid)
        if kept is None or kept.deleted:
            return _error(404, 20404, f"The requested resource {sid} was not found")
        if method == "delete":
            kept.deleted, kept.wav = True, b""
            return Answer(204)
        told = {"sid": sid, "account_sid": self.account_sid, "call_sid": kept.call_sid,
                "status": "completed", "channels": 1}  # fmt: skip
        jsonschema.validate(told, spec.schema_of("api.v2010.account.recording"))
        return Answer(200, told)

    def _media(self, path: str) -> "Answer":
        kept = self.recordings.get(path.rpartition("/")[2].rpartition(".")[0])
        if kept is None or kept.deleted:
            return _error(404, 20404, f"The requested resource {path} was not found")
        kept.fetched += 1
        return Answer(200, raw=kept.wav)

    def _refuse(self, code: int, why: str) -> "Answer":
        self.refused.append(why)
        return _error(400, code, why)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rest = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                authorization = self.headers.get("Authorization", "")
                answer = rest.answer(self.command.lower(), self.path, authorization, body)
                data = answer.raw or (json.dumps(answer.body).encode() if answer.body else b"")
                self.send_response(answer.status)
                kind = "audio/x-wav" if answer.raw else "application/json"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET = do_DELETE = _serve

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON, or bytes of audio."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""


class _Redirected(TwilioHttpClient):
    def __init__(self, base: str, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s, pool_connections=False)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        assert url.startswith("https://api.twilio.com/"), url
        return super().request(
            method, url.replace("https://api.twilio.com", self._base), *args, **more
        )


def _error(status: int, code: int, message: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": message, "more_info": more, "status": status}
    return Answer(status, told)
