"""Buyers who are not ready are kept in touch with until they return; those barred are not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.events import ConsentRecorded
from core.projections.document import document
from core.store.left_behind import still_there
from core.store.nurturing import Nurturing
from core.store.store import Store
from knowledge.profile import Company
from knowledge.sections.systems import Nurture as Settings
from tests.api.test_contacts import a_call
from tests.core.talk import sample
from tests.fakes.a_call import AT
from tests.fakes.jobs import MemoryJobs
from tests.fakes.notified import Notified
from voice_agent.adapters.nurture_http import HttpNurture
from voice_agent.audio.archive import Archive
from voice_agent.nurture.enrolment import Enrolment
from voice_agent.nurture.routes import routes
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock


class Marketing:
    """A marketing system on the wire: what it was put, after the statuses it is told to answer."""

    def __init__(self) -> None:
        self.leads: dict[str, dict[str, Any]] = {}
        self.answers: list[int] = []
        self.asked = 0
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        """What happens here before the next answer is out."""

    async def put(self, request: Request) -> Response:
        self.asked += 1
        assert request.headers["authorization"] == "Bearer m4rketing"
        if self.answers:
            return Response(status_code=self.answers.pop(0))
        self.leads[request.path_params["id"]] = await request.json()
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        return Response(status_code=200)


@dataclass
class Rig:
    store: Store
    jobs: MemoryJobs
    enrolment: Enrolment
    marketing: Marketing
    told: Notified
    api: httpx.AsyncClient

    async def finished(self, which: str, result: str = "nurture", **said: str) -> None:
        """A wrap-up's last step for a conversation with this verdict."""
        made = document(which, await self.store.log.read(which), company=sample().company)
        given = [
            {"criterion": key, "value": value, "superseded_by": None} for key, value in said.items()
        ]
        verdict = {**made["verdict"], "result": result}
        signals = [s for s in made["signals"] if s["criterion"] not in said] + given
        await self.enrolment.finished({**made, "verdict": verdict, "signals": signals})

    async def rows(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.api.get("/api/v1/nurture", params=query)).json()[
            "nurture"
        ]
        return found


@asynccontextmanager
async def rigged(url: str, **wants: Any) -> AsyncIterator[Rig]:
    store, jobs, marketing, told = Store(url), MemoryJobs(AT), Marketing(), Notified()
    company: Company = sample().company
    systems = company.systems.model_copy(update={"nurture": Settings(**wants)})
    company = company.model_copy(update={"systems": systems})
    there = Starlette(routes=[Route("/leads/{id}", marketing.put, methods=["PUT"])])

    async with httpx.AsyncClient(transport=httpx.ASGITransport(there)) as client:
        nurturing = Nurturing(store)
        other = HttpNurture(client, "http://marketing/leads", "m4rketing")
        pages = {"pricing-plans": "https://tideline.example/pricing"}
        enrolment = Enrolment(
            nurturing, other, told, jobs, lambda: company, lambda: pages, jobs.clock
        )
        app = Starlette(routes=routes(nurturing, enrolment, "t0ken"))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://agent",
            headers={"authorization": "Bearer t0ken"},
        ) as api:  # fmt: skip
            yield Rig(store, jobs, enrolment, marketing, told, api)
    await store.aclose()


@pytest.fixture
async def rig(sqlite_url: str) -> AsyncIterator[Rig]:
    async with rigged(sqlite_url, resources=("https://tideline.example/start",)) as made:
        yield made


async def test_who_is_not_ready_is_enrolled_once_and_the_rep_is_told_when_the_time_comes(rig):
    await a_call(rig.store)
    for _ in range(2):
        await rig.finished("c1", timeline="2027-03-15")
    await rig.jobs.run(10)
    (row,) = await rig.rows(status="enrolled")
    assert row["email"] == "jane@acme.com" and row["re_engage_on"].startswith("2027-02-13T")
    assert row["resources"][-1] == "https://tideline.example/start" and row["reason"]
    assert rig.marketing.leads["c1"]["status"] == "enrolled" and rig.marketing.asked == 1
    await rig.jobs.run(timedelta(days=900).total_seconds())
    ((_, matter),) = rig.told.matters
    assert matter.kind == "nurture-due" and "Jane" in matter.text
    assert rig.marketing.leads["c1"]["status"] == "due"


