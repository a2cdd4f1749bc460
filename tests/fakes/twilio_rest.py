"""Twilio's REST side on a loopback port: call updates, checked against Twilio's API description.

    with TwilioRest("AC…", "token") as rest:
        rest.faults.append("500")            # the next request fails so
        TwilioCalls("AC…", "token", http_client=rest.client())

Requests that the description does not allow are answered 400 as Twilio does, and kept in `refused`.
The description is read from VOICE_AGENT_TEST_SPECS; without it, a copy of the names of one request
stands in, and answers are not checked.
"""

import base64
import json
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import parse_qs

import jsonschema
from twilio.http.http_client import TwilioHttpClient

Fault = Literal["500", "429", "404", "hang", "ended"]

MAX_TWIML = 4000
DATE = "Tue, 31 Aug 2010 20:36:28 +0000"
NAMES: dict[str, Any] = {
    name: {"type": "string"}
    for name in ("Url", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod")
} | {
    "Twiml": {"type": "string"},
    "Method": {"enum": ["GET", "POST"]},
    "Status": {"enum": ["canceled", "completed"]},
    "TimeLimit": {"type": "integer"},
}
PATH = "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json"


@cache
def description() -> dict[str, Any] | None:
    """Twilio's API description; None where it is not at hand."""
    default = Path(__file__).resolve().parents[3] / "shared" / "specs"
    path = Path(os.environ.get("VOICE_AGENT_TEST_SPECS", default)) / "twilio_api_v2010.json"
    if not path.exists():
        return None
    spec: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return spec


def resolved(schema: Any) -> Any:
    """JSON Schema of an OpenAPI 3.0 schema: references replaced, `nullable` turned into a type."""
    if isinstance(schema, list):
        return [resolved(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(component(schema["$ref"].split("/")[-1]))
    plain = {name: resolved(value) for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain


def component(name: str) -> Any:
    """A named schema; the empty one, which allows all, without the description."""
    spec = description()
    return spec["components"]["schemas"][name] if spec else {}


@cache
def update_schema() -> dict[str, Any]:
    """What an update may say; other names are refused."""
    if (spec := description()) is None:
        return {"properties": NAMES, "additionalProperties": False}
    body = spec["paths"][PATH]["post"]["requestBody"]["content"]
    form = body["application/x-www-form-urlencoded"]["schema"]
    return {**resolved(form), "additionalProperties": False}


@cache
def call_schema() -> dict[str, Any]:
    """The answer to an update."""
    schema: dict[str, Any] = resolved(component("api.v2010.account.call"))
    return schema


@dataclass(frozen=True, slots=True)
class Update:
    """One accepted update of a call."""

    call_sid: str
    fields: dict[str, str]


class TwilioRest:
    """One account. `on_update` is told of accepted updates, in the server's thread."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        on_update: Callable[[Update], None] = lambda update: None,
    ) -> None:
        self.account_sid = account_sid
        self.updates: list[Update] = []
        self.refused: list[str] = []
        self.faults: deque[Fault] = deque()
        self._secret = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._on_update = on_update
        self._let_go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def client(self, timeout_s: float = 2.0) -> TwilioHttpClient:
        """The HTTP client for Twilio's library that talks to this server instead."""
        return _Redirected(self.url, timeout_s)

    def answer(self, path: str, authorization: str, body: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one POST."""
        fault = self.faults.popleft() if self.faults else None
        if fault == "hang":
            self._let_go.wait()
        known: dict[str | None, tuple[int, int, str]] = {
            "hang": (500, 20500, "An internal server error has occurred"),
            "500": (500, 20500, "An internal server error has occurred"),
            "429": (429, 20429, "Too Many Requests"),
            "404": (404, 20404, f"The requested resource {path} was not found"),
            "ended": (400, 21220, "Call is not in-progress. Cannot redirect."),
        }
        if fault in known:
            return _error(*known[fault])
        if authorization != f"Basic {self._secret}":
            return _error(401, 20003, "Authenticate")
        parts = path.split("/")
        if len(parts) != 6 or parts[3] != self.account_sid or not parts[5].startswith("CA"):
            return _error(404, 20404, f"The requested resource {path} was not found")
        return self._update(parts[5].removesuffix(".json"), body)

    def _update(self, call_sid: str, body: str) -> tuple[int, dict[str, Any]]:
        fields = {name: values[-1] for name, values in parse_qs(body, True, True).items()}
        try:
            typed = {n: int(v) if n == "TimeLimit" else v for n, v in fields.items()}
            jsonschema.validate(typed, update_schema())
        except (ValueError, jsonschema.ValidationError) as wrong:
            return self._refuse(20001, str(wrong).splitlines()[0])
        if "Twiml" in fields and "Url" in fields:
            return self._refuse(21623, "Twiml and Url are mutually exclusive")
        if len(fields.get("Twiml", "")) > MAX_TWIML:
            return self._refuse(21625, f"Twiml is longer than {MAX_TWIML} characters")
        update = Update(call_sid, fields)
        self.updates.append(update)
        self._on_update(update)
        call = self._call(call_sid, fields.get("Status", "in-progress"))
        jsonschema.validate(call, call_schema())
        return 200, call

    def _refuse(self, code: int, why: str) -> tuple[int, dict[str, Any]]:
        self.refused.append(why)
        return _error(400, code, why)

    def _call(self, call_sid: str, status: str) -> dict[str, Any]:
        return {
            "sid": call_sid,
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "date_created": DATE,
            "date_updated": DATE,
            "direction": "inbound",
            "from": "+14155550142",
            "to": "+18005550100",
            "status": status,
            "price_unit": "USD",
            "uri": PATH.format(AccountSid=self.account_sid, Sid=call_sid),
            "subresource_uris": {},
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rest = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, answer = rest.answer(self.path, self.headers.get("Authorization", ""), body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class _Redirected(TwilioHttpClient):
    def __init__(self, base: str, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s, pool_connections=False)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        assert url.startswith("https://api.twilio.com/"), url
        return super().request(
            method, url.replace("https://api.twilio.com", self._base), *args, **more
        )


def _error(status: int, code: int, message: str) -> tuple[int, dict[str, Any]]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": message, "more_info": more, "status": status}
