"""Google Calendar on a loopback port: events, and a token endpoint that verifies signatures.

A deleted id stays taken; a PUT drops what it omits; guests are mailed on request.
"""

import itertools
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from dateutil.rrule import rrulestr

from core.clock import Clock, utc_now
from tests.fakes import calendar_spec as spec
from tests.fakes.keys import made_key
from tests.fakes.vendor_server import Fault, Reply, Request, VendorServer

SCOPE = "https://www.googleapis.com/auth/calendar.events"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ACCOUNT, CLIENT = "agent@tideline-calls.iam.gserviceaccount.com", "117300000000000000001"
EVENTS = "/calendar/v3/calendars/primary/events"
LOST_UNDER_PUT = {"conferenceData": "conferenceDataVersion", "attachments": "supportsAttachments"}


class Wrong(Exception):
    """An error response as Google sends it."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class GoogleCalendar(VendorServer):
    """One Workspace domain. `people` have a calendar each, by address."""

    def __init__(self, *people: str, now: Clock = utc_now, page: int = 2500) -> None:
        super().__init__(now)
        self.events: dict[str, dict[str, dict[str, Any]]] = {p: {} for p in people}
        self.zone = "America/Los_Angeles"
        """The time zone of all calendars."""
        self.delegated = {SCOPE}
        self.roles: dict[str, str] = {}
        """The role of each token's owner in a calendar that is not their own."""
        self.switched_off = False
        self.page = page
        self.granted = 0
        self.validated = 0
        self.mailed: list[tuple[str, str]] = []
        """Guests who got a mail, and for which event."""
        self.public = made_key().public_key()
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._ids = itertools.count(1)

    # --- what a test looks at or does as a person would

    def key_file(self, folder: Path, **other: str) -> Path:
        """The service account's key file in Google's format."""
        pem = made_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        told = {
            "type": "service_account", "project_id": "tideline-calls", "private_key_id": "k1",
            "private_key": pem.decode(), "client_email": ACCOUNT, "client_id": CLIENT,
            "token_uri": f"{self.url}/token", **other,
        }  # fmt: skip
        path = folder / "google.json"
        path.write_text(json.dumps(told))
        return path

    def settings(self, folder: Path) -> dict[str, str]:
        """The settings that give us access."""
        return {
            "google_calendar_key": str(self.key_file(folder)),
            "google_calendar_url": f"{self.url}/calendar/v3",
        }

    def put(self, person: str, **event: Any) -> dict[str, Any]:
        """Store an event as the person's own client would."""
        made = {"id": f"made{next(self._ids)}", "status": "confirmed", **event}
        assert not spec.complaint(spec.GOOGLE_EVENT, made)
        self.touch(made)
        self.events[person][made["id"]] = made
        return made

    def standing(self, person: str) -> list[dict[str, Any]]:
        """All events that are not deleted."""
        return [e for e in self.events[person].values() if e["status"] != "cancelled"]

    def expire(self) -> None:
        """Expire every token."""
        self._tokens.clear()

    # --- the wire

    def failure(self, fault: Fault) -> Reply:
        if fault == "429":
            return _error(429, "rateLimitExceeded", "Rate Limit Exceeded", self.retry_after)
        if fault == "unauthorized":
            return _error(401, "authError", "Invalid Credentials")
        return _error(int(fault), "backendError", "Backend Error", self.retry_after)

    def answer(self, request: Request) -> Reply:
        try:
            if request.path == "/token":
                return self._token(request)
            return self._api(request)
        except Wrong as wrong:
            return _error(wrong.status, wrong.reason, str(wrong))

    def _token(self, request: Request) -> Reply:
        form, now = request.body, self.now().timestamp()
        if request.method != "POST" or form.get("grant_type") != GRANT:
            return _oauth(400, "unsupported_grant_type", "Invalid grant_type")
        try:
            claims = jwt.decode(
                form["assertion"], self.public, ["RS256"], audience=f"{self.url}/token",
                options={"verify_exp": False, "verify_iat": False, "require": ["iat", "exp"]},
            )  # fmt: skip
        except jwt.InvalidSignatureError:
            return _oauth(400, "invalid_grant", "Invalid JWT Signature.")
        if not (claims["iat"] <= now < claims["exp"] <= claims["iat"] + 3600):
            return _oauth(
                400, "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )  # fmt: skip
        if claims["iss"] != ACCOUNT:
            return _oauth(400, "invalid_grant", "Invalid issuer: Not a service account.")
        if not set(claims["scope"].split()) <= self.delegated:
            return _oauth(
                401, "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not "
                "authorized for any of the scopes requested.",
            )  # fmt: skip
        if claims["sub"] not in self.events:
            return _oauth(400, "invalid_grant", "Invalid email or User ID")
        token = secrets.token_urlsafe(16)
        self.granted += 1
        self._tokens[token] = (claims["sub"], self.now() + timedelta(seconds=3599))
        return Reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3599})

    def _api(self, request: Request) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        who, until = self._tokens.get(token, ("", self.now()))
        if until <= self.now():
            raise Wrong(401, "authError", "Invalid Credentials")
        if self.switched_off:
            raise Wrong(
                403, "accessNotConfigured", "Google Calendar API has not been used in project"
            )
        assert request.path.startswith(EVENTS), request.path
        place = request.path.removeprefix(EVENTS).removeprefix("/")
        kind = {
            ("GET", False): "list", ("POST", False): "insert", ("GET", True): "get",
            ("PUT", True): "update", ("PATCH", True): "patch", ("DELETE", True): "delete",
        }[request.method, bool(place)]  # fmt: skip
        self._validate(kind, request)
        role = self.roles.get(who, "owner")
        if role == "reader" and request.method != "GET":
            raise Wrong(403, "requiredAccessLevel", "You need to have writer access.")
        found: dict[str, Any] = getattr(self, f"_{kind}")(who, place, request)
        if not found:
            return Reply(204)
        mask = request.query.get("fields")
        return Reply(200, _masked(found, _fields(mask)) if mask else found)

    def _validate(self, kind: str, request: Request) -> None:
        fault = spec.complaint(spec.GOOGLE_QUERIES[kind], dict(request.query))
        if request.body is not None:
            fault = fault or spec.complaint(spec.GOOGLE_EVENT, request.body)
        needed = {"insert": ("start", "end"), "update": ("start", "end")}.get(kind, ())
        if fault or any(name not in request.body for name in needed):
            raise Wrong(400, "badRequest", fault or "Missing end time.")
        self.validated += 1

    def _list(self, who: str, _: str, request: Request) -> dict[str, Any]:
        query = request.query
        low = datetime.fromisoformat(query.get("timeMin", "0001-01-01T00:00:00Z"))
        high = datetime.fromisoformat(query.get("timeMax", "9999-01-01T00:00:00Z"))
        assert "recurrence" not in str(self.events[who]) or query.get("singleEvents") == "true"
        every = [
            one for event in self.standing(who) for one in self._occurrences(event, high)
            if self._when(one["start"]) < high and self._when(one["end"]) > low
        ]  # fmt: skip
        size = min(self.page, int(query.get("maxResults", "250")))
        first = int(query.get("pageToken", "0"))
        told: dict[str, Any] = {
            "kind": "calendar#events", "timeZone": self.zone,
            "accessRole": self.roles.get(who, "owner"),
            "items": [self._seen(e, query) for e in every[first : first + size]],
        }  # fmt: skip
        if len(every) > first + size:
            told["nextPageToken"] = str(first + size)
        return told

    def _get(self, who: str, place: str, request: Request) -> dict[str, Any]:
        return self._seen(self._known(who, place), request.query)

    def _insert(self, who: str, _: str, request: Request) -> dict[str, Any]:
        event = {"status": "confirmed", **deepcopy(request.body)}
        event.setdefault("id", f"made{next(self._ids)}")
        if event["id"] in self.events[who]:
            raise Wrong(409, "duplicate", "The requested identifier already exists.")
        self.events[who][event["id"]] = event
        return self._written(who, event, request)

    def _patch(self, who: str, place: str, request: Request) -> dict[str, Any]:
        event = self._same(who, place, request)
        merged = deepcopy(event)
        _merge(merged, deepcopy(request.body))
        if fault := spec.complaint(spec.GOOGLE_EVENT, merged):
            raise Wrong(400, "invalid", fault)
        event.update(merged)
        return self._written(who, event, request)

    def _update(self, who: str, place: str, request: Request) -> dict[str, Any]:
        event = self._same(who, place, request)
        kept = {name for name, asked in LOST_UNDER_PUT.items() if asked not in request.query}
        for name in [n for n in event if n not in ("id", "kind", "iCalUID", *kept)]:
            del event[name]
        event.update(deepcopy(request.body))
        return self._written(who, event, request)

    def _delete(self, who: str, place: str, request: Request) -> dict[str, Any]:
        event = self._same(who, place, request)
        if event["status"] == "cancelled":
            raise Wrong(410, "deleted", "Resource has been deleted")
        event["status"] = "cancelled"
        self._written(who, event, request)
        return {}

    def _known(self, who: str, place: str) -> dict[str, Any]:
        if place not in self.events[who]:
            raise Wrong(404, "notFound", "Not Found")
        return self.events[who][place]

    def _same(self, who: str, place: str, request: Request) -> dict[str, Any]:
        event = self._known(who, place)
        if request.headers.get("if-match", event["etag"]) != event["etag"]:
            raise Wrong(412, "conditionNotMet", "Precondition Failed")
        return event

    def _written(self, who: str, event: dict[str, Any], request: Request) -> dict[str, Any]:
        if request.query.get("sendUpdates") == "all":
            others = [a["email"] for a in event.get("attendees", ()) if a["email"] != who]
            self.mailed += [(address, event["id"]) for address in others]
        self.touch(event)
        return dict(event)

    def touch(self, event: dict[str, Any]) -> None:
        """Give a changed event a new ETag."""
        event["etag"] = f'"{next(self._ids)}"'
        event.setdefault("iCalUID", f"{event['id']}@google.com")

    def _seen(self, event: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        """The event with only the calendar owner as guest, when there are more guests than
        requested."""
        guests = event.get("attendees", [])
        if len(guests) > int(query.get("maxAttendees", "9999")):
            return {**event, "attendees": [a for a in guests if a.get("self")]}
        return dict(event)

    def _occurrences(self, event: dict[str, Any], until: datetime) -> Iterator[dict[str, Any]]:
        if "recurrence" not in event:
            yield event
            return
        begins, ends = self._when(event["start"]), self._when(event["end"])
        rule = rrulestr(event["recurrence"][0], dtstart=begins)
        for n, at in enumerate(rule.between(begins, until, inc=True)):
            times = {"start": _told(at), "end": _told(at + (ends - begins))}
            yield {**event, **times, "id": f"{event['id']}{n}"}

    def _when(self, told: Mapping[str, str]) -> datetime:
        if "date" in told:
            day = date.fromisoformat(told["date"])
            return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))
        return datetime.fromisoformat(told["dateTime"])