@pytest.mark.parametrize(
    ("said", "days"), [("", 90), ("2025-13-45", 90), ("2020-01-01", 7), ("soon", 90)]
)
async def test_without_a_usable_day_it_is_the_companys_usual_time_and_never_at_once(
    rig, said, days
):
    await a_call(rig.store)
    await rig.finished("c1", timeline=said)
    (row,) = await rig.rows()
    assert row["re_engage_on"][:10] == f"{AT + timedelta(days=days):%Y-%m-%d}"


async def test_they_leave_when_they_come_back_and_are_told_nothing(rig):
    await a_call(rig.store, "c1")
    await rig.finished("c1")
    await a_call(rig.store, "c2")  # the same number and address
    await rig.finished("c2", "qualified")
    await rig.jobs.run(timedelta(days=900).total_seconds())
    (row,) = await rig.rows()
    assert (row["status"], row["why"]) == ("left", "came back") and not rig.told.matters
    assert rig.marketing.leads["c1"]["status"] == "left"


async def test_a_wrap_up_that_is_repeated_or_late_does_not_end_a_later_enrolment(rig):
    for which in ("c1", "c2"):
        await a_call(rig.store, which)
    await rig.finished("c2")
    await a_call(rig.store, "c3")
    for which in ("c3", "c2", "c1"):
        await rig.finished(which)
    await rig.jobs.run(timedelta(days=900).total_seconds())
    rows = {row["conversation_id"]: (row["status"], row["why"]) for row in await rig.rows()}
    assert rows == {
        "c1": ("suppressed", "came back"), "c2": ("left", "came back"), "c3": ("due", None),
    }  # fmt: skip
    assert len(rig.told.matters) == 1


async def test_a_late_wrap_up_enrols_nobody_who_has_come_back_for_good_since(rig):
    for which in ("c1", "c2"):
        await a_call(rig.store, which)
    await rig.finished("c2", "qualified")
    await rig.finished("c1")
    (row,) = await rig.rows()
    assert (row["status"], row["why"]) == ("suppressed", "came back")
    assert rig.marketing.leads == {}


@pytest.mark.parametrize(
    ("wants", "said", "why"),
    [
        ({"customers": ("Acme",)}, {}, "customer"),
        ({"customers": ("acme.com",)}, {"company": "ACME Inc"}, "customer"),
        ({}, {"company": sample().company.vocabulary.competitors[0]}, "competitor"),
    ],
)
async def test_customers_and_competitors_are_left_alone(sqlite_url, wants, said, why):
    async with rigged(sqlite_url, **wants) as rig:
        await a_call(rig.store)
        await rig.finished("c1", **said)
        await rig.jobs.run(timedelta(days=900).total_seconds())
        (row,) = await rig.rows()
        assert (row["status"], row["why"]) == ("suppressed", why)
        assert not rig.told.matters and not rig.marketing.leads


async def test_who_opted_out_in_any_conversation_is_not_enrolled(rig):
    await a_call(rig.store, "c1")
    await a_call(rig.store, "c0")  # another conversation of the same person
    no = ConsentRecorded("contact", "declined", "leave me alone", 1)
    await rig.store.log.append("c0", AT, [no])
    await rig.finished("c1")
    assert [(r["status"], r["why"]) for r in await rig.rows()] == [("suppressed", "opted out")]


async def test_who_stops_our_mail_meanwhile_is_not_come_back_to(rig):
    await a_call(rig.store, "c3")
    await rig.finished("c3", email="joe@other.example", phone="", name="Joe")
    await rig.store.mails.stop("joe@other.example", AT, "link")
    await rig.jobs.run(timedelta(days=900).total_seconds())
    left = {r["conversation_id"]: r for r in await rig.rows()}["c3"]
    assert (left["status"], left["why"]) == ("left", "opted out") and not rig.told.matters


