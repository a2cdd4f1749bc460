"""HubSpot on a loopback port: its schemas and rules enforced, failing on demand.

Search lags behind until `index()`; unique properties are unique at once; a batch with one wrong
input is refused as a whole; a lead needs a contact; every engagement needs its timestamp.
"""

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from tests.fakes import hubspot_spec as spec
from tests.fakes.vendor_server import Fault, Reply, Request, VendorServer

TOKEN = "pat-na1-secret"
DISPOSITIONS = {"Busy": "9d9162e7", "Connected": "f240bbac", "Left voicemail": "b2cf5968",
                "No answer": "73a0d17f"}  # fmt: skip
GUIDS = {label: f"{one}-6cf3-4fb4-a3d2-d7e5c5e6ad0b" for label, one in DISPOSITIONS.items()}
SCOPES = ("crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read",
          "crm.objects.companies.write", "crm.objects.leads.read", "crm.objects.leads.write",
          "crm.objects.deals.read", "crm.objects.owners.read", "crm.schemas.contacts.write",
          "crm.schemas.companies.write")  # fmt: skip
ENUMS = {
    "hs_call_direction": ("INBOUND", "OUTBOUND"),
    "hs_call_status": ("COMPLETED", "BUSY", "NO_ANSWER", "FAILED", "CANCELED", "QUEUED"),
    "hs_call_disposition": tuple(GUIDS.values()),
    "hs_meeting_outcome": ("SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"),
    "hs_task_status": ("NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"),
    "hs_task_type": ("CALL", "EMAIL", "TODO"),
    "hs_task_priority": ("LOW", "MEDIUM", "HIGH"),
}
NUMBERS = ("numberofemployees", "hs_call_duration")
INSTANTS = ("hs_timestamp", "hs_meeting_start_time", "hs_meeting_end_time")
COMMON = ("hubspot_owner_id", "createdate", "hs_object_id", "hs_lastmodifieddate")
STANDARD: dict[str, tuple[str, ...]] = {
    "contacts": ("firstname", "lastname", "email", "phone", "mobilephone", "jobtitle", "company",
                 "lifecyclestage", "associatedcompanyid"),
    "companies": ("name", "domain", "numberofemployees", "industry", "phone", "lifecyclestage"),
    "leads": ("hs_lead_name", "hs_lead_type", "hs_pipeline_stage"),
    "calls": ("hs_timestamp", "hs_call_title", "hs_call_body", "hs_call_direction",
              "hs_call_disposition", "hs_call_duration", "hs_call_from_number",
              "hs_call_to_number", "hs_call_status", "hs_call_recording_url"),
    "meetings": ("hs_timestamp", "hs_meeting_title", "hs_meeting_body", "hs_meeting_outcome",
                 "hs_meeting_start_time", "hs_meeting_end_time"),
    "tasks": ("hs_timestamp", "hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_type",
              "hs_task_priority"),
    "notes": ("hs_timestamp", "hs_note_body"),
    "0-3": ("dealname", "dealstage", "amount", "hs_is_closed"),
}  # fmt: skip
TIMED = ("calls", "meetings", "tasks", "notes")
BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)


LEADS = {"contacts": (578, 608), "companies": (580, 610)}
"""A lead's primary contact and company, and the types of further ones, as HubSpot numbers them."""


def type_ids(of: str, to: str) -> tuple[int, ...]:
    """The associations between two kinds, the one for the first record first."""
    return LEADS[to] if of == "leads" and to in LEADS else (type_id(of, to),)


def type_id(of: str, to: str) -> int:
    """The default association between two kinds; every number is different."""
    return 180 + 7 * (sorted(STANDARD).index(of) * 10 + sorted(STANDARD).index(to))


