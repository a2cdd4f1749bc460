"""`SalesforceCrm`: accounts, contacts, leads, tasks and events in Salesforce.

Everything is upserted by one unique External ID of ours; an existing record of the same person or
company is adopted if there is exactly one.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import anyio

from core.crm.records import (
    Deal,
    Finding,
    Found,
    FoundBy,
    Kind,
    NotWritten,
    Ref,
    Stored,
    Write,
    Written,
)
from core.errors import CrmFailed
from knowledge.profile import Company
from voice_agent.adapters.crm_fields import (
    Owners,
    Sheet,
    addresses,
    bare,
    customer_by,
    found_by,
    sheet_of,
    sheets,
)
from voice_agent.adapters.crm_salesforce_check import check
from voice_agent.adapters.crm_salesforce_fields import (
    BORN_ONLY,
    DEFAULTS,
    KEY,
    ON_ITS_DAY,
    Codec,
    day_of,
    signal,
    truth,
)
from voice_agent.adapters.crm_salesforce_wire import (
    NO_KEY,
    SalesforceWire,
    code,
    fields,
    message,
    part,
    quoted,
    refused,
    unreadable,
)
from voice_agent.adapters.json_wire import Answer

CONVERTED = "CANNOT_UPDATE_CONVERTED_LEAD"
FOUND = ("Id, Name, Email, Phone, MobilePhone, Title, OwnerId, AccountId, Account.Name,"
         " Account.NumberOfEmployees, Account.Industry")  # fmt: skip
LINKS: Mapping[str, Mapping[Kind, str]] = {
    "Contact": {"account": "AccountId"},
    "Task": {"contact": "WhoId", "account": "WhatId"},
    "Event": {"contact": "WhoId", "account": "WhatId"},
}
"""The lookup field by which each object refers to its parents."""


class SalesforceCrm:
    """Implements `core.ports.Crm` on Salesforce's REST API."""

    name = "salesforce"

    def __init__(self, wire: SalesforceWire, instance: str, company: Company) -> None:
        self._wire = wire
        self._instance = instance
        self._sheets = sheets(DEFAULTS, company.crm.salesforce, company, signal)
        self._owners = Owners(addresses(company))
        self._zones = {rep.id: ZoneInfo(rep.timezone) for rep in company.team}
        self._zone = ZoneInfo(company.timezone)
        self._codec = Codec(self._owners)
        self._customers = company.crm.customers.salesforce
        self._found = FOUND
        self._looked = False
        self._once = anyio.Lock()

    async def prepare(self) -> None:
        """Fetch once which rep is which user, and whether the field that marks customers is
        readable. Raises: CrmFailed."""
        async with self._once:
            if not self._looked:
                await self._fetch_owners()
                await self._find_customers()
                self._looked = True

    async def find(self, whom: str) -> Found | None:
        """The person Salesforce knows by a number or an address. Raises: CrmFailed."""
        await self.prepare()
        records = await (self._with_address(whom) if "@" in whom else self._with_number(whom))
        theirs = [(r, by) for r in records if (by := _by(r, whom))]
        if not theirs:
            return None
        said = [self._customer(r) for r, _ in theirs]
        first, by = theirs[0]
        account = first.get("Account") or {}
        employees = account.get("NumberOfEmployees")
        return Found(
            self.name,
            first["Id"],
            name=first.get("Name") or "",
            email=first.get("Email") or "",
            company=account.get("Name") or "",
            role=first.get("Title") or "",
            employees=str(employees) if employees else "",
            industry=account.get("Industry") or "",
            owner=self._owners.rep_of(first.get("OwnerId") or ""),
            deals=await self._deals(first.get("AccountId") or ""),
            shared=len(theirs) > 1,
            customer=said[0] if all(said) else "",
            by=by,
        )

    async def _find_customers(self) -> None:
        """Query the field from now on, unless it is missing or hidden: that fails any query."""
        if name := self._customers.field:
            answer = await self._wire.ask("GET", "/sobjects/Account/describe")
            if answer.ok and any(f["name"] == name for f in answer.body["fields"]):
                self._found = f"{FOUND}, Account.{name}"

    def _customer(self, contact: Mapping[str, Any]) -> str:
        """How a contact's account says that it is already a customer."""
        name, values = self._customers.field, self._customers.values
        return customer_by(name, (contact.get("Account") or {}).get(name), values)

    async def _with_number(self, number: str) -> Sequence[Mapping[str, Any]]:
        sosl = (
            f"FIND {{{bare(number)}}} IN PHONE FIELDS RETURNING Contact({self._found}"
            " ORDER BY CreatedDate LIMIT 5)"
        )
        answer = await self._wire.ask("GET", "/search", None, {"q": sosl})
        if not answer.ok:
            raise unreadable(answer)
        records: Sequence[Mapping[str, Any]] = answer.body["searchRecords"]
        return records

    async def _with_address(self, address: str) -> Sequence[Mapping[str, Any]]:
        return await self._wire.query(
            f"SELECT {self._found} FROM Contact WHERE Email = {quoted(address)}"
            " ORDER BY CreatedDate LIMIT 5"
        )

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        """The stored records, by our key. Raises: CrmFailed."""
        await self.prepare()
        found = {}
        for ref in refs:
            sheet = sheet_of(self._sheets, kind, ref.variant)
            where = part(ref.id) if ref.id else f"{KEY}/{part(ref.key)}"
            stored = await self._get(sheet, where)
            if stored is None and not ref.id and (alike := await self._alike(sheet, ref)):
                stored = await self._get(sheet, part(alike))
            if stored is not None:
                found[ref.key] = stored
        return found

    async def upsert(self, kind: Kind, writes: Sequence[Write]) -> Sequence[Written | NotWritten]:
        """Create or change records, one request each. Raises: CrmFailed."""
        await self.prepare()
        wanted = {w.fields["owner"] for w in writes if "owner" in w.fields}
        if not all(self._owners.has(rep) for rep in wanted):
            await self._fetch_owners()
        made: list[Written | NotWritten] = []
        for write in writes:
            made.append(await self._write(sheet_of(self._sheets, kind, write.variant), write))
        return made

    async def delete(self, kind: Kind, variant: str, record: str) -> None:
        """Delete a record. Raises: CrmFailed."""
        name = sheet_of(self._sheets, kind, variant).object
        answer = await self._wire.ask("DELETE", f"/sobjects/{name}/{part(record)}")
        if not answer.ok and answer.status != 404:
            raise unreadable(answer)

    async def check(self, *, create: bool = False) -> Sequence[Finding]:
        """Check token, users and fields; with `create`, create missing fields."""
        names = self._customers.field
        return await check(self._wire, self._sheets, self._owners, names, create=create)

    # --- reading

    async def _get(self, sheet: Sheet, where: str) -> Stored | None:
        names = ",".join(sorted({"Id", KEY, *filter(None, sheet.names.values())}))
        path = f"/sobjects/{sheet.object}/{where}"
        answer = await self._wire.ask("GET", path, None, {"fields": names})
        if answer.status == 404 and NO_KEY not in message(answer.body):
            return None
        if not answer.ok:
            raise unreadable(answer)
        fields_ = sheet.decoded(answer.body, self._codec.decode)
        kept = {name: value for name, value in fields_.items() if value}
        return Stored(answer.body["Id"], kept, answer.body.get(KEY) or "")

    async def _alike(self, sheet: Sheet, ref: Ref) -> str:
        """The record somebody else made of the same person or company, if there is exactly one."""
        if "id" in ref.same:
            return ref.same["id"]
        if "email" in ref.same:
            where = f"Email = {quoted(ref.same['email'])}"
        elif "domain" in ref.same:
            domain = ref.same["domain"]
            tries = (domain, f"www.{domain}", f"https://{domain}", f"https://www.{domain}",
                     f"http://{domain}", f"http://www.{domain}")  # fmt: skip
            where = f"Website IN ({', '.join(quoted(t) for t in tries)})"
        else:
            return ""
        found = await self._wire.query(f"SELECT Id FROM {sheet.object} WHERE {where} LIMIT 2")
        return str(found[0]["Id"]) if len(found) == 1 else ""

    async def _deals(self, account: str) -> tuple[Deal, ...]:
        if not account:
            return ()
        rows = await self._wire.query(
            "SELECT Id, Name, StageName, Amount FROM Opportunity"
            f" WHERE AccountId = {quoted(account)} AND IsClosed = false LIMIT 5"
        )
        return tuple(
            Deal(r["Id"], r["Name"], r.get("StageName") or "", f"{r.get('Amount') or ''}")
            for r in rows
        )

    # --- writing

    async def _write(self, sheet: Sheet, write: Write) -> Written | NotWritten:
        body, left = self._body(sheet, write)
        if write.id:
            if not body:
                return Written(write.id, False, left, self._url(sheet, write.id))
            answer = await self._patch(sheet, part(write.id), body)
            if answer.ok:
                return Written(write.id, False, left, self._url(sheet, write.id))
            if code(answer.body) == CONVERTED:  # a person converted it: it is theirs now
                return Written(write.id, False, dict.fromkeys(write.fields, ""))
            return refused(answer)
        answer = await self._patch(sheet, f"{KEY}/{part(write.key)}", body)
        if not answer.ok:
            return await self._instead(sheet, write, answer)
        record = (answer.body or {}).get("id") or await self._id_of(sheet, write.key)
        created = answer.status == 201
        return Written(record, created, left, self._url(sheet, record))

    async def _instead(self, sheet: Sheet, write: Write, answer: Answer) -> Written | NotWritten:
        """Adopt the existing record of the same person; else the refusal."""
        name = code(answer.body)
        if name == "INVALID_FIELD_FOR_INSERT_UPDATE" and set(fields(answer.body)) <= BORN_ONLY:
            return NotWritten("raced", "it was made at the same time", "", retryable=True)
        theirs = _look_alikes(answer.body) if name == "DUPLICATES_DETECTED" else set()
        if len(theirs) != 1:
            return refused(answer)
        found = Write(
            write.kind, write.key, write.fields, theirs.pop(), write.links, write.variant, True
        )
        return await self._write(sheet, found)

    async def _patch(self, sheet: Sheet, where: str, body: Mapping[str, Any]) -> Answer:
        return await self._wire.ask("PATCH", f"/sobjects/{sheet.object}/{where}", body)

    async def _id_of(self, sheet: Sheet, key: str) -> str:
        """The id of a record we have just changed, when Salesforce did not return it."""
        stored = await self._get(sheet, f"{KEY}/{part(key)}")
        if stored is None:
            raise CrmFailed(f"Salesforce: {sheet.object} {key} is not there after it was written")
        return stored.id

    def _body(self, sheet: Sheet, write: Write) -> tuple[dict[str, Any], Mapping[str, str]]:
        told, left = sheet.encoded(write.fields, self._codec.encode)
        body: dict[str, Any] = {**told}
        for name, day in ON_ITS_DAY.items():
            if name in body:
                zone = self._zones.get(write.fields.get("owner", ""), self._zone)
                body[day] = day_of(body[name], zone)
        if not write.id:
            body = {**{n: truth(v) for n, v in sheet.born.items()}, **body}
        elif write.adopts:
            body[KEY] = write.key
        by = LINKS.get(sheet.object, {})
        return {**body, **{by[k]: to for k, to in write.links.items() if k in by}}, left

    def _url(self, sheet: Sheet, record: str) -> str:
        return f"{self._instance}/lightning/r/{sheet.object}/{record}/view"

    async def _fetch_owners(self) -> None:
        wanted = ", ".join(quoted(address) for address in self._owners.addresses)
        rows = await self._wire.query(
            f"SELECT Id, Email FROM User WHERE IsActive = true AND Email IN ({wanted})"
        )
        self._owners.known({row["Email"]: row["Id"] for row in rows})


def _look_alikes(body: Any) -> set[str]:
    """Ids of the records that a duplicate rule found."""
    results = body[0].get("duplicateResult", {}).get("matchResults", ())
    return {m["record"]["Id"] for r in results for m in r.get("matchRecords", ())}


def _by(contact: Mapping[str, Any], whom: str) -> FoundBy | None:
    return found_by(whom, contact.get("MobilePhone"), contact.get("Phone"))
