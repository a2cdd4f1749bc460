"""Companies are looked up in time or not at all, cached, and reported to a conversation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.enrichment.enrich import Enricher
from core.enrichment.enriched import Subject
from core.projections.document import document
from core.store.store import Store
from core.talk import ConversationOpened
from tests.channels.test_writing import Asked
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes.jobs import MemoryJobs
from voice_agent.adapters.enrich_csv import read_accounts
from voice_agent.adapters.enrich_http import HttpEnricher
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.writing import Writing
from voice_agent.enriching import DOWN, KNOWN, UNKNOWN, Enriching
from voice_agent.errors import ConfigError

pytestmark = pytest.mark.real_clock
ACME = Subject("acme.com", "")
TABLE = (
    "\ufeffDomain,Company,Employees,Industry,Tech_Stack,Notes\n"
    "acme.com,Acme,250,software,Snowflake; Salesforce,x\n"
    ",Bluestem Bank,9000,,,\n"
)


class Service:
    """A service that knows companies, on the wire."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {"acme.com": {"company": "Acme", "employees": 5_000,
                                                   "industry": "software"}}  # fmt: skip
        self.status, self.wait_s, self.asked = 200, 0.0, [dict[str, str]()][:0]

    async def door(self, request: Request) -> Response:
        self.asked.append(dict(request.query_params))
        assert request.headers["authorization"] == "Bearer s3rvice"
        await anyio.sleep(self.wait_s)
        if self.status != 200:
            return Response("no", self.status)
        found = self.known.get(request.query_params.get("domain", ""))
        return JSONResponse(found) if found else Response(status_code=404)


@asynccontextmanager
async def looking(
    url: str, service: Service, *before: Enricher
) -> AsyncIterator[tuple[Enriching, Store, MemoryJobs]]:
    store, clock = Store(url), MemoryJobs(MONDAY_NOON)
    app = Starlette(routes=[Route("/company", service.door)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        http = HttpEnricher(client, "http://service/company", "s3rvice")
        sources, cached = [*before, http], frozenset({http.name})
        yield Enriching(
            store.people, store, sources, cached, lambda: sample().company, clock.clock, 0.2
        ), store, clock  # fmt: skip
    await store.aclose()


def values(found: Any) -> dict[str, str]:
    return {one.criterion: one.value for one in found}


async def test_what_is_known_is_asked_for_once_a_month_and_what_is_not_once_a_day(sqlite_url):
    service = Service()
    async with looking(sqlite_url, service) as (enriching, _, clock):
        for _ in range(3):
            assert values(await enriching.about(ACME))["employees"] == "5000"
            assert await enriching.about(Subject("nobody.example", "")) == ()
        assert len(service.asked) == 2
        clock.now += UNKNOWN
        await enriching.about(ACME)
        await enriching.about(Subject("nobody.example", ""))
        assert len(service.asked) == 3
        clock.now += KNOWN
        service.status = 500
        assert values(await enriching.about(ACME))["employees"] == "5000", "old is better than none"


@pytest.mark.parametrize("status", [401, 500, 302])
async def test_a_service_that_fails_is_left_alone_for_a_while(sqlite_url, status):
    service = Service()
    service.status = status
    async with looking(sqlite_url, service) as (enriching, _, clock):
        assert await enriching.about(ACME) == () and await enriching.about(ACME) == ()
        assert len(service.asked) == 1
        clock.now += DOWN + timedelta(seconds=1)
        service.status = 200
        assert values(await enriching.about(ACME))["company"] == "Acme"


async def test_a_slow_service_is_not_waited_for(sqlite_url):
    service = Service()
    service.wait_s = 30.0
    async with looking(sqlite_url, service) as (enriching, _, _):
        with anyio.fail_after(5):
            assert await enriching.about(ACME) == ()


@pytest.mark.parametrize("body", [[], "text", {"employees": {"a": 1}, "tech_stack": {}}])
async def test_an_answer_of_another_shape_is_of_no_use_and_harms_nobody(sqlite_url, body):
    service = Service()
    service.known["acme.com"] = body or {"x": [1]}
    async with looking(sqlite_url, service) as (enriching, _, _):
        assert await enriching.about(ACME) == ()


async def test_the_companys_own_accounts_come_before_a_service(sqlite_url, tmp_path):
    (tmp_path / "accounts.csv").write_text(TABLE, encoding="utf-8")
    accounts = read_accounts(tmp_path / "accounts.csv")
    async with looking(sqlite_url, Service(), accounts) as (enriching, _, _):
        found = await enriching.about(ACME)
        assert values(found)["employees"] == "250" and values(found)["industry"] == "software"
        assert {e.source for e in found} == {"accounts.csv"}
        by_name = await enriching.about(Subject("", "bluestem bank"))
        assert values(by_name) == {"company": "Bluestem Bank", "employees": "9000"}


@pytest.mark.parametrize(
    ("text", "told"), [("name,size\nAcme,4\n", "domain or company"), ("", "domain or company")]
)
def test_a_file_that_cannot_be_used_is_told_with_the_remedy(tmp_path: Path, text, told):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ConfigError, match=told):
        read_accounts(tmp_path / "a.csv")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_accounts(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"domain\n\xff\xfe\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_accounts(tmp_path / "b.csv")


async def test_a_chat_learns_of_the_company_behind_an_address_and_no_person_is_told(sqlite_url):
    service = Service()
    async with looking(sqlite_url, service) as (enriching, store, clock):
        knowing = Knowing(enriching, store, None, clock.clock)
        writing = Writing(engine(), store, None, Asked(), clock.clock, people=knowing)
        async with writing.running():
            opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON)
            await writing.open(opened)
            for n, text in enumerate(("I'm Jane, jane@acme.com", "Do you work with Snowflake?")):
                line = await writing.say("c1", f"m{n}", text)
                await writing.reply("c1", line.said.turn)
        made = document("c1", await store.log.read("c1"), company=sample().company)
    found = {s["criterion"]: s for s in made["signals"] if s["basis"] == "enriched"}
    assert found["employees"]["value"] == "5000"
    assert found["employees"]["quote"] == "looked up: enrichment service"
    assert made["verdict"]["segment"] == "enterprise"
    assert service.asked and all(set(a) <= {"domain", "company"} for a in service.asked)
    assert "jane" not in str(service.asked)


async def test_intent_is_asked_for_again_the_next_day(sqlite_url):
    service = Service()
    service.known["acme.com"]["intent"] = [
        {"topic": "Fivetran", "strength": 80, "seen_at": "2026-11-20"}
    ]
    async with looking(sqlite_url, service) as (enriching, _, clock):
        assert values(await enriching.about(ACME))["intent"] == "Fivetran"
        clock.now += UNKNOWN
        service.known["acme.com"]["intent"] = []
        assert "intent" not in values(await enriching.about(ACME))
        assert len(service.asked) == 2


async def test_a_file_of_accounts_tells_of_intent(sqlite_url, tmp_path):
    text = "domain,intent\nacme.com,Fivetran:71:2026-11-20; reverse ETL:high; Census : low\n"
    (tmp_path / "accounts.csv").write_text(text, encoding="utf-8")
    accounts = read_accounts(tmp_path / "accounts.csv")
    async with looking(sqlite_url, Service(), accounts) as (enriching, _, _):
        found = [e for e in await enriching.about(ACME) if e.criterion == "intent"]
    assert [(e.value, e.sure, e.note) for e in found] == [
        ("reverse ETL", 0.9, "high"), ("Fivetran", 0.71, "medium, seen 2026-11-20"),
    ]  # fmt: skip