class Wrong(Exception):
    """An error response as HubSpot sends it."""

    def __init__(self, status: int, category: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.category, self.more = status, category, more


class HubSpot(VendorServer):
    """One account. `validated` counts requests that follow a published schema, `unspecified` those
    to paths without one here."""

    def __init__(self, *, properties: bool = True) -> None:
        super().__init__()
        self.objects: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in STANDARD}
        self.properties: dict[str, dict[str, dict[str, Any]]] = {
            name: {p: {"name": p} for p in (*standard, *COMMON)}
            for name, standard in STANDARD.items()
        }
        self.properties["contacts"]["email"]["hasUniqueValue"] = True
        self.owners = {"sam@tideline.example": "501", "kim@tideline.example": "502"}
        self.links: set[tuple[str, str, str, str, int]] = set()
        self.scopes = set(SCOPES)
        self.validated = 0
        self.unspecified = 0
        self.invalid: list[str] = []
        self.merged: dict[str, str] = {}
        self.reassigns: str = ""
        """A workflow that assigns every record to this owner."""
        self._ids = itertools.count(1001)
        self._ticks = itertools.count()
        self._indexed: dict[str, dict[str, dict[str, str]]] = {name: {} for name in STANDARD}
        if properties:
            self.with_properties()

    # --- what a test looks at or does as a person would

    def with_properties(self) -> None:
        """Add our account's custom properties."""
        judged = ("verdict", "segment", "score", "action", "summary", "outcome", "industry",
                  "transcript_url", "call_id", "tech_stack", "employees", "use_case", "timeline",
                  "role", "budget")  # fmt: skip
        for name in STANDARD:
            for one in judged:
                self.properties[name][f"voice_agent_{one}"] = {"name": f"voice_agent_{one}"}
            self.properties[name]["voice_agent_key"] = {
                "name": "voice_agent_key", "hasUniqueValue": True,
            }  # fmt: skip

    def all(self, kind: str) -> list[dict[str, str]]:
        """The properties of every record that is not deleted."""
        return [o["properties"] for o in self.objects[kind].values() if not o["archived"]]

    def put(self, kind: str, **properties: str) -> str:
        """Create a record by hand, indexed at once."""
        with self._one:
            made = self._make(kind, properties)
            self.index()
        return str(made["id"])

    def edit(self, kind: str, record: str, **properties: str) -> None:
        """Edit a record by hand."""
        self.objects[kind][record]["properties"].update(properties)

    def delete(self, kind: str, record: str) -> None:
        self.objects[kind][record]["archived"] = True

    def merge(self, absorbed: str, kept: str) -> None:
        """Merge two contacts by hand: the old id leads to the one that was kept."""
        self.objects["contacts"][absorbed]["archived"] = True
        self.merged[absorbed] = kept

    def index(self) -> None:
        """Let search catch up."""
        for kind, records in self.objects.items():
            self._indexed[kind] = {i: dict(o["properties"]) for i, o in records.items()}

    def linked(self, of: str, to: str) -> set[tuple[str, str]]:
        """Pairs of associated ids."""
        return {(a, b) for f, a, t, b, _ in self.links if (f, t) == (of, to)}

    # --- the wire

    def failure(self, fault: Fault) -> Reply:
        if fault == "429":
            body = _error("RATE_LIMITS", "You have reached your secondly limit.")
            return Reply(429, body, {"Retry-After": self.retry_after})
        if fault == "423":
            body = _error("LOCKED", "Too much is being synchronised at once.")
            return Reply(423, body, {"Retry-After": self.retry_after})
        if fault == "unauthorized":
            return Reply(
                401, _error("INVALID_AUTHENTICATION", "Authentication credentials not found.")
            )
        return Reply(int(fault), _error("INTERNAL_ERROR", "There was a problem with the request."))

    def half(self, request: Request) -> Reply:
        """A 207: the first input is done, the others failed inside HubSpot."""
        inputs = request.body["inputs"]
        kept = Request(request.method, request.path, request.query, request.headers,
                       {**request.body, "inputs": inputs[:1]})  # fmt: skip
        done = self.answer(kept)
        assert done.status < 300
        errors = [
            {"status": "error", "category": "INTERNAL_ERROR", "message": "could not be processed",
             "context": {"objectWriteTraceId": [one.get("objectWriteTraceId", "")]}, "errors": [],
             "links": {}}
            for one in inputs[1:]
        ]  # fmt: skip
        return Reply(207, {**done.body, "numErrors": len(errors), "errors": errors})

    def answer(self, request: Request) -> Reply:
        given = request.headers.get("authorization", "")
        if given != f"Bearer {TOKEN}":
            return self.failure("unauthorized")
        try:
            self._validate(request)
            reply = self._route(request)
        except Wrong as wrong:
            body = {**_error(wrong.category, str(wrong)), **wrong.more}
            return Reply(wrong.status, body)
        fault = spec.answer_complaint(request.method, request.path, reply.status, reply.body)
        assert fault is None, f"{request.method} {request.path} answers {fault}"
        return reply

    def _validate(self, request: Request) -> None:
        if not spec.PRESENT:
            return
        try:
            fault = spec.request_complaint(
                request.method, request.path, dict(request.query), request.body
            )
        except LookupError:
            self.unspecified += 1
            return
        if fault is not None:
            self.invalid.append(f"{request.method} {request.path}: {fault}")
            raise Wrong(400, "VALIDATION_ERROR", f"Invalid input JSON: {fault}")
        self.validated += 1

    def _route(self, request: Request) -> Reply:  # noqa: C901
        parts = request.path.strip("/").split("/")
        match [request.method, *parts]:
            case ["POST", "crm", "v3", "objects", kind, "batch", verb]:
                self._allowed(kind, "read" if verb == "read" else "write")
                return self._batch(kind, verb, request.body)
            case ["POST", "crm", "v3", "objects", "contacts", "gdpr-delete"]:
                self.objects["contacts"].pop(request.body["objectId"], None)
                return Reply(204)
            case ["POST", "crm", "v3", "objects", kind, "search"]:
                self._allowed(kind, "read")
                return self._search(kind, request.body)
            case ["POST", "crm", "v3", "objects", kind]:
                self._allowed(kind, "write")
                return self._create(kind, request.body)
            case ["POST", "crm", "v4", "associations", of, to, "batch", "create"]:
                return self._associate(of, to, request.body["inputs"])
            case ["GET", "crm", "v4", "associations", of, to, "labels"]:
                named = {"category": "USER_DEFINED", "typeId": 1, "label": "Primary"}
                *first, last = type_ids(of, to)
                known = [(one, "Primary") for one in first] + [(last, None)]
                plain = [{"category": "HUBSPOT_DEFINED", "typeId": one, "label": label}
                         for one, label in known]  # fmt: skip
                return Reply(200, {"results": [named, *plain]})
            case ["GET", "crm", "v4", "objects", kind, record, "associations", to]:
                return self._associated(kind, record, "0-3" if to == "deals" else to)
            case ["GET", "crm", "v3", "owners"]:
                return self._owners(request.query)
            case ["GET", "calling", "v1", "dispositions"]:
                known = [{"id": g, "label": n, "deleted": False} for n, g in GUIDS.items()]
                return Reply(200, known)
            case ["GET", "crm", "v3", "properties", kind]:
                return Reply(200, {"results": list(self.properties[kind].values())})
            case ["POST", "crm", "v3", "properties", kind, "groups"]:
                return Reply(201, request.body)
            case ["POST", "crm", "v3", "properties", kind]:
                return self._property(kind, request.body)
            case ["POST", "oauth", "v2", "private-apps", "get", "access-token-info"]:
                if request.body.get("tokenKey") != TOKEN:
                    raise Wrong(404, "OBJECT_NOT_FOUND", "token not found")
                return Reply(200, {"hubId": 4711, "appId": 1, "scopes": sorted(self.scopes)})
        raise Wrong(404, "OBJECT_NOT_FOUND", f"no route {request.method} {request.path}")

    def _allowed(self, kind: str, act: str) -> None:
        scope = {"companies": "companies", "leads": "leads", "0-3": "deals"}.get(kind, "contacts")
        wanted = f"crm.objects.{scope}.{act}"
        if wanted not in self.scopes:
            raise Wrong(
                403, "MISSING_SCOPES", "This app hasn't been granted all required scopes",
                context={"requiredGranularScopes": [wanted]},
            )  # fmt: skip

    # --- records

    def _batch(self, kind: str, verb: str, body: Mapping[str, Any]) -> Reply:
        inputs = body["inputs"]
        if len(inputs) > 100:
            raise Wrong(400, "VALIDATION_ERROR", "The maximum number of inputs is 100")
        if verb == "read":
            return self._read(kind, body)
        if verb == "archive":
            for one in inputs:
                if one["id"] in self.objects[kind]:
                    self.delete(kind, one["id"])
            return Reply(204)
        before = {
            i: {**o, "properties": dict(o["properties"])} for i, o in self.objects[kind].items()
        }
        try:
            results = [self._one_of(kind, verb, one) for one in inputs]
        except Wrong:
            self.objects[kind] = before  # a batch is refused as a whole
            raise
        return Reply(200, _batched([_shown(o, verb == "upsert") for o in results]))

    def _one_of(self, kind: str, verb: str, one: Mapping[str, Any]) -> dict[str, Any]:
        if verb == "update":
            found = self._found(kind, one["id"], one.get("idProperty"))
            if found is None:
                raise Wrong(404, "OBJECT_NOT_FOUND", f"No {kind} with ID {one['id']} exists")
            made = self._change(kind, found, one["properties"])
        elif verb == "upsert":
            by = one.get("idProperty")
            if by is None or not self.properties[kind].get(by, {}).get("hasUniqueValue"):
                raise Wrong(400, "VALIDATION_ERROR", f"Property {by} is not a unique property")
            found = self._found(kind, one["id"], by)
            if found is None and kind == "leads":
                raise Wrong(400, "VALIDATION_ERROR", "A lead needs an associated contact")
            values = {by: one["id"], **one["properties"]}
            made = self._change(kind, found, values) if found else self._make(kind, values)
            made = {**made, "new": found is None}
        else:
            raise Wrong(404, "OBJECT_NOT_FOUND", verb)
        trace = one.get("objectWriteTraceId")
        return {**made, **({"objectWriteTraceId": trace} if trace else {})}

    def _create(self, kind: str, body: Mapping[str, Any]) -> Reply:
        ids = []
        for link in body["associations"]:
            to = next(
                (k for k in STANDARD for t in link["types"]
                 if t["associationTypeId"] in type_ids(kind, k)), None,
            )  # fmt: skip
            if to is None or link["to"]["id"] not in self.objects[to]:
                raise Wrong(400, "VALIDATION_ERROR", "The association is not valid")
            ids += [(to, link["to"]["id"], t["associationTypeId"]) for t in link["types"]]
        if kind == "leads" and LEADS["contacts"][0] not in (t for *_, t in ids):
            raise Wrong(400, "VALIDATION_ERROR", "A lead needs a primary contact")
        made = self._make(kind, body["properties"])
        for to, one, which in ids:
            self.links.add((kind, made["id"], to, one, which))
        return Reply(201, _shown(made))

    def _make(self, kind: str, properties: Mapping[str, str]) -> dict[str, Any]:
        if kind in TIMED and not properties.get("hs_timestamp"):
            raise Wrong(
                400, "VALIDATION_ERROR", "Some required properties were not set: hs_timestamp"
            )
        if kind == "leads" and not properties.get("hs_lead_name"):
            raise Wrong(
                400, "VALIDATION_ERROR", "Some required properties were not set: hs_lead_name"
            )
        values = self._checked(kind, properties, None)
        made = {"id": str(next(self._ids)), "properties": {}, "archived": False,
                "createdAt": self._now(), "updatedAt": self._now()}  # fmt: skip
        made["properties"] = {**values, "hs_object_id": made["id"]}
        self.objects[kind][made["id"]] = made
        return self._reassigned(made)

    def _change(
        self, kind: str, found: dict[str, Any], properties: Mapping[str, str]
    ) -> dict[str, Any]:
        found["properties"].update(self._checked(kind, properties, found["id"]))
        found["updatedAt"] = self._now()
        return self._reassigned(found)

    def _reassigned(self, made: dict[str, Any]) -> dict[str, Any]:
        if self.reassigns and "hubspot_owner_id" in made["properties"]:
            made["properties"]["hubspot_owner_id"] = self.reassigns
        return made

    def _checked(
        self, kind: str, properties: Mapping[str, str], besides: str | None
    ) -> dict[str, str]:
        """Values in HubSpot's stored form. Raises: Wrong."""
        made = {}
        for name, value in properties.items():
            if name not in self.properties[kind]:
                raise _invalid(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
            value = value.strip()
            if value and name in ENUMS and value not in ENUMS[name]:
                raise _invalid(
                    name, "INVALID_OPTION", f"{value} was not one of the allowed options"
                )
            if value and name == "hubspot_owner_id" and value not in self.owners.values():
                raise _invalid(name, "INVALID_OWNER_ID", f"Owner {value} does not exist")
            if value and name in NUMBERS and not re.fullmatch(r"-?\d+(\.\d+)?", value):
                raise _invalid(name, "INVALID_INTEGER", f"{value} was not a valid number")
            if name == "email":
                value = value.lower()
                if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
                    raise _invalid(name, "INVALID_EMAIL", f"Email address {value} is invalid")
            if name in INSTANTS and value:
                value = _instant(name, value)
            if len(value) > 65_536:
                raise _invalid(name, "PROPERTY_VALUE_TOO_LONG", "the value is too long")
            self._unique(kind, name, value, besides)
            made[name] = value
        return made

    def _unique(self, kind: str, name: str, value: str, besides: str | None) -> None:
        if not value or not self.properties[kind][name].get("hasUniqueValue"):
            return
        for other in self.objects[kind].values():
            if other["properties"].get(name) == value and other["id"] != besides:
                if other["archived"]:
                    continue
                if name == "email":
                    raise Wrong(
                        409, "CONFLICT", f"Contact already exists. Existing ID: {other['id']}"
                    )
                raise Wrong(400, "VALIDATION_ERROR", f"{name} {value} is used by another record")

    def _found(self, kind: str, record: str, by: str | None) -> dict[str, Any] | None:
        record = record.lower() if by == "email" else self.merged.get(record, record)
        for one in self.objects[kind].values():
            known = one["id"] if by is None else one["properties"].get(by)
            if known == record and not one["archived"]:
                return one
        return None

    def _read(self, kind: str, body: Mapping[str, Any]) -> Reply:
        results, missing = [], []
        for name in body["properties"]:
            if name not in self.properties[kind] and name != body.get("idProperty"):
                pass  # HubSpot ignores an unknown property when reading
        for one in body["inputs"]:
            found = self._found(kind, one["id"], body.get("idProperty"))
            if found is None:
                missing.append(one["id"])
                continue
            wanted = {n: found["properties"][n] for n in body["properties"]
                      if n in found["properties"]}  # fmt: skip
            results.append(_shown({**found, "properties": wanted}))
        if not missing:
            return Reply(200, _batched(results))
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "not found",
                 "context": {"ids": missing}, "errors": [], "links": {}}  # fmt: skip
        return Reply(207, {**_batched(results), "numErrors": 1, "errors": [error]})

    def _search(self, kind: str, body: Mapping[str, Any]) -> Reply:
        """Search the index, which may lag behind."""
        if len(body["filterGroups"]) > 5 or body["limit"] > 200:
            raise Wrong(400, "VALIDATION_ERROR", "too many filter groups")
        hits = []
        for record, properties in self._indexed[kind].items():
            full = {**properties, **_calculated(properties)}
            if any(all(full.get(f["propertyName"]) == f["value"] for f in g["filters"])
                   for g in body["filterGroups"]):  # fmt: skip
                live = self.objects[kind][record]
                wanted = {n: properties[n] for n in body["properties"] if n in properties}
                hits.append(_shown({**live, "properties": wanted}))
        return Reply(200, {"total": len(hits), "results": hits[: body["limit"]]})

    # --- the rest

    def _associate(self, of: str, to: str, inputs: list[dict[str, Any]]) -> Reply:
        results = []
        for one in inputs:
            a, b = one["from"]["id"], one["to"]["id"]
            if a not in self.objects[of] or b not in self.objects[to]:
                raise Wrong(400, "VALIDATION_ERROR", f"{of} {a} or {to} {b} does not exist")
            for kind in one["types"]:
                if kind["associationTypeId"] not in type_ids(of, to):
                    raise Wrong(400, "VALIDATION_ERROR", "the association type is of other objects")
                self.links.add((of, a, to, b, kind["associationTypeId"]))
            results.append({"fromObjectTypeId": "0-1", "fromObjectId": a, "toObjectTypeId": "0-2",
                            "toObjectId": b, "labels": []})  # fmt: skip
        return Reply(201, _batched(results))

    def _associated(self, of: str, record: str, to: str) -> Reply:
        plain = {"category": "HUBSPOT_DEFINED", "typeId": type_id(of, to)}
        results = [
            {"toObjectId": b, "associationTypes": [plain]}
            for f, a, t, b, _ in sorted(self.links) if (f, a, t) == (of, record, to)
        ]  # fmt: skip
        return Reply(200, {"results": results})

    def _owners(self, query: Mapping[str, str]) -> Reply:
        """A page of one, so that a client has to request the next."""
        known = sorted(self.owners.items())
        start = int(query.get("after", 0))
        page = [{"id": i, "email": e, "archived": False} for e, i in known[start : start + 1]]
        more = {"paging": {"next": {"after": str(start + 1)}}} if start + 1 < len(known) else {}
        return Reply(200, {"results": page, **more})

    def _property(self, kind: str, body: Mapping[str, Any]) -> Reply:
        if "crm.schemas.contacts.write" not in self.scopes:
            raise Wrong(
                403, "MISSING_SCOPES", "This app hasn't been granted all required scopes",
                context={"requiredGranularScopes": ["crm.schemas.contacts.write"]},
            )  # fmt: skip
        for name in ("name", "label", "type", "fieldType", "groupName"):
            if name not in body:
                raise Wrong(400, "VALIDATION_ERROR", f"{name} is required")
        if body["name"] in self.properties[kind]:
            raise Wrong(409, "OBJECT_ALREADY_EXISTS", "it exists")
        self.properties[kind][body["name"]] = dict(body)
        return Reply(201, dict(body))

    def _now(self) -> str:
        return _iso(BEGAN + timedelta(seconds=next(self._ticks)))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(name: str, value: str) -> str:
    try:
        if value.isdigit():
            return _iso(datetime.fromtimestamp(int(value) / 1000, UTC))
        return _iso(datetime.fromisoformat(value))
    except ValueError:
        raise _invalid(name, "INVALID_DATE", f"{value} was not a valid date") from None


