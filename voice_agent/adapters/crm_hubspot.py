"""`HubSpotCrm`: companies, contacts, leads, calls, meetings, tasks and notes in HubSpot.

Everything is upserted by one unique property of ours; a search, which lags behind, never decides
that a record is to be created. Existing people and companies alone are searched for, by email,
domain or number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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
    customer_by,
    found_by,
    sheet_of,
    sheets,
)
from voice_agent.adapters.crm_hubspot_check import check
from voice_agent.adapters.crm_hubspot_fields import DEFAULTS, KEY, LINKED, Codec, signal
from voice_agent.adapters.crm_hubspot_wire import (
    MISSING,
    HubSpotWire,
    existing,
    is_,
    message,
    refused,
    search,
)
from voice_agent.adapters.json_wire import Answer, Wire

OPEN_DEALS = 5
UPWARD = ("companies", "contacts")
"""Companies are not linked to their contacts: contacts are linked to them."""
FOUND = ("firstname", "lastname", "email", "phone", "mobilephone", "company", "jobtitle",
         "hubspot_owner_id", "associatedcompanyid")  # fmt: skip
COMPANY = FOUND[-1]


class HubSpotCrm:
    """Implements `core.ports.Crm` on HubSpot's API (CRM v3, associations v4)."""

    name = "hubspot"

    def __init__(self, wire: Wire, token: str, company: Company) -> None:
        self._wire = HubSpotWire(wire)
        self._token = token
        self._sheets = sheets(DEFAULTS, company.crm.hubspot, company, signal)
        self._owners = Owners(addresses(company))
        self._customers = company.crm.customers.hubspot
        self._codec: Codec | None = None
        self._types: dict[tuple[str, str], tuple[str, int]] = {}
        self._once = anyio.Lock()

    async def prepare(self) -> None:
        """Fetch owners, call outcomes and association types once. Raises: CrmFailed."""
        await self._ready()
        for name in dict.fromkeys(s.object for s in self._sheets.values()):
            await self._associations(name)

    async def _ready(self) -> None:
        """Fetch what every request needs, once. Raises: CrmFailed."""
        async with self._once:
            if self._codec is None:
                codec = Codec(self._owners, await self._dispositions())
                await self._fetch_owners()
                self._codec = codec

    async def _associations(self, of: str) -> None:
        """Fetch the types of an object's associations, once. Raises: CrmFailed."""
        for to in LINKED.values():
            if of != to and (of, to) not in self._types and (of, to) != UPWARD:
                self._types[of, to] = await self._wire.association(of, to)

    async def find(self, whom: str) -> Found | None:
        """The person HubSpot knows by a number or an address. Raises: CrmFailed."""
        await self._ready()
        names = [name for name in (*FOUND, self._customers.field) if name]
        answer = await self._wire.ask(
            "POST", "/crm/v3/objects/contacts/search", search(whom, names)
        )
        if not answer.ok:
            raise CrmFailed(f"HubSpot: {message(answer.body)}", retryable=False)
        theirs = [(r, by) for r in answer.body["results"] if (by := _by(r["properties"], whom))]
        if not theirs:
            return None
        first, by = theirs[0]
        p = {name: first["properties"].get(name) or "" for name in FOUND}
        said = [self._customer(r["properties"]) for r, _ in theirs]
        return Found(
            self.name,
            first["id"],
            name=f"{p['firstname']} {p['lastname']}".strip(),
            email=p["email"],
            company=p["company"],
            role=p["jobtitle"],
            owner=self._owners.rep_of(p["hubspot_owner_id"]) if p["hubspot_owner_id"] else "",
            deals=await self._deals(first["id"]),
            shared=len(theirs) > 1,
            customer=(said[0] if all(said) else "") or await self._of_company(p[COMPANY]),
            by=by,
        )

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        """The stored records, by our key. Raises: CrmFailed."""
        await self._ready()
        found: dict[str, Stored] = {}
        for variant in dict.fromkeys(r.variant for r in refs):
            sheet = sheet_of(self._sheets, kind, variant)
            some = [r for r in refs if r.variant == variant]
            found |= await self._read_by(sheet, {r.id: r.key for r in some if r.id}, None)
            found |= await self._read_by(sheet, {r.key: r.key for r in some if not r.id}, KEY)
            for ref in (r for r in some if r.key not in found and not r.id):
                found |= await self._alike(sheet, ref)
        return found

    async def upsert(self, kind: Kind, writes: Sequence[Write]) -> Sequence[Written | NotWritten]:
        """Create or change records. Raises: CrmFailed."""
        await self._ready()
        await self._want_owners(writes)
        made: dict[str, Written | NotWritten] = {}
        for variant in dict.fromkeys(w.variant for w in writes):
            sheet = sheet_of(self._sheets, kind, variant)
            await self._associations(sheet.object)
            some = [w for w in writes if w.variant == variant]
            made |= await self._update(sheet, [w for w in some if w.id])
            fresh = [w for w in some if not w.id]
            if kind == "lead":
                made |= {w.key: await self._create(sheet, w) for w in fresh}
            else:
                made |= await self._upsert(sheet, fresh)
            for write in some:
                made[write.key] = await self._link(sheet, write, made[write.key])
        return [made[w.key] for w in writes]

    async def delete(self, kind: Kind, variant: str, record: str) -> None:
        """Delete a record; a contact is purged for good. Raises: CrmFailed."""
        name = sheet_of(self._sheets, kind, variant).object
        url, body = f"/crm/v3/objects/{name}/batch/archive", {"inputs": [{"id": record}]}
        if kind == "contact":
            url, body = "/crm/v3/objects/contacts/gdpr-delete", {"objectId": record}  # type: ignore[dict-item]
        answer = await self._wire.ask("POST", url, body)
        if not answer.ok and answer.status != 404:
            raise _unreadable(answer.body)

    async def check(self, *, create: bool = False) -> Sequence[Finding]:
        """Check token, scopes, owners and properties; with `create`, create missing properties."""
        names = self._customers.field
        return await check(
            self._wire, self._token, self._sheets, self._owners, names, create=create
        )

    # --- reading ---------------------------------------------------------------------------------

    async def _read_by(
        self, sheet: Sheet, keys: Mapping[str, str], by: str | None
    ) -> dict[str, Stored]:
        """Records found by id, or by a unique property; keyed by ours."""
        if not keys:
            return {}
        names = sorted({KEY, *filter(None, sheet.names.values())})
        more: dict[str, Any] = {"properties": names, "propertiesWithHistory": []}
        if by is not None:
            more["idProperty"] = by
        url = f"/crm/v3/objects/{sheet.object}/batch/read"
        results, errors, whole = await self._wire.batch(url, [{"id": one} for one in keys], more)
        if whole is not None:
            raise _unreadable(whole.body)
        for error in errors:  # what could not be read is not to be taken for missing
            if error.get("category") != MISSING:
                raise _unreadable(error)
        found = {}
        for result in results:
            p = result["properties"]
            mine = p.get(KEY) if by == KEY else p.get(by) if by else result["id"]
            key = keys.get(mine or "") or (next(iter(keys.values())) if len(keys) == 1 else "")
            if key:  # a merged record comes back with another id
                found[key] = self._stored(sheet, result)
        return found

    async def _alike(self, sheet: Sheet, ref: Ref) -> dict[str, Stored]:
        """The record somebody else made of the same person or company, if there is exactly one."""
        if "id" in ref.same:
            return await self._read_by(sheet, {ref.same["id"]: ref.key}, None)
        if "email" in ref.same:
            return await self._read_by(sheet, {ref.same["email"]: ref.key}, "email")
        if "domain" in ref.same:
            body = {
                "filterGroups": [{"filters": [is_("domain", ref.same["domain"])]}],
                "properties": [], "sorts": [], "limit": 2, "after": "0",
            }  # fmt: skip
            answer = await self._wire.ask("POST", f"/crm/v3/objects/{sheet.object}/search", body)
            ids = [r["id"] for r in answer.body.get("results", [])] if answer.ok else []
            if len(ids) == 1:
                return await self._read_by(sheet, {ids[0]: ref.key}, None)
        return {}

    def _stored(self, sheet: Sheet, result: Mapping[str, Any]) -> Stored:
        assert self._codec is not None
        p = result["properties"]
        return Stored(result["id"], sheet.decoded(p, self._codec.decode), p.get(KEY) or "")

    def _customer(self, properties: Mapping[str, Any]) -> str:
        """How a contact or a company says that it is already a customer."""
        name, values = self._customers.field, self._customers.values
        return customer_by(name, properties.get(name), values)

    async def _of_company(self, company: str) -> str:
        """The same for somebody's company, by its id."""
        if not (company and self._customers.field):
            return ""
        more = {"properties": [self._customers.field], "propertiesWithHistory": []}
        url = "/crm/v3/objects/companies/batch/read"
        results, _, _ = await self._wire.batch(url, [{"id": company}], more)
        return next((self._customer(r["properties"]) for r in results), "")

    async def _deals(self, contact: str) -> tuple[Deal, ...]:
        url = f"/crm/v4/objects/contacts/{contact}/associations/deals"
        answer = await self._wire.ask("GET", url, None, {"limit": 20})
        ids = [r["toObjectId"] for r in answer.body.get("results", [])] if answer.ok else []
        if not ids:
            return ()
        names = ["dealname", "dealstage", "amount", "hs_is_closed"]
        more = {"properties": names, "propertiesWithHistory": []}
        inputs = [{"id": str(one)} for one in ids]
        results, _, _ = await self._wire.batch("/crm/v3/objects/0-3/batch/read", inputs, more)
        return tuple(
            Deal(r["id"], p.get("dealname") or "", p.get("dealstage") or "", p.get("amount") or "")
            for r in results
            if (p := r["properties"]).get("hs_is_closed") != "true"
        )[:OPEN_DEALS]

    # --- writing ---------------------------------------------------------------------------------

    async def _upsert(
        self, sheet: Sheet, writes: Sequence[Write]
    ) -> dict[str, Written | NotWritten]:
        """Upsert new records, or those whose answer was lost; results by our key."""
        url = f"/crm/v3/objects/{sheet.object}/batch/upsert"
        return await self._batch(sheet, writes, url, lambda w: {"id": w.key, "idProperty": KEY})

    async def _update(
        self, sheet: Sheet, writes: Sequence[Write]
    ) -> dict[str, Written | NotWritten]:
        """Update records whose id is known."""
        url = f"/crm/v3/objects/{sheet.object}/batch/update"
        plain = [w for w in writes if not w.fields and not w.adopts]
        made: dict[str, Written | NotWritten] = {w.key: Written(w.id, False) for w in plain}
        rest = [w for w in writes if w.fields or w.adopts]
        return made | await self._batch(sheet, rest, url, lambda w: {"id": w.id})

    async def _batch(
        self, sheet: Sheet, writes: Sequence[Write], url: str, name: Any
    ) -> dict[str, Written | NotWritten]:
        """Write a batch; one by one when the whole is refused because of one record."""
        if not writes:
            return {}
        left: dict[str, Mapping[str, str]] = {}
        inputs = []
        for write in writes:
            properties, left[write.key] = self._properties(sheet, write)
            trace = {"objectWriteTraceId": write.key, "properties": properties}
            inputs.append({**name(write), **trace})
        results, errors, whole = await self._wire.batch(url, inputs)
        if whole is not None and len(writes) > 1:
            made: dict[str, Written | NotWritten] = {}
            for write in writes:
                made |= await self._batch(sheet, [write], url, name)
            return made
        if whole is not None:
            return {writes[0].key: await self._instead(sheet, writes[0], whole)}
        return _sorted_out(writes, results, errors, left)

    async def _create(self, sheet: Sheet, write: Write) -> Written | NotWritten:
        """Create a lead, which needs its contact from the start; our key prevents a duplicate."""
        properties, left = self._properties(sheet, write)
        links = [
            {"to": {"id": to}, "types": [self._spec(sheet.object, kind)]}
            for kind, to in write.links.items()
        ]
        body = {"properties": properties, "associations": links}
        answer = await self._wire.ask("POST", f"/crm/v3/objects/{sheet.object}", body)
        if answer.ok:
            return Written(answer.body["id"], True, left, answer.body.get("url", ""))
        if stored := (await self._read_by(sheet, {write.key: write.key}, KEY)).get(write.key):
            return Written(stored.id, False, left)  # its answer was lost earlier
        return refused(answer.body)

    async def _instead(self, sheet: Sheet, write: Write, answer: Answer) -> Written | NotWritten:
        """Adopt the existing record of the same person; else the refusal."""
        theirs = existing(answer.body) if not write.id else ""
        if not theirs:
            return refused(answer.body)
        write = Write(write.kind, write.key, write.fields, theirs, write.links, write.variant, True)
        return (await self._update(sheet, [write]))[write.key]

    async def _link(
        self, sheet: Sheet, write: Write, made: Written | NotWritten
    ) -> Written | NotWritten:
        """Write the record's associations; safe to repeat."""
        if isinstance(made, NotWritten):
            return made
        for kind, to in write.links.items():
            if LINKED[kind] == sheet.object:
                continue
            url = f"/crm/v4/associations/{sheet.object}/{LINKED[kind]}/batch/create"
            link = {
                "from": {"id": made.id}, "to": {"id": to},
                "types": [self._spec(sheet.object, kind)],
            }  # fmt: skip
            answer = await self._wire.ask("POST", url, {"inputs": [link]})
            errors = answer.body.get("errors", []) if answer.ok else [answer.body]
            if errors:
                return refused(errors[0])
        return made

    def _properties(self, sheet: Sheet, write: Write) -> tuple[dict[str, str], Mapping[str, str]]:
        assert self._codec is not None
        properties, left = sheet.encoded(write.fields, self._codec.encode)
        if sheet.object == "meetings" and "hs_meeting_start_time" in properties:
            properties["hs_timestamp"] = properties["hs_meeting_start_time"]
        if not write.id:
            properties = {**sheet.born, **properties, KEY: write.key}
        elif write.adopts:
            properties[KEY] = write.key
        return properties, left

    def _spec(self, of: str, kind: Kind) -> dict[str, Any]:
        category, number = self._types[of, LINKED[kind]]
        return {"associationCategory": category, "associationTypeId": number}

    # --- what is fetched once --------------------------------------------------------------------

    async def _dispositions(self) -> dict[str, str]:
        answer = await self._wire.ask("GET", "/calling/v1/dispositions")
        known = answer.body if answer.ok and isinstance(answer.body, list) else []
        return {d["label"]: d["id"] for d in known if not d.get("deleted")}

    async def _fetch_owners(self) -> None:
        found = await self._wire.pages("/crm/v3/owners", {"limit": 100})
        self._owners.known({o["email"]: o["id"] for o in found if o.get("email")})

    async def _want_owners(self, writes: Sequence[Write]) -> None:
        """Look up missing reps again."""
        wanted = {w.fields["owner"] for w in writes if "owner" in w.fields}
        if not all(self._owners.has(rep) for rep in wanted):
            await self._fetch_owners()


