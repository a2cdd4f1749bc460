"""The systems under the CRM contract: each with its own ways to look, edit and fail."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import httpx
import sqlalchemy as sa

from core.crm.records import Kind, Ref
from core.crm.sync import CrmSync
from core.errors import StoreFailed
from core.links import Links
from core.ports import Crm
from core.store import crm_sync as rows
from core.store.crm import PLACES
from core.store.store import Store
from knowledge.profile import Company
from tests.core.talk import sample
from tests.fakes import stores
from tests.fakes.a_call import AT
from tests.fakes.hubspot import TOKEN, HubSpot
from tests.fakes.salesforce import BASE, CLIENT, SECRET, Salesforce
from tests.fakes.vendor_server import Fault
from voice_agent.adapters.crm_embedded import EmbeddedCrm
from voice_agent.adapters.crm_hubspot import HubSpotCrm
from voice_agent.adapters.crm_salesforce import SalesforceCrm
from voice_agent.adapters.crm_salesforce_wire import SalesforceWire
from voice_agent.adapters.json_wire import Wire

SHORT = httpx.Timeout(0.4)
KINDS: tuple[Kind, ...] = ("account", "contact", "lead", "activity", "meeting", "task")


@lru_cache
def company() -> Company:
    """The sample, with the two reps of the recorded call."""
    tideline = sample().company
    team = [
        tideline.team[n].model_copy(update={"id": rep, "email": f"{rep}@tideline.example"})
        for n, rep in enumerate(("sam", "kim"))
    ]
    return tideline.model_copy(update={"team": tuple(team)})


class Rig(Protocol):
    """One system with records in it."""

    crm: Crm
    sync: CrmSync
    store: Store

    def count(self, kind: Kind) -> int: ...

    def edit(self, kind: Kind, field: str, value: str) -> None: ...

    def delete(self, kind: Kind) -> None: ...

    def fail(self, fault: Fault, kind: Kind) -> None:
        """Make the next write of a kind fail like this."""

    def failures(self) -> Sequence[Fault]:
        """Those that have happened."""

    def linked(self, kind: Kind, to: Kind) -> bool: ...


async def fields(rig: Rig, kind: Kind) -> dict[str, str]:
    """The one record of a kind, with our field names."""
    found = await rig.store.query(lambda c: rows.page(c, rows.SyncFilters(kind=kind), 9, None))
    (row,) = [r for r in found if r.system == rig.crm.name]
    stored = await rig.crm.read(kind, [Ref(row.key, variant=row.variant)])
    return dict(stored[row.key].fields)


class EmbeddedRig:
    """Our own database, whose writes fail before or after they are committed."""

    def __init__(self, store: Store) -> None:
        self.server = None
        self.store = store
        self._faults: list[Fault] = []
        self._met: list[Fault] = []
        self.crm = EmbeddedCrm(_Failing(store, self._next), lambda: AT)  # type: ignore[arg-type]
        self.sync = CrmSync(self.crm, store, lambda: AT, company().crm, Links("https://a.example"))

    def _next(self) -> Fault | None:
        if not self._faults:
            return None
        self._met.append(fault := self._faults.pop(0))
        return fault

    def count(self, kind: Kind) -> int:
        table = PLACES[kind].table
        query = sa.select(sa.func.count()).select_from(table)
        if "kind" in table.c and kind in ("lead", "task", "note"):
            query = query.where(table.c.kind == kind)
        with self.store.engine.connect() as c:
            return int(c.execute(query).scalar_one())

    def edit(self, kind: Kind, field: str, value: str) -> None:
        place = PLACES[kind]
        with self.store.engine.begin() as c:
            if field in place.columns:
                c.execute(sa.update(place.table).values({place.columns[field]: value or None}))
                return
            mine = place.table.c.kind == kind if kind != "contact" else sa.true()
            for row in c.execute(sa.select(place.table).where(mine)).mappings().all():
                rest = {**row[place.rest], field: value}
                c.execute(
                    sa.update(place.table).where(place.table.c.id == row["id"])
                    .values({place.rest: rest})
                )  # fmt: skip

    def delete(self, kind: Kind) -> None:
        table = PLACES[kind].table
        mine = table.c.kind == kind if kind in ("lead", "task", "note") else sa.true()
        with self.store.engine.begin() as c:
            c.execute(sa.delete(table).where(mine))

    def fail(self, fault: Fault, kind: Kind) -> None:
        self._faults.append(fault)

    def failures(self) -> Sequence[Fault]:
        return self._met

    def linked(self, kind: Kind, to: Kind) -> bool:
        with self.store.engine.connect() as c:
            found = c.execute(sa.select(PLACES[kind].table.c[f"{to}_id"])).scalars().all()
        return bool(found) and all(found)


class _Failing:
    """A store whose writes fail on demand."""

    def __init__(self, store: Store, fault: Callable[[], Fault | None]) -> None:
        self._store = store
        self._fault = fault
        self.query = store.query

    async def write(self, lane: str, work: Any) -> Any:
        fault = self._fault()
        if fault is not None and not fault.endswith(("-after", "partial")):
            raise StoreFailed("locked")
        made = await self._store.write(lane, work)
        if fault is not None:
            raise StoreFailed("gone before it answered")
        return made


OBJECTS = {"account": "companies", "contact": "contacts", "lead": "leads", "activity": "calls",
           "meeting": "meetings", "task": "tasks", "note": "notes"}  # fmt: skip
NAMED = {"role": "jobtitle", "owner": "hubspot_owner_id", "body": "hs_call_body",
         "last_name": "lastname", "employees": "numberofemployees", "industry":
         "voice_agent_industry"}  # fmt: skip


class HubSpotRig:
    """HubSpot's published schemas on a loopback port."""

    def __init__(self, store: Store, server: HubSpot, http: httpx.AsyncClient) -> None:
        self.store, self.server = store, server
        self.crm = HubSpotCrm(Wire("HubSpot", http, lambda: AT, SHORT), TOKEN, company())
        self.sync = CrmSync(self.crm, store, lambda: AT, company().crm, Links("https://a.example"))

    def count(self, kind: Kind) -> int:
        return len(self.server.all(OBJECTS[kind]))

    def edit(self, kind: Kind, field: str, value: str) -> None:
        value = self.server.owners[f"{value}@tideline.example"] if field == "owner" else value
        for record in self.server.objects[OBJECTS[kind]]:
            self.server.edit(OBJECTS[kind], record, **{NAMED[field]: value})

    def delete(self, kind: Kind) -> None:
        for record in self.server.objects[OBJECTS[kind]]:
            self.server.delete(OBJECTS[kind], record)

    def fail(self, fault: Fault, kind: Kind) -> None:
        verb = "$" if kind == "lead" else "/batch/upsert"
        self.server.fail(fault, f"POST /crm/v3/objects/{OBJECTS[kind]}{verb}")

    def failures(self) -> Sequence[Fault]:
        return self.server.met

    def linked(self, kind: Kind, to: Kind) -> bool:
        pairs = self.server.linked(OBJECTS[kind], OBJECTS[to])
        return len(pairs) == self.count(kind)


