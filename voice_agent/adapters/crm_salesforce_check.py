"""What `voice-agent crm check` checks in Salesforce, and the fields it creates there."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.crm.records import Finding
from core.errors import CrmFailed
from voice_agent.adapters.crm_fields import TYPES, Owners, Sheet, no_customers
from voice_agent.adapters.crm_salesforce_fields import KEY
from voice_agent.adapters.crm_salesforce_wire import CREATE, SalesforceWire, message, quoted

OURS = "Voice_Agent_"
ACTIVITIES = ("Task", "Event")
"""Both take their custom fields from the object Activity."""
VISIBLE = (
    "new fields are hidden until a permission set of the user we run as lets them read and edit"
)


async def check(
    wire: SalesforceWire, sheets: Mapping[str, Sheet], owners: Owners, customers: str, *,
    create: bool,
) -> Sequence[Finding]:  # fmt: skip
    """Everything that would keep records from being written, with its remedy.

    `customers`: the account field that marks customers; empty: none.
    """
    found: list[Finding] = []
    try:
        await _owners(wire, owners, found)
        for name in dict.fromkeys(s.object for s in sheets.values()):
            mine = [s for s in sheets.values() if s.object == name]
            read = customers if name == "Account" else ""
            await _fields(wire, name, mine, read, found, create)
    except CrmFailed as error:
        found.append(Finding("error", f"{error}; {error.remedy or 'try again later'}"))
    return found


async def _owners(wire: SalesforceWire, owners: Owners, found: list[Finding]) -> None:
    wanted = ", ".join(quoted(address) for address in owners.addresses)
    rows = await wire.query(
        f"SELECT Id, Email FROM User WHERE IsActive = true AND Email IN ({wanted})"
    )
    found.append(Finding("ok", "Salesforce: the connected app may sign in"))
    there = [row["Email"] for row in rows]
    found += owners.missing(there, "active Salesforce user", "make one")


async def _fields(
    wire: SalesforceWire, name: str, sheets: Sequence[Sheet], read: str, found: list[Finding],
    create: bool,
) -> None:  # fmt: skip
    """The fields of one object: existing, to be created, not writable."""
    answer = await wire.ask("GET", f"/sobjects/{name}/describe")
    if not answer.ok:
        text = f"{name}: {message(answer.body)}; give the user we run as access to it"
        found.append(Finding("error", text))
        return
    there = {f["name"]: f for f in answer.body["fields"]}
    wanted = {called: ours for s in sheets for ours, called in s.names.items() if called}
    if read and read not in there:
        found.append(Finding("warning", no_customers(name, "field", read, "salesforce")))
    key = there.get(KEY)
    if key is not None and not (key.get("externalId") and key.get("unique")):
        text = f"{name}: {KEY} is no unique External ID, so records could be made twice"
        found.append(Finding("error", f"{text}; tick both in its definition"))
    missing = [n for n in (KEY, *sorted(wanted)) if n not in there]
    for one in missing:
        await _missing(wire, name, one, wanted.get(one), found, create)
    for one in wanted:
        known = there.get(one)
        if known is not None and not (known.get("updateable") or known.get("createable")):
            text = f"{name}: the user we run as may not write {one}; allow it, or map another"
            found.append(Finding("error", text))
    if not missing:
        found.append(Finding("ok", f"{name}: {len(wanted) + 1} fields are there"))


async def _missing(
    wire: SalesforceWire, name: str, one: str, ours: str | None, found: list[Finding], create: bool
) -> None:
    if not (create and one.startswith(OURS)):
        remedy = CREATE if one.startswith(OURS) else "correct `crm.salesforce` in company.yaml"
        found.append(Finding("error", f"{name}: the field {one} is missing; {remedy}"))
        return
    of = "Activity" if name in ACTIVITIES else name
    body = {"FullName": f"{of}.{one}", "Metadata": _metadata(one, ours)}
    made = await wire.ask("POST", "/tooling/sobjects/CustomField", body)
    if made.ok:
        found.append(Finding("ok", f"{name}: made the field {one}; {VISIBLE}"))
    elif "DUPLICATE_DEVELOPER_NAME" not in str(made.body):  # Task and Event share theirs
        text = (
            f"{name}: {one}: {message(made.body)}; the user we run as needs Customize Application"
        )
        found.append(Finding("error", text))


def _metadata(name: str, ours: str | None) -> dict[str, Any]:
    """A field of ours as Salesforce's API creates it."""
    label = name.removesuffix("__c").replace("_", " ")
    if name == KEY:
        return {"label": label, "type": "Text", "length": 64, "externalId": True, "unique": True,
                "caseSensitive": True}  # fmt: skip
    match TYPES.get(ours or "", "text"):
        case "number":
            return {"label": label, "type": "Number", "precision": 18, "scale": 3}
        case "instant":
            return {"label": label, "type": "DateTime"}
        case "url":
            return {"label": label, "type": "Url"}
        case "long":
            return {"label": label, "type": "LongTextArea", "length": 32_000, "visibleLines": 5}
        case _:
            return {"label": label, "type": "Text", "length": 255}