def _sorted_out(
    writes: Sequence[Write], results: Sequence[Mapping[str, Any]],
    errors: Sequence[Mapping[str, Any]], left: Mapping[str, Mapping[str, str]],
) -> dict[str, Written | NotWritten]:  # fmt: skip
    """The result of each write, matched by trace, by returned key or by id."""
    made: dict[str, Written | NotWritten] = {}
    by_id = {w.id: w.key for w in writes if w.id}
    for r in results:
        key = r.get("objectWriteTraceId") or r["properties"].get(KEY) or by_id.get(r["id"], "")
        made[key] = Written(r["id"], bool(r.get("new")), left.get(key, {}), r.get("url", ""))
    for error in errors:
        context = error.get("context", {})
        for name in (*context.get("objectWriteTraceId", ()), *context.get("ids", ())):
            made.setdefault(by_id.get(name, name), refused(error))
    unheard = NotWritten("no-answer", "HubSpot left it out of its answer", "", retryable=True)
    return {w.key: made.get(w.key, unheard) for w in writes}


def _unreadable(error: Mapping[str, Any]) -> CrmFailed:
    refusal = refused(error)
    return CrmFailed(
        f"HubSpot: {refusal.message}", remedy=refusal.remedy, retryable=refusal.retryable
    )


def _by(contact: Mapping[str, Any], whom: str) -> FoundBy | None:
    return found_by(whom, contact.get("mobilephone"), contact.get("phone"))