SOBJECTS = {"account": "Account", "contact": "Contact", "lead": "Lead", "activity": "Task",
            "meeting": "Event", "task": "Task", "note": "Task"}  # fmt: skip
CALLED = {"role": "Title", "owner": "OwnerId", "body": "Description", "last_name": "LastName"}


class SalesforceRig:
    """The documented rules of Salesforce's records on a loopback port."""

    def __init__(self, store: Store, server: Salesforce, http: httpx.AsyncClient) -> None:
        self.store, self.server = store, server
        wire = Wire("Salesforce", http, lambda: AT, SHORT)
        session = SalesforceWire(wire, server.url, server.url, CLIENT, SECRET)
        self.crm = SalesforceCrm(session, server.url, company())
        self.sync = CrmSync(self.crm, store, lambda: AT, company().crm, Links("https://a.example"))

    def _mine(self, kind: Kind) -> list[dict[str, Any]]:
        found = self.server.all(SOBJECTS[kind])
        if kind in ("activity", "task", "note"):
            found = [r for r in found if _task_kind(r) == kind]
        return found

    def count(self, kind: Kind) -> int:
        return len(self._mine(kind))

    def edit(self, kind: Kind, field: str, value: str) -> None:
        value = self.server.users[f"{value}@tideline.example"] if field == "owner" else value
        for record in self._mine(kind):
            record[CALLED[field]] = value or None

    def delete(self, kind: Kind) -> None:
        for record in self._mine(kind):
            record["IsDeleted"] = True

    def fail(self, fault: Fault, kind: Kind) -> None:
        self.server.fail(fault, f"PATCH {BASE}/sobjects/{SOBJECTS[kind]}/")

    def failures(self) -> Sequence[Fault]:
        return self.server.met

    def linked(self, kind: Kind, to: Kind) -> bool:
        own = "AccountId" if kind == "contact" else "WhatId"
        by = {"contact": "WhoId", "account": own}[to]
        found = self._mine(kind)
        return bool(found) and all(r.get(by) in self.server.records[SOBJECTS[to]] for r in found)


def _task_kind(record: dict[str, Any]) -> Kind:
    if record.get("TaskSubtype") == "Call":
        return "activity"
    return "note" if record["Status"] == "Completed" else "task"


@asynccontextmanager
async def rig(system: str, folder: Path) -> AsyncIterator[Any]:
    """A system without any records."""
    store = Store(stores.sqlite(folder / "crm.db"))
    try:
        if system == "embedded":
            yield EmbeddedRig(store)
        elif system == "hubspot":
            headers = {"Authorization": f"Bearer {TOKEN}"}
            with HubSpot() as server:
                async with httpx.AsyncClient(base_url=server.url, headers=headers) as http:
                    yield HubSpotRig(store, server, http)
                assert server.invalid == [], server.invalid
        else:
            with Salesforce() as org:
                async with httpx.AsyncClient() as http:
                    yield SalesforceRig(store, org, http)
    finally:
        await store.aclose()
