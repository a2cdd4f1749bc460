"""Twilio's API description; every request and response is checked against it.

The description is read from VOICE_AGENT_TEST_SPECS; without it only a few requests' names are
known, and responses are not checked.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jsonschema

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
CALLS = f"{ACCOUNT}/Calls.json"
CALL = f"{ACCOUNT}/Calls/{{Sid}}.json"
PARTICIPANT = f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Participants/{{CallSid}}.json"
RECORDING = f"{ACCOUNT}/Recordings/{{Sid}}.json"
KNOWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("post", CALLS): (
        "To", "From", "Url", "Twiml", "Method", "StatusCallback", "StatusCallbackEvent",
        "StatusCallbackMethod", "Timeout", "TimeLimit", "MachineDetection",
        "MachineDetectionTimeout", "AsyncAmd", "AsyncAmdStatusCallback",
    ),
    ("post", CALL): ("Url", "Twiml", "Method", "Status", "StatusCallback", "TimeLimit"),
    ("get", CALL): (),
    ("post", PARTICIPANT): ("Muted", "Hold", "HoldUrl", "EndConferenceOnExit"),
    ("delete", PARTICIPANT): (),
    ("get", RECORDING): (),
    ("delete", RECORDING): (),
}  # fmt: skip
"""Known requests when the description is not available."""
CHOICES: dict[str, dict[str, Any]] = {
    "Method": {"enum": ["GET", "POST"]},
    "Status": {"enum": ["canceled", "completed"]},
    "StatusCallbackEvent": {"type": "array"},
}


@cache
def description() -> dict[str, Any] | None:
    """Twilio's API description; None when it is not available."""
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
    """A named schema; without the description the empty one, which allows everything."""
    spec = description()
    return spec["components"]["schemas"][name] if spec else {}


@cache
def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of a response."""
    schema: dict[str, Any] = resolved(component(name))
    return schema


@cache
def paths() -> dict[str, re.Pattern[str]]:
    """Every path of the description, with its pattern."""
    spec = description()
    known = spec["paths"] if spec else dict.fromkeys(path for _, path in KNOWN)
    sid = re.compile(r"\{\w+\}")
    return {
        path: re.compile(sid.sub(r"([A-Z]{2}[0-9a-fA-F]{32})", path) + "$".replace(".", r"\."))
        for path in known
    }


def operation(method: str, path: str) -> tuple[str, tuple[str, ...]] | None:
    """The description's path for a request, and the sids in it."""
    for template, pattern in paths().items():
        found = pattern.fullmatch(path)
        spec = description()
        known = spec["paths"][template] if spec else {m for m, p in KNOWN if p == template}
        if found is not None and method in known:
            return template, found.groups()
    return None


def form(method: str, template: str, body: str) -> dict[str, Any]:
    """A request's fields, in their types. Raises: ValueError with the violation.

    The description gives names, types and choices.
    """
    given = parse_qs(body, keep_blank_values=True, strict_parsing=bool(body))
    schema = _form_schema(method, template)
    if unknown := set(given) - set(schema["properties"]):
        raise ValueError(f"{', '.join(sorted(unknown))}: not a parameter of this request")
    typed = {name: _typed(schema["properties"][name], values) for name, values in given.items()}
    try:
        jsonschema.validate(typed, schema)
    except jsonschema.ValidationError as wrong:
        raise ValueError(str(wrong).splitlines()[0]) from wrong
    return typed


@cache
def _form_schema(method: str, template: str) -> dict[str, Any]:
    spec = description()
    if spec is None:
        names = KNOWN[method, template]
        return {"properties": {n: CHOICES.get(n, {}) for n in names}, "required": []}
    body = spec["paths"][template][method].get("requestBody")
    if body is None:
        return {"properties": {}, "required": []}
    schema: dict[str, Any] = resolved(
        body["content"]["application/x-www-form-urlencoded"]["schema"]
    )
    return {"required": [], **schema}


def _typed(schema: Mapping[str, Any], values: list[str]) -> Any:
    match schema.get("type"):
        case "array":
            return values
        case "integer":
            return int(values[-1])
        case "boolean":
            return {"true": True, "false": False}[values[-1].lower()]
    return values if len(values) > 1 else values[-1]