def _calculated(properties: Mapping[str, str]) -> dict[str, str]:
    """The number HubSpot searches by: without the country code."""
    made = {}
    for name, told in (("phone", "phone_number"), ("mobilephone", "mobile_number")):
        digits = re.sub(r"\D", "", properties.get(name, ""))
        if digits:
            made[f"hs_searchable_calculated_{told}"] = (
                digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
            )
    return made


def _shown(made: Mapping[str, Any], upserted: bool = False) -> dict[str, Any]:
    names = ["id", "properties", "createdAt", "updatedAt", "archived", "objectWriteTraceId"]
    names += ["new"] if upserted else []
    return {n: dict(made[n]) if n == "properties" else made[n] for n in names if n in made}


def _batched(results: list[Any]) -> dict[str, Any]:
    at = _iso(BEGAN)
    return {"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}


def _error(category: str, message: str) -> dict[str, Any]:
    correlation = str(uuid5(NAMESPACE_OID, message))
    return {"status": "error", "category": category, "message": message,
            "correlationId": correlation}  # fmt: skip


def _invalid(name: str, code: str, message: str) -> Wrong:
    text = (
        f'Property values were not valid: [{{"isValid":false,"message":"{message}",'
        f'"error":"{code}","name":"{name}"}}]'
    )
    return Wrong(400, "VALIDATION_ERROR", text)
