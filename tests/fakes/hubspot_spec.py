"""HubSpot's published API description, enforced: paths, parameters, bodies and responses."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SPECS = Path(os.environ.get("VOICE_AGENT_TEST_SPECS", Path(__file__).parents[3] / "shared/specs"))
OBJECTS = ("contacts", "companies", "leads", "calls", "meetings", "tasks", "notes", "deals")
FILES = (*(f"hubspot_crm_v3_{name}.json" for name in OBJECTS), "hubspot_crm_v4_associations.json")
PRESENT = all((SPECS / name).is_file() for name in FILES)


def strict(node: Any) -> Any:
    """The schema as JSON Schema, with every undescribed name forbidden.

    An error's `sub_category` is described as an object and sent as a text: that is allowed.
    """
    if isinstance(node, list):
        return [strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: strict(value) for key, value in node.items() if key not in ("nullable", "example")}
    if isinstance(made.get("properties"), dict) and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


@cache
def operations() -> list[tuple[str, re.Pattern[str], dict[str, Any], dict[str, Any]]]:
    """Method, path, operation and components of everything described."""
    found = []
    for name in FILES if PRESENT else ():
        spec = json.loads((SPECS / name).read_text())
        components = strict(spec["components"])
        for path, methods in spec["paths"].items():
            pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + "$")
            for method, operation in methods.items():
                if method in ("get", "post", "patch", "put", "delete"):
                    found.append((method.upper(), pattern, operation, components))
    # A fixed path takes precedence over one with a parameter in its place.
    return sorted(found, key=lambda one: one[1].pattern.count("[^/]+"))


@cache
def _validator(schema: str, components: int) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": _COMPONENTS[components]})


_COMPONENTS: dict[int, Any] = {}


def complaint(schema: dict[str, Any], components: dict[str, Any], body: Any) -> str | None:
    """The first violation of a schema, or None."""
    _COMPONENTS[id(components)] = components
    validator = _validator(json.dumps(strict(schema)), id(components))
    error = next(iter(validator.iter_errors(body)), None)
    if error is None:
        return None
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def operation_of(method: str, path: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The description of a request; None when there is none."""
    for known, pattern, operation, components in operations():
        if known == method and pattern.match(path):
            return operation, components
    return None


def request_complaint(method: str, path: str, query: dict[str, str], body: Any) -> str | None:
    """The violation in a described request. Raises: LookupError for an undescribed one."""
    found = operation_of(method, path)
    if found is None:
        raise LookupError(f"{method} {path}")
    operation, components = found
    known = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "query"}
    for name in query:
        if name not in known:
            return f"{name} is no parameter of {method} {path}"
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None if body is None else f"{method} {path} takes no body"
    return complaint(content["schema"], components, body)


def answer_complaint(method: str, path: str, status: int, body: Any) -> str | None:
    """The violation in a response of ours to a described request."""
    found = operation_of(method, path)
    if found is None:
        return None
    operation, components = found
    content = operation["responses"].get(str(status), {}).get("content", {})
    if "application/json" not in content:
        return None
    return complaint(content["application/json"]["schema"], components, body)
