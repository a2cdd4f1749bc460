"""A Salesforce org on a loopback port: the documented rules of its records, failing on demand.

Tokens by the client credentials flow, revocable; upserts by External ID (201, 200 or 204, 300 when
several match); required fields, types, lengths, picklists, references, duplicates.
"""

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.fakes.salesforce_objects import OURS, PREFIXES, STANDARD, Field
from tests.fakes.vendor_server import Fault, Reply, Request, VendorServer

CLIENT, SECRET = "3MVG9-client", "sssh"
BASE = "/services/data/v61.0"
KEY = "Voice_Agent_Key__c"
OBJECTS = ("Account", "Contact", "Lead", "Task", "Event")


class Wrong(Exception):
    """An error response as Salesforce sends it."""

    def __init__(self, status: int, code: str, message: str, *names: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = [{"message": message, "errorCode": code, "fields": list(names), **more}]


class Salesforce(VendorServer):
    """One org. `validated` counts valid record requests."""

    def __init__(self, *, fields: bool = True) -> None:
        super().__init__()
        self.fields = {
            name: {**known, **(OURS if fields and name in OBJECTS else {})}
            for name, known in STANDARD.items()
        }
        self.records: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in STANDARD}
        self._ids = itertools.count(1)
        self._tokens = itertools.count(1)
        self.token = ""
        self.tokens = 0
        """Tokens issued."""
        self.validated = 0
        self.silent = False
        """Responds to an upsert of an existing record with an empty 204, as older versions do."""
        self.blocks_duplicates = False
        self.reassigns = ""
        self.users = {
            address: self.put("User", Email=address, IsActive=True)
            for address in ("sam@tideline.example", "kim@tideline.example")
        }

    # --- what a test looks at or does as a person would

    def all(self, name: str) -> list[dict[str, Any]]:
        return [r for r in self.records[name].values() if not r["IsDeleted"]]

    def put(self, name: str, **fields: Any) -> str:
        record = f"{PREFIXES[name]}5e00000{next(self._ids):05d}AAA"
        self.records[name][record] = {"Id": record, "IsDeleted": False, **fields}
        return record

    def revoke(self) -> None:
        """Revoke the token."""
        self.token = "revoked"

    # --- the wire

    def failure(self, fault: Fault) -> Reply:
        match fault:
            case "429":
                return Reply(429, [{"message": "too many", "errorCode": "TOO_MANY_REQUESTS"}],
                             {"Retry-After": self.retry_after})  # fmt: skip
            case "unauthorized":
                body = [
                    {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
                ]
                return Reply(401, body)
            case "partial":
                body = [{"message": "unable to obtain exclusive access to this record",
                         "errorCode": "UNABLE_TO_LOCK_ROW", "fields": []}]  # fmt: skip
                return Reply(400, body)
        return Reply(int(fault), [{"message": "unavailable", "errorCode": "SERVER_UNAVAILABLE"}])

    def half(self, request: Request) -> Reply:
        """There are no batches here: of several records one is locked."""
        return self.failure("partial")

    def answer(self, request: Request) -> Reply:
        if request.path == "/services/oauth2/token":
            return self._grant(request.body)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return self.failure("unauthorized")
        try:
            reply = self._route(request)
        except Wrong as wrong:
            return Reply(wrong.status, wrong.body)
        self.validated += 1
        return reply

    def _grant(self, form: Mapping[str, str]) -> Reply:
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type", "error_description": "no"})
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            body = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return Reply(400, body)
        self.tokens += 1
        self.token = f"00D-token-{next(self._tokens)}"
        body = {"access_token": self.token, "instance_url": self.url, "token_type": "Bearer",
                "id": self.url, "issued_at": "1", "signature": "s"}  # fmt: skip
        return Reply(200, body)

    def _route(self, request: Request) -> Reply:  # noqa: C901
        assert request.path.startswith(BASE), request.path
        parts = request.path.removeprefix(BASE).strip("/").split("/")
        match [request.method, *parts]:
            case ["GET", "query"]:
                return self._query(request.query["q"])
            case ["GET", "search"]:
                return self._search(request.query["q"])
            case ["POST", "tooling", "sobjects", "CustomField"]:
                return self._custom(request.body)
            case ["GET", "sobjects", name, "describe"]:
                return self._describe(name)
            case ["GET", "sobjects", name, record]:
                return self._shown(name, self._live(name, record), request.query)
            case ["GET", "sobjects", name, by, value]:
                matches = self._by(name, by, value)
                if len(matches) > 1:
                    return Reply(300, [f"{BASE}/sobjects/{name}/{m['Id']}" for m in matches])
                return self._shown(name, matches[0] if matches else None, request.query)
            case ["DELETE", "sobjects", name, record]:
                if (found := self._live(name, record)) is None:
                    raise Wrong(404, "ENTITY_IS_DELETED", "entity is deleted")
                found["IsDeleted"] = True
                return Reply(204)
            case ["PATCH", "sobjects", name, record]:
                found = self._live(name, record)
                if found is None:
                    raise Wrong(404, "ENTITY_IS_DELETED", "entity is deleted")
                self._change(name, found, request)
                return Reply(204)
            case ["PATCH", "sobjects", name, by, value]:
                return self._upsert(name, by, value, request)
        raise Wrong(404, "NOT_FOUND", f"The requested resource does not exist: {request.path}")

    # --- records

    def _live(self, name: str, record: str) -> dict[str, Any] | None:
        found = self.records.get(name, {}).get(record)
        return None if found is None or found["IsDeleted"] else found

    def _by(self, name: str, by: str, value: str) -> list[dict[str, Any]]:
        if by not in self.fields[name]:
            raise Wrong(404, "NOT_FOUND", f"Provided external ID field does not exist: {by}")
        return [r for r in self.all(name) if r.get(by) == value]

    def _shown(self, name: str, found: dict[str, Any] | None, query: Mapping[str, str]) -> Reply:
        wanted = query["fields"].split(",")
        for one in wanted:
            if one != "Id" and one not in self.fields[name]:
                raise Wrong(400, "INVALID_FIELD", f"No such column '{one}' on entity '{name}'")
        if found is None:
            raise Wrong(404, "NOT_FOUND", "The requested resource does not exist")
        return Reply(200, {"attributes": {"type": name}, **{n: found.get(n) for n in wanted}})

    def _upsert(self, name: str, by: str, value: str, request: Request) -> Reply:
        matches = self._by(name, by, value)
        if by in request.body:
            raise Wrong(400, "INVALID_FIELD", f"The {by} field should not be in the sobject data")
        if len(matches) > 1:
            return Reply(300, [f"{BASE}/sobjects/{name}/{m['Id']}" for m in matches])
        if matches:
            self._change(name, matches[0], request)
            if self.silent:
                return Reply(204)
            return Reply(200, {"id": matches[0]["Id"], "success": True, "errors": [],
                               "created": False})  # fmt: skip
        values = self._checked(name, request.body, new=True)
        for one, field in self.fields[name].items():
            if field.required and not values.get(one):
                raise Wrong(
                    400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{one}]", one
                )
        self._duplicates(name, values)
        record = self.put(name, **{by: value}, **values)
        self._reassign(self.records[name][record])
        return Reply(201, {"id": record, "success": True, "errors": [], "created": True})

    def _change(self, name: str, found: dict[str, Any], request: Request) -> None:
        if found.get("IsConverted"):
            raise Wrong(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
        found.update(self._checked(name, request.body, new=False))
        self._reassign(found)

    def _reassign(self, found: dict[str, Any]) -> None:
        if self.reassigns and "OwnerId" in found:
            found["OwnerId"] = self.reassigns

    def _checked(self, name: str, body: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
        made = {}
        for one, value in body.items():
            field = self.fields[name].get(one)
            if field is None:
                raise Wrong(
                    400, "INVALID_FIELD", f"No such column '{one}' on sobject of type {name}", one
                )
            if not new and not field.updateable:
                raise Wrong(400, "INVALID_FIELD_FOR_INSERT_UPDATE",
                            f"Unable to create/update fields: {one}", one)  # fmt: skip
            made[one] = self._value(name, one, field, value)
        who = made.get("WhoId", "")
        if who and who.startswith(PREFIXES["Lead"]) and made.get("WhatId"):
            raise Wrong(
                400, "FIELD_INTEGRITY_EXCEPTION", "WhatId cannot be set with a lead", "WhatId"
            )
        return made

    def _value(self, name: str, one: str, field: Field, value: Any) -> Any:
        if value is None:
            return None
        wanted: dict[str, type | tuple[type, ...]] = {
            "int": int, "double": (int, float), "boolean": bool,
        }  # fmt: skip
        kind = wanted.get(field.type, str)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Wrong(400, "JSON_PARSER_ERROR", f"Cannot deserialize {one} from {value!r}", one)
        if isinstance(value, str):
            value = value.strip()
            if len(value) > field.length:
                raise Wrong(400, "STRING_TOO_LONG", f"{one}: data value too large", one)
        if field.choices and value not in field.choices:
            raise Wrong(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"bad value for {one}", one)
        if field.refers and not any(value in self.records[n] for n in field.refers):
            raise Wrong(
                400, "INVALID_CROSS_REFERENCE_KEY", f"invalid cross reference id: {one}", one
            )
        if field.type == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            raise Wrong(400, "INVALID_EMAIL_ADDRESS", f"{one}: invalid email address", one)
        if field.type == "date":
            datetime.strptime(value, "%Y-%m-%d")
        if field.type == "datetime":
            at = datetime.fromisoformat(value)
            return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        return value.replace("\n", "\r\n") if field.type == "textarea" else value

    def _duplicates(self, name: str, values: Mapping[str, Any]) -> None:
        if not self.blocks_duplicates or name != "Contact" or not values.get("Email"):
            return
        alike = [
            r for r in self.all(name) if (r.get("Email") or "").lower() == values["Email"].lower()
        ]
        if alike:
            found = [{"record": {"Id": r["Id"]}} for r in alike]
            raise Wrong(400, "DUPLICATES_DETECTED", "Use one of these records?",
                        duplicateResult={"matchResults": [{"matchRecords": found}]})  # fmt: skip

    # --- queries

    def _query(self, soql: str) -> Reply:
        """`SELECT … FROM … WHERE … [AND …] [ORDER BY …] [LIMIT n]`, with `=` and `IN` only."""
        shape = re.fullmatch(
            r"SELECT ([\w., ]+) FROM (\w+) WHERE (.+?)(?: ORDER BY \w+)?(?: LIMIT (\d+))?", soql
        )
        if shape is None or shape[2] not in self.fields:
            raise Wrong(400, "MALFORMED_QUERY", f"unexpected token: {soql}")
        hits = [r for r in self.all(shape[2]) if self._holds(shape[2], r, shape[3])]
        names = [n.strip() for n in shape[1].split(",")]
        joined = self._joined if shape[2] == "Contact" else _only
        rows = [joined(r, names) for r in hits[: int(shape[4] or 2000)]]
        return Reply(200, {"totalSize": len(rows), "done": True, "records": rows})

    def _holds(self, name: str, record: Mapping[str, Any], where: str) -> bool:
        text = r"'(?:[^'\\]|\\.)*'"
        for condition in re.split(r" AND ", where):
            shape = re.fullmatch(
                rf"(\w+) (?:= ({text}|true|false)|IN \(((?:{text}(?:, )?)+)\))", condition
            )
            if shape is None or shape[1] not in self.fields[name]:
                raise Wrong(400, "INVALID_FIELD", f"No such column in {condition}")
            told = re.findall(rf"{text}|true|false", shape[2] or shape[3])
            values = [_literal(t) for t in told]
            have = record.get(shape[1])
            if (have.lower() if isinstance(have, str) else bool(have)) not in values:
                return False
        return True

    def _search(self, sosl: str) -> Reply:
        """`FIND {…} IN PHONE FIELDS RETURNING Contact(…)`."""
        shape = re.fullmatch(
            r"FIND \{(\d+)\} IN PHONE FIELDS RETURNING Contact\(([\w., ]+?)"
            r"(?: ORDER BY \w+)?(?: LIMIT (\d+))?\)", sosl,
        )  # fmt: skip
        if shape is None:
            raise Wrong(400, "MALFORMED_SEARCH", f"unexpected token: {sosl}")
        found = []
        for one in self.all("Contact"):
            numbers = [re.sub(r"\D", "", one.get(n) or "") for n in ("Phone", "MobilePhone")]
            if any(shape[1] in n for n in numbers if n):
                found.append(self._joined(one, [n.strip() for n in shape[2].split(",")]))
        return Reply(200, {"searchRecords": found[: int(shape[3] or 200)]})

    def _joined(self, record: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
        account = self.records["Account"].get(record.get("AccountId") or "")
        name = " ".join(filter(None, (record.get("FirstName"), record.get("LastName"))))
        full = {**record, "Name": name}
        made = {n: full.get(n) for n in names if "." not in n}
        inner = [n.partition(".")[2] for n in names if n.startswith("Account.")]
        for one in inner:
            if one not in self.fields["Account"]:
                text = f"No such column '{one}' on entity 'Account'."
                raise Wrong(400, "INVALID_FIELD", text)
        made["Account"] = {n: account.get(n) for n in inner} if account else None
        return made

    # --- the org's own description

    def _describe(self, name: str) -> Reply:
        found = [
            {"name": n, "type": f.type, "length": f.length, "updateable": f.updateable,
             "createable": True, "externalId": f.unique, "unique": f.unique}
            for n, f in self.fields[name].items()
        ]  # fmt: skip
        return Reply(200, {"name": name, "fields": found})

    def _custom(self, body: Mapping[str, Any]) -> Reply:
        of, _, name = body["FullName"].partition(".")
        told = body["Metadata"]
        made = {
            "Text": Field(length=told.get("length", 255), unique=told.get("unique", False)),
            "Number": Field("double"), "DateTime": Field("datetime"), "Url": Field("url"),
            "LongTextArea": Field("textarea", 32_000),
        }[told["type"]]  # fmt: skip
        for one in ("Task", "Event") if of == "Activity" else (of,):
            if name in self.fields[one]:
                raise Wrong(
                    400, "DUPLICATE_DEVELOPER_NAME", f"There is already a field named {name}"
                )
        for one in ("Task", "Event") if of == "Activity" else (of,):
            self.fields[one] = {**self.fields[one], name: made}
        return Reply(201, {"id": "00N", "success": True, "errors": []})


def _only(record: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {n: record.get(n) for n in names}


def _literal(told: str) -> Any:
    """A value in a query: a text in lower case, or a boolean."""
    if told in ("true", "false"):
        return told == "true"
    return re.sub(r"\\(.)", r"\1", told[1:-1]).lower()
