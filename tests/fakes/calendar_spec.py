"""What Google's Calendar API (v3) and Microsoft Graph (v1.0) accept and return of events, as far as
we use it: names, types and values, after the public API descriptions (Google's discovery document;
Graph's OpenAPI). Everything else is refused."""

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]


def thing(*required: str, **properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": list(required),
        "additionalProperties": False,
    }  # fmt: skip


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def one_of(*values: str) -> Schema:
    return {"enum": list(values)}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "string", "pattern": "^[0-9]+$"}
"""A whole number in a query."""
RFC3339: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}
TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 1024}}

GOOGLE_TIME = {
    "oneOf": [thing("date", date={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}),
              thing("dateTime", dateTime=RFC3339, timeZone=TEXT, date={"type": "null"})]
}  # fmt: skip
"""A day or an instant; a PATCH changes one to the other with a null."""
GOOGLE_GUEST = thing(
    "email", email=TEXT, displayName=TEXT, optional=FLAG, organizer=FLAG, self=FLAG,
    responseStatus=one_of("needsAction", "declined", "tentative", "accepted"), comment=TEXT,
)  # fmt: skip
GOOGLE_EVENT = thing(
    id={"type": "string", "pattern": "^[a-v0-9]{5,1024}$"}, etag=TEXT, kind=TEXT,
    status=one_of("confirmed", "tentative", "cancelled"), summary=TEXT, description=TEXT,
    location=TEXT, start=GOOGLE_TIME, end=GOOGLE_TIME,
    transparency=one_of("opaque", "transparent"), attendees=many(GOOGLE_GUEST),
    extendedProperties=thing(private=TEXTS, shared=TEXTS), recurrence=many(TEXT),
    eventType=one_of("default", "outOfOffice", "focusTime", "workingLocation", "birthday",
                     "fromGmail"),
    reminders=thing(useDefault=FLAG, overrides=many({})), conferenceData={"type": "object"},
    attachments=many({"type": "object"}), sequence={"type": "integer"}, iCalUID=TEXT,
)  # fmt: skip
_SENT = {
    "sendUpdates": one_of("all", "externalOnly", "none"), "conferenceDataVersion": one_of("0", "1"),
    "maxAttendees": WHOLE, "supportsAttachments": one_of("true", "false"), "fields": TEXT,
}  # fmt: skip
GOOGLE_QUERIES: dict[str, Schema] = {
    "list": thing(
        timeMin=RFC3339, timeMax=RFC3339, singleEvents=one_of("true", "false"), pageToken=TEXT,
        maxResults=WHOLE, maxAttendees=WHOLE, fields=TEXT, showDeleted=one_of("true", "false"),
        orderBy=one_of("startTime", "updated"), timeZone=TEXT,
    ),
    "get": thing(maxAttendees=WHOLE, timeZone=TEXT, fields=TEXT),
    "insert": thing(**_SENT), "update": thing(**_SENT), "patch": thing(**_SENT),
    "delete": thing(sendUpdates=_SENT["sendUpdates"]),
}  # fmt: skip

GRAPH_TIME = thing("dateTime", "timeZone", timeZone=TEXT, dateTime={
    "type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?$"})  # fmt: skip
GRAPH_STATUS = thing(
    response=one_of(
        "none", "organizer", "tentativelyAccepted", "accepted", "declined", "notResponded"
    ),
    time=TEXT,
)
GRAPH_GUEST = thing(
    "emailAddress", emailAddress=thing("address", address=TEXT, name=TEXT),
    type=one_of("required", "optional", "resource"), status=GRAPH_STATUS,
)  # fmt: skip
GRAPH_EVENT_WRITTEN = thing(
    subject=TEXT, body=thing(contentType=one_of("text", "html"), content=TEXT), start=GRAPH_TIME,
    end=GRAPH_TIME, isAllDay=FLAG, attendees=many(GRAPH_GUEST),
    showAs=one_of("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    location=thing(displayName=TEXT), categories=many(TEXT), transactionId=TEXT,
    singleValueExtendedProperties=many(
        thing("id", "value", value=TEXT, id={
            "type": "string", "pattern": r"^String \{[0-9a-f-]{36}\} Name \S+$"})
    ),
)  # fmt: skip
"""The writable part of an event; more of it can be read."""
_ODATA = {"$select": TEXT, "$expand": TEXT, "$top": WHOLE, "$skip": WHOLE, "$filter": TEXT}
GRAPH_QUERIES: dict[str, Schema] = {
    "calendarView": thing(
        "startDateTime", "endDateTime", startDateTime=RFC3339, endDateTime=RFC3339, **_ODATA
    ),
    "events": thing(**_ODATA), "attachments": thing(**_ODATA), "calendar": thing(**_ODATA),
}  # fmt: skip


def complaint(schema: Schema, body: Any) -> str:
    """The first violation of a schema; empty when there is none."""
    error = next(iter(Draft202012Validator(schema).iter_errors(body)), None)
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" if error else ""