def _told(at: datetime) -> dict[str, str]:
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def _merge(event: dict[str, Any], change: dict[str, Any]) -> None:
    """A PATCH: objects are merged, lists replaced, nulls deleted."""
    for name, value in change.items():
        if value is None:
            event.pop(name, None)
        elif isinstance(value, dict) and isinstance(event.get(name), dict):
            _merge(event[name], value)
        else:
            event[name] = value


def _fields(mask: str) -> dict[str, Any]:
    """A partial response's mask, `a,b(c,d/e)`, as a tree of names."""
    text = re.sub(r"([\w]+)/([\w]+)", r"\1(\2)", mask)
    tree: dict[str, Any] = {}
    stack, last = [tree], ""
    for word in re.findall(r"\w+|[(),]", text):
        if word == "(":
            stack.append(stack[-1][last])
        elif word == ")":
            stack.pop()
        elif word != ",":
            stack[-1][word] = {}
            last = word
    return tree


def _masked(body: Any, tree: dict[str, Any]) -> Any:
    if not tree:
        return body
    if isinstance(body, list):
        return [_masked(one, tree) for one in body]
    return {name: _masked(body[name], inner) for name, inner in tree.items() if name in body}


def _oauth(status: int, code: str, said: str) -> Reply:
    return Reply(status, {"error": code, "error_description": said})


def _error(status: int, reason: str, message: str, wait: str = "") -> Reply:
    one = {"domain": "global", "reason": reason, "message": message}
    body = {"error": {"errors": [one], "code": status, "message": message}}
    return Reply(status, body, {"Retry-After": wait} if wait else {})
