"""HubSpot's API as we use it: errors with their remedies, and batches."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.crm.records import NotWritten
from core.errors import CrmFailed
from voice_agent.adapters.crm_fields import bare
from voice_agent.adapters.json_wire import Answer, Wire

BATCH = 100
"""Most records per request."""
TOKEN = "set HUBSPOT_ACCESS_TOKEN to the access token of a private app that is in use"
CREATE = "run `voice-agent crm check --create`, or name another property in `crm.hubspot`"
MISSING = "OBJECT_NOT_FOUND"
"""The category of what was looked for and is not there."""
PRIMARY = {("leads", "contacts"): ("HUBSPOT_DEFINED", 578),
           ("leads", "companies"): ("HUBSPOT_DEFINED", 580)}  # fmt: skip
"""A lead's primary contact, which it needs, and company, by the ids in HubSpot's documentation: the
type without a label is that of a further one."""
EXISTING = re.compile(r"[Ee]xisting ID:?\s*(\d+)")


class HubSpotWire:
    """Requests to HubSpot; access problems raise, other refusals are returned."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def ask(
        self, method: str, url: str, body: Any = None, params: Mapping[str, Any] | None = None
    ) -> Answer:
        """One request. Raises: CrmFailed for faults that concern every record."""
        answer = await self._wire.ask(method, url, body=body, params=params)
        if answer.status in (401, 403):
            raise CrmFailed(
                f"HubSpot: {message(answer.body)}", remedy=_access(answer), retryable=False
            )
        return answer

    async def batch(
        self, url: str, inputs: Sequence[Mapping[str, Any]], more: Mapping[str, Any] | None = None
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Answer | None]:
        """Results and errors of all inputs, and the refusal if a whole batch was refused."""
        results: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for n in range(0, len(inputs), BATCH):
            body = {"inputs": list(inputs[n : n + BATCH]), **(more or {})}
            answer = await self.ask("POST", url, body)
            if not answer.ok:
                return results, errors, answer
            results += answer.body.get("results", [])
            errors += answer.body.get("errors", [])
        return results, errors, None

    async def pages(self, url: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All pages of a listing. Raises: CrmFailed."""
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            answer = await self.ask(
                "GET", url, None, {**params, **({"after": after} if after else {})}
            )
            if not answer.ok:
                raise CrmFailed(f"HubSpot: {message(answer.body)}", retryable=False)
            found += answer.body.get("results", [])
            after = answer.body.get("paging", {}).get("next", {}).get("after")
            if not after:
                return found

    async def association(self, of: str, to: str) -> tuple[str, int]:
        """Category and id of the default association between two objects. Raises: CrmFailed."""
        if (of, to) in PRIMARY:
            return PRIMARY[of, to]
        found = await self.pages(f"/crm/v4/associations/{of}/{to}/labels", {})
        plain = [t for t in found if not t.get("label")] or found
        if not plain:
            raise CrmFailed(f"HubSpot does not associate {of} with {to}", retryable=False)
        return plain[0]["category"], plain[0]["typeId"]


def message(body: Any) -> str:
    """HubSpot's error message."""
    return str(body.get("message", "no reason given"))[:500] if isinstance(body, dict) else ""


def refused(error: Mapping[str, Any]) -> NotWritten:
    """The refusal of one record, with its remedy."""
    text, category = message(error), str(error.get("category", "VALIDATION_ERROR"))
    told = f"{category} {error.get('subCategory', '')} {text} {error.get('errors', '')}"
    if category in ("RATE_LIMITS", "INTERNAL_ERROR", "SERVICE_ERROR"):
        return NotWritten(category.lower(), text, "", retryable=True, after_s=1.0)
    for word, remedy in (
        ("PROPERTY_DOESNT_EXIST", f"A property is missing: {CREATE}."),
        ("does not exist", f"A property is missing: {CREATE}."),
        ("INVALID_OPTION", "Add the value to the property's options, or map the field elsewhere."),
        ("INVALID_INTEGER", "The property wants a figure: map the field to a text property."),
        ("INVALID_EMAIL", "The address is none; correct it in the record."),
        ("CONFLICT", "Another record has this value; merge the two in HubSpot."),
    ):
        if word in told:
            return NotWritten(category.lower(), text, remedy)
    return NotWritten(category.lower(), text, f"See what HubSpot says; if in doubt {CREATE}.")


def existing(error: Mapping[str, Any]) -> str:
    """The id of the conflicting record, if HubSpot gives it."""
    found = EXISTING.search(message(error))
    return found[1] if found else ""


def _access(answer: Answer) -> str:
    if answer.status == 401:
        return f"The token is not accepted: {TOKEN}, then retry."
    context = answer.body.get("context", {}) if isinstance(answer.body, dict) else {}
    scopes = context.get("requiredGranularScopes") or context.get("requiredScopes") or []
    names = ", ".join(scopes) or "the scopes `voice-agent crm check` lists"
    return f"Give the private app {names}, then retry."


def is_(name: str, value: str) -> dict[str, str]:
    """A filter for a property with exactly this value."""
    return {"propertyName": name, "operator": "EQ", "value": value}


def search(whom: str, names: Sequence[str]) -> dict[str, Any]:
    """A search for contacts by address, or by number in whatever form: at most five filter groups.

    `names`: properties to return.
    """
    tries = [is_("email", whom.lower())] if "@" in whom else [
        is_("phone", whom), is_("mobilephone", whom),
        is_("hs_searchable_calculated_phone_number", bare(whom)),
        is_("hs_searchable_calculated_mobile_number", bare(whom)),
    ]  # fmt: skip
    return {
        "filterGroups": [{"filters": [one]} for one in tries],
        "properties": list(names), "sorts": ["createdate"], "limit": 5, "after": "0",
    }  # fmt: skip
