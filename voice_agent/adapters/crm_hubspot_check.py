"""What `voice-agent crm check` checks in HubSpot, and the properties it creates there."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.crm.records import Finding
from core.errors import CrmFailed
from voice_agent.adapters.crm_fields import TYPES, Owners, Sheet, no_customers
from voice_agent.adapters.crm_hubspot_fields import KEY
from voice_agent.adapters.crm_hubspot_wire import CREATE, TOKEN, HubSpotWire, message

GROUP = "voice_agent"
READ = ("contacts", "companies", "leads", "deals", "owners")
WRITE = ("contacts", "companies", "leads")
SCOPES = tuple(f"crm.objects.{n}.read" for n in READ) + tuple(
    f"crm.objects.{n}.write" for n in WRITE
)
TO_CREATE = ("crm.schemas.contacts.write", "crm.schemas.companies.write")


async def check(
    wire: HubSpotWire, token: str, sheets: Mapping[str, Sheet], owners: Owners, customers: str, *,
    create: bool,
) -> Sequence[Finding]:  # fmt: skip
    """Everything that would keep records from being written, with its remedy.

    `customers`: the contact property that marks customers; empty: none.
    """
    found: list[Finding] = []
    try:
        if not await _token(wire, token, found, create):
            return found
        await _owners(wire, owners, found)
        for name in dict.fromkeys(s.object for s in sheets.values()):
            mine = [s for s in sheets.values() if s.object == name]
            read = customers if name == "contacts" else ""
            await _properties(wire, name, mine, read, found, create)
    except CrmFailed as error:
        found.append(Finding("error", f"{error}; {error.remedy or 'try again later'}"))
    return found


async def _token(wire: HubSpotWire, token: str, found: list[Finding], create: bool) -> bool:
    url = "/oauth/v2/private-apps/get/access-token-info"
    answer = await wire.ask("POST", url, {"tokenKey": token})
    if not answer.ok:
        found.append(Finding("error", f"HubSpot: {message(answer.body)}; {TOKEN}"))
        return False
    found.append(Finding("ok", f"HubSpot account {answer.body.get('hubId')}: the token is valid"))
    has = set(answer.body.get("scopes", ()))
    for scope in (*SCOPES, *(TO_CREATE if create else ())):
        if scope not in has:
            found.append(Finding("error", f"scope {scope} is missing; give it to the private app"))
    return True


async def _owners(wire: HubSpotWire, owners: Owners, found: list[Finding]) -> None:
    users = await wire.pages("/crm/v3/owners", {"limit": 100})
    there = [o["email"] for o in users if o.get("email")]
    found += owners.missing(there, "HubSpot user", "invite them")


async def _properties(
    wire: HubSpotWire, name: str, sheets: Sequence[Sheet], read: str, found: list[Finding],
    create: bool,
) -> None:  # fmt: skip
    """The properties of one object: existing, to be created, misspelt."""
    answer = await wire.ask("GET", f"/crm/v3/properties/{name}")
    if not answer.ok:
        found.append(Finding("error", f"{name}: {message(answer.body)}"))
        return
    there = {p["name"]: p for p in answer.body["results"]}
    wanted = {called: ours for s in sheets for ours, called in s.names.items() if called}
    if read and read not in there:
        found.append(Finding("warning", no_customers(name, "property", read, "hubspot")))
    missing = [n for n in (KEY, *sorted(wanted)) if n not in there]
    key = there.get(KEY)
    if key is not None and not key.get("hasUniqueValue"):
        text = f"{name}: the property {KEY} is not unique, so records could be made twice"
        found.append(Finding("error", f"{text}; delete it, then {CREATE}"))
    if missing and create:
        await wire.ask(
            "POST", f"/crm/v3/properties/{name}/groups", {"name": GROUP, "label": "Voice agent"}
        )
    for one in missing:
        if not (create and one.startswith(GROUP)):
            remedy = CREATE if one.startswith(GROUP) else "correct `crm.hubspot` in company.yaml"
            found.append(Finding("error", f"{name}: the property {one} is missing; {remedy}"))
            continue
        made = await wire.ask("POST", f"/crm/v3/properties/{name}", _property(one, wanted.get(one)))
        if made.ok or made.status == 409:
            found.append(Finding("ok", f"{name}: made the property {one}"))
        else:
            found.append(Finding("error", f"{name}: {one}: {message(made.body)}"))
    if not missing:
        found.append(Finding("ok", f"{name}: {len(wanted) + 1} properties are there"))


def _property(name: str, ours: str | None) -> dict[str, Any]:
    """A property of ours as HubSpot's API creates it."""
    made = {
        "name": name, "label": name.replace("_", " ").capitalize(), "groupName": GROUP,
        "type": "string", "fieldType": "text",
    }  # fmt: skip
    kind = TYPES.get(ours or "", "text")
    if kind == "number":
        made |= {"type": "number", "fieldType": "number"}
    elif kind == "long":
        made |= {"fieldType": "textarea"}
    return {**made, "hasUniqueValue": True} if name == KEY else made