async def test_a_marketing_system_that_is_away_is_told_later_and_a_refusal_is_shown(rig):
    await a_call(rig.store)
    rig.marketing.answers = [503, 500]
    await rig.finished("c1")
    await rig.jobs.run(120)
    assert rig.marketing.leads["c1"]["status"] == "enrolled" and rig.marketing.asked == 3
    rig.marketing.answers = [403]
    left = await rig.api.post("/api/v1/nurture/c1/leave", json={"why": "asked by phone"})
    assert left.status_code == 200
    await rig.jobs.run(1)
    (row,) = await rig.rows()
    assert "VOICE_AGENT_NURTURE_TOKEN" in row["not_told"]
    await rig.jobs.run(10)  # it was corrected
    (row,) = await rig.rows()
    assert row["not_told"] is None and rig.marketing.leads["c1"]["status"] == "left"
    again = await rig.api.post("/api/v1/nurture/c1/leave", json={"why": "x"})
    assert again.status_code == 404
    assert (await rig.api.post("/api/v1/nurture/c1/leave", json={})).status_code == 422


async def test_a_marketing_system_that_is_away_for_a_week_is_told_all_the_same(rig):
    await a_call(rig.store)
    rig.marketing.answers = [503] * 25
    await rig.finished("c1")
    await rig.jobs.run(timedelta(days=7).total_seconds())
    assert rig.marketing.leads["c1"]["status"] == "enrolled"
    (row,) = await rig.rows()
    assert row["not_told"] is None


async def test_forgetting_a_person_empties_their_row_and_the_other_system_lets_go(rig, tmp_path):
    person = await a_call(rig.store)
    await rig.finished("c1")
    await rig.jobs.run(10)
    await Eraser(rig.store, Archive(Path(tmp_path)), rig.jobs.clock).erase(person)
    await rig.enrolment.begin()
    await rig.jobs.run(10)
    assert "jane" not in str(await rig.rows()).lower()
    assert rig.marketing.leads["c1"]["status"] == "left"
    assert "jane" not in str(rig.marketing.leads).lower()


async def test_who_had_left_before_they_were_forgotten_is_emptied_in_the_other_system_too(
    rig, tmp_path
):
    person = await a_call(rig.store)
    await rig.finished("c1")
    await rig.jobs.run(10)
    await rig.enrolment.leave("c1", "came back")
    await rig.jobs.run(10)
    assert rig.marketing.leads["c1"]["status"] == "left"
    assert "jane" in str(rig.marketing.leads).lower()
    await Eraser(rig.store, Archive(Path(tmp_path)), rig.jobs.clock).erase(person)
    waits = await rig.store.query(lambda c: still_there(c, ["c1"]))
    assert [w["system"] for w in waits] == ["nurture"]
    await rig.enrolment.begin()
    await rig.jobs.run(10)
    assert "jane" not in str(rig.marketing.leads).lower()
    assert await rig.store.query(lambda c: still_there(c, ["c1"])) == []


async def test_what_changes_while_it_is_told_is_told_again(rig, tmp_path):
    person = await a_call(rig.store)
    eraser = Eraser(rig.store, Archive(Path(tmp_path)), rig.jobs.clock)
    await rig.finished("c1")
    rig.marketing.meanwhile = lambda: rig.enrolment.leave("c1", "came back")
    await rig.jobs.run(10)
    assert rig.marketing.leads["c1"]["status"] == "left"
    await rig.store.write("t", lambda c: c.execute(text("UPDATE nurture SET synced = 'due'")))
    rig.marketing.meanwhile = lambda: eraser.erase(person)
    await rig.jobs.ask("nurture-tell", "left/c1", tries=1)
    await rig.jobs.run(10)
    assert "jane" not in str(rig.marketing.leads).lower()


@pytest.mark.parametrize("status", [403, 422])
async def test_that_somebody_is_forgotten_is_told_however_long_it_takes(rig, tmp_path, status):
    person = await a_call(rig.store)
    await rig.finished("c1")
    await rig.jobs.run(10)
    await Eraser(rig.store, Archive(Path(tmp_path)), rig.jobs.clock).erase(person)
    rig.marketing.answers = [status] * 30
    await rig.enrolment.begin()
    await rig.jobs.run(timedelta(days=7).total_seconds())
    assert "jane" not in str(rig.marketing.leads).lower()
    assert await rig.store.query(lambda c: still_there(c, ["c1"])) == []


async def test_other_verdicts_enrol_nobody(rig):
    await a_call(rig.store)
    for result in ("qualified", "disqualified", "needs_human", "insufficient"):
        await rig.finished("c1", result)
    assert not await rig.rows()
