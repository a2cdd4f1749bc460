"""Microsoft Graph on a loopback port: tokens for an application, and mailboxes with calendars.

Attendees are mailed on every change, wanted or not; a transaction id works once; times come in the
preferred zone, and all-day events as midnights.
"""

import itertools
import re
import secrets
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from dateutil.rrule import rrulestr

from core.clock import Clock, utc_now
from tests.fakes import calendar_spec as spec
from tests.fakes.vendor_server import Fault, Reply, Request, VendorServer

TENANT, CLIENT, SECRET = "7d3c1a52-tenant", "0b9e4f10-client", "s3cret~value"
_FILTER = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ep/id eq '(?P<id>[^']+)' and "
    r"startswith\(ep/value, '(?P<value>(?:[^']|'')*)'\)\)"
)
_EXPAND = re.compile(r"singleValueExtendedProperties\(\$filter=id eq '(?P<id>[^']+)'\)")
_HIDDEN = ("singleValueExtendedProperties", "rrule", "attachments")


class Wrong(Exception):
    """An error response as Graph sends it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Graph(VendorServer):
    """One tenant. `people` have a mailbox each, by address."""

    def __init__(self, *people: str, now: Clock = utc_now, page: int = 1000) -> None:
        super().__init__(now)
        self.events: dict[str, dict[str, dict[str, Any]]] = {p: {} for p in people}
        self.permissions = {"Calendars.ReadWrite"}
        self.kept_out: set[str] = set()
        """Mailboxes that an access policy denies the application."""
        self.page = page
        self.next_host = ""
        """The host of next-page links, if not this one."""
        self.heeds_tags = True
        self.granted = 0
        self.validated = 0
        self.mailed: list[tuple[str, str]] = []
        """Attendees who got a mail, and for which event."""
        self._tokens: dict[str, datetime] = {}
        self._used: set[tuple[str, str]] = set()
        self._ids = itertools.count(1)

    # --- what a test looks at or does as a person would

    @property
    def settings(self) -> dict[str, str]:
        """The settings that give us access."""
        return {
            "microsoft_tenant_id": TENANT, "microsoft_client_id": CLIENT,
            "microsoft_client_secret": SECRET, "microsoft_graph_url": self.url,
            "microsoft_login_url": self.url,
        }  # fmt: skip

    def put(self, person: str, **event: Any) -> dict[str, Any]:
        """Store an event as the person's own client would."""
        made = {
            "id": f"AAMk/{next(self._ids)}=", "isCancelled": False, "isAllDay": False,
            "showAs": "busy", "responseStatus": {"response": "organizer"}, **event,
        }  # fmt: skip
        self.touch(made)
        self.events[person][made["id"]] = made
        return made

    def standing(self, person: str) -> list[dict[str, Any]]:
        """All existing events."""
        return list(self.events[person].values())

    def expire(self) -> None:
        """Expire every token."""
        self._tokens.clear()

    # --- the wire

    def failure(self, fault: Fault) -> Reply:
        if fault == "429":
            return _error(429, "ApplicationThrottled", "Application is over its limit.",
                          self.retry_after)  # fmt: skip
        if fault == "unauthorized":
            return _error(401, "InvalidAuthenticationToken", "Access token has expired.")
        return _error(int(fault), "serviceNotAvailable", "The service is away.", self.retry_after)

    def answer(self, request: Request) -> Reply:
        try:
            if request.path.endswith("/oauth2/v2.0/token"):
                return self._token(request)
            return self._api(request)
        except Wrong as wrong:
            return _error(wrong.status, wrong.code, str(wrong))

    def _token(self, request: Request) -> Reply:
        form = request.body
        if request.path.split("/")[1] != TENANT:
            return _oauth(400, "invalid_request", "AADSTS90002: Tenant 'x' not found.")
        if form["client_id"] != CLIENT:
            return _oauth(400, "unauthorized_client", "AADSTS700016: Application not found.")
        if form["client_secret"] != SECRET:
            return _oauth(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        assert form["grant_type"] == "client_credentials", form
        assert form["scope"] == f"{self.url}/.default", form
        token = secrets.token_urlsafe(16)
        self.granted += 1
        self._tokens[token] = self.now() + timedelta(seconds=3599)
        told = {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599}
        return Reply(200, {**told, "access_token": token})

    def _api(self, request: Request) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, self.now()) <= self.now():
            raise Wrong(401, "InvalidAuthenticationToken", "Access token has expired.")
        version, users, who, kind, *rest = map(unquote, request.path.strip("/").split("/"))
        assert (version, users) == ("v1.0", "users"), request.path
        wanted = {"Calendars.ReadWrite"} | (
            {"Calendars.Read"} if request.method == "GET" else set()
        )
        if not self.permissions & wanted:
            raise Wrong(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
        if who not in self.events:
            raise Wrong(404, "ErrorInvalidUser", f"The requested user '{who}' is invalid.")
        if who in self.kept_out:
            said = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly"
            raise Wrong(403, "ErrorAccessDenied", f"{said} AccessPolicy settings.")
        self._validate(kind, request, rest)
        if kind == "calendar":
            return Reply(200, {"id": "AAMkCal=", "name": "Calendar"})
        if kind == "calendarView":
            return Reply(200, self._view(who, request))
        if not rest:
            return self._found(who, request) if request.method == "GET" else self._add(who, request)
        return self._item(who, rest, request)

    def _validate(self, kind: str, request: Request, rest: list[str]) -> None:
        name = "attachments" if "attachments" in rest else kind
        fault = spec.complaint(spec.GRAPH_QUERIES[name], dict(request.query))
        if request.body is not None:
            fault = fault or spec.complaint(spec.GRAPH_EVENT_WRITTEN, request.body)
        if request.method == "GET" and kind in ("calendarView", "events") and not rest:
            assert request.headers.get("prefer") == 'outlook.timezone="UTC"'
        if fault:
            raise Wrong(400, "BadRequest", fault)
        self.validated += 1

    def _view(self, who: str, request: Request) -> dict[str, Any]:
        query = request.query
        low, high = (datetime.fromisoformat(query[n]) for n in ("startDateTime", "endDateTime"))
        every = [
            one for event in self.standing(who) for one in _occurrences(event, high)
            if _when(one["start"]) < high and _when(one["end"]) > low
        ]  # fmt: skip
        size, first = min(self.page, int(query.get("$top", "10"))), int(query.get("$skip", "0"))
        told: dict[str, Any] = {"value": [_shown(e, query) for e in every[first : first + size]]}
        if len(every) > first + size:
            more = "&".join(f"{k}={v}" for k, v in {**query, "$skip": first + size}.items())
            host = self.next_host or self.url
            told["@odata.nextLink"] = f"{host}{request.path}?{more}".replace(" ", "%20")
        return told

    def _found(self, who: str, request: Request) -> Reply:
        wanted = _FILTER.fullmatch(request.query.get("$filter", ""))
        assert wanted, request.query
        starts = wanted["value"].replace("''", "'").lower()
        found = [
            _shown(e, request.query) for e in self.standing(who)
            if any(p["id"] == wanted["id"] and p["value"].lower().startswith(starts)
                   for p in e.get("singleValueExtendedProperties", ()))
        ]  # fmt: skip
        return Reply(200, {"value": found})

    def _add(self, who: str, request: Request) -> Reply:
        transaction = (who, request.body.get("transactionId", ""))
        if transaction[1] and transaction in self._used:
            said = "The TransactionId specified in the request has already been used"
            raise Wrong(409, "ErrorDuplicateTransactionId", f"{said} to create a different event.")
        self._used.add(transaction)
        made = self.put(who, **deepcopy(request.body))
        self._mail(who, made)
        return Reply(201, _shown(made, {}))

    def _item(self, who: str, rest: list[str], request: Request) -> Reply:
        if not rest[0].startswith("AAMk"):
            raise Wrong(400, "ErrorInvalidIdMalformed", "Id is malformed.")
        event = self.events[who].get(rest[0])
        if event is None:
            raise Wrong(404, "ErrorItemNotFound", "The specified object was not found.")
        if rest[1:]:
            return self._attached(event, rest[2:], request)
        tag = request.headers.get("if-match", event["@odata.etag"])
        if self.heeds_tags and tag != event["@odata.etag"]:
            raise Wrong(412, "ErrorIrresolvableConflict", "The change key does not match.")
        self._mail(who, event)
        if request.method == "DELETE":
            del self.events[who][rest[0]]
            return Reply(204)
        assert request.method == "PATCH"
        event.update(deepcopy(request.body))
        self._mail(who, event)
        self.touch(event)
        return Reply(200, _shown(event, {}))

    def _attached(self, event: dict[str, Any], which: list[str], request: Request) -> Reply:
        kept: list[dict[str, str]] = event.get("attachments", [])
        if request.method == "GET":
            return Reply(200, {"value": [{"id": one["id"]} for one in kept]})
        assert request.method == "DELETE"
        event["attachments"] = [one for one in kept if one["id"] != which[0]]
        event["hasAttachments"] = bool(event["attachments"])
        self.touch(event)
        return Reply(204)

    def _mail(self, who: str, event: dict[str, Any]) -> None:
        addresses = (a["emailAddress"]["address"] for a in event.get("attendees", ()))
        self.mailed += [(a, event["id"]) for a in addresses if a != who]

    def touch(self, event: dict[str, Any]) -> None:
        """Give a changed event a new ETag."""
        event["@odata.etag"] = f'W/"{next(self._ids)}"'


def _shown(event: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """An event as requested; extended properties only if expanded."""
    names = query.get("$select", "").split(",") if "$select" in query else list(event)
    told = {n: event[n] for n in ("@odata.etag", "id", *names) if n in event and n not in _HIDDEN}
    for name in ("start", "end"):
        if name in told:
            told[name] = {
                **told[name],
                "dateTime": f"{_plain(told[name]):%Y-%m-%dT%H:%M:%S}.0000000",
            }
    if "$expand" in query:
        wanted = _EXPAND.fullmatch(query["$expand"])
        assert wanted, query
        every = event.get("singleValueExtendedProperties", ())
        told["singleValueExtendedProperties"] = [p for p in every if p["id"] == wanted["id"]]
    return told


def _occurrences(event: dict[str, Any], until: datetime) -> Iterator[dict[str, Any]]:
    if "rrule" not in event:
        yield event
        return
    begins, ends = _when(event["start"]), _when(event["end"])
    for at in rrulestr(event["rrule"], dtstart=begins).between(begins, until, inc=True):
        yield {**event, "start": told(at), "end": told(at + (ends - begins))}


def told(at: datetime) -> dict[str, str]:
    """An instant in Graph's form."""
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}


def _plain(time: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(time["dateTime"])


def _when(time: Mapping[str, str]) -> datetime:
    assert time["timeZone"] == "UTC"
    return _plain(time).replace(tzinfo=UTC)


def _oauth(status: int, code: str, said: str) -> Reply:
    trace = f"{said} Trace ID: 5f3d Correlation ID: 77aa Timestamp: 2026-11-30 17:00:00Z"
    return Reply(status, {"error": code, "error_description": trace})


def _error(status: int, code: str, message: str, wait: str = "") -> Reply:
    body = {"error": {"code": code, "message": message, "innerError": {"request-id": "r1"}}}
    return Reply(status, body, {"Retry-After": wait} if wait else {})
