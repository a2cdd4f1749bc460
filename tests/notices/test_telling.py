"""People are notified once per channel, the first claim wins, and dead notices can be retried."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from core.facts.claims import HandoffRated
from core.ports import Matter
from core.projections.document import document
from core.store.claims import Claims
from core.store.notice_tables import NoticeRow
from core.store.notices import Inbox, Notices
from core.store.store import Store
from tests.api.test_contacts import a_call
from tests.core.talk import sample
from tests.fakes.a_call import AT
from tests.fakes.jobs import MemoryJobs
from voice_agent.audio.archive import Archive
from voice_agent.channels.email.build import From
from voice_agent.channels.email.noticing import MailWay
from voice_agent.channels.email.smtp import NotSent
from voice_agent.handoffs import Handoffs
from voice_agent.notices.ports import NotDelivered
from voice_agent.notices.routes import routes
from voice_agent.notices.telling import Telling
from voice_agent.patience import TWO_DAYS
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
REP, OTHER = sample().company.team[:2]
DUE = Matter(
    "callback-due",
    "cb-1",
    "Call Jane back at 3 pm",
    "She asked about prices.",
    conversation_id="c1",
)


class Recorded:
    """A way that keeps what it is given, after refusing as often as it is told to."""

    name = "board"

    def __init__(self, *refusals: NotDelivered) -> None:
        self.refusals = list(refusals)
        self.shown: list[tuple[str, Mapping[str, Any]]] = []

    def reaches(self, person: str) -> bool:
        return True

    async def deliver(self, notice: NoticeRow, ref: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.refusals:
            raise self.refusals.pop(0)
        self.shown.append((notice.title, ref))
        return {"at": len(self.shown)}


class Rig:
    def __init__(self, store: Store, *refusals: NotDelivered) -> None:
        self.jobs, self.way = MemoryJobs(AT), Recorded(*refusals)
        self.store, self.notices, self.claims = store, Notices(store), Claims(store)
        self.telling = Telling(
            self.notices, [self.way], self.jobs, lambda: sample().company, self.jobs.clock
        )
        self.handoffs = Handoffs(store, self.telling.changed)

    async def api(self) -> httpx.AsyncClient:
        await self.telling.begin()
        made = routes(self.notices, self.handoffs, self.telling, "t0ken", self.jobs.clock)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=made)), base_url="http://agent",
            headers={"authorization": "Bearer t0ken"},
        )  # fmt: skip


@pytest.fixture
async def rig(store: Store) -> AsyncIterator[tuple[Rig, httpx.AsyncClient]]:
    made = Rig(store)
    async with await made.api() as client:
        yield made, client


async def test_a_person_is_told_once_however_often_and_sees_it_in_the_inbox(rig):
    made, client = rig
    for _ in range(3):
        await made.telling.tell(REP, DUE)
    await made.telling.tell(OTHER, replace(DUE, key="all", title="For another"))
    await made.jobs.run(3_600)
    assert sorted(title for title, _ in made.way.shown) == [DUE.title, "For another"]
    page = (await client.get("/api/v1/notifications", params={"person": REP.id})).json()
    shown = {n["title"]: n for n in page["notifications"]}
    assert set(shown) == {DUE.title}
    assert shown[DUE.title]["deliveries"] == [
        {"way": "board", "status": "sent", "tries": 1, "why": None}
    ]
    everybodys = (await client.get("/api/v1/notifications?limit=1")).json()
    assert len(everybodys["notifications"]) == 1 and everybodys["next_before"]
    seen = await client.post(
        f"/api/v1/notifications/{shown[DUE.title]['id']}/seen", json={"by": REP.id}
    )
    assert seen.status_code == 200
    left = (await client.get("/api/v1/notifications?unseen=true")).json()["notifications"]
    assert [n["title"] for n in left] == ["For another"]


@pytest.mark.parametrize(
    "kind", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)]
)
async def test_pages_of_the_inbox_meet_without_gaps(request, kind):
    opened = Store(request.getfixturevalue(kind), server="boot-1")
    made = Rig(opened)
    client = await made.api()
    for n in range(5):
        await made.telling.tell(REP, replace(DUE, key=f"k{n}", title=f"T{n}"))
    told, before = [], ""
    while True:
        page = (await client.get(f"/api/v1/notifications?limit=2&before={before}")).json()
        told += [n["title"] for n in page["notifications"]]
        before = page["next_before"]
        if before is None:
            break
    assert sorted(told) == [f"T{n}" for n in range(5)]
    await client.aclose()
    await opened.aclose()


async def test_a_way_that_is_down_gets_it_later_and_waits_as_long_as_it_asks(store):
    made = Rig(store, NotDelivered("slow down", after_s=90), NotDelivered("away"))
    async with await made.api():
        await made.telling.tell(REP, DUE)
        await made.jobs.run(80)
        assert not made.way.shown
        await made.jobs.run(60)
        assert [title for title, _ in made.way.shown] == [DUE.title]


async def test_a_way_that_asks_for_little_patience_is_still_tried_for_two_days(store):
    made = Rig(
        store, *(NotDelivered("slow down", after_s=10) for _ in range(len(TWO_DAYS.pauses_s)))
    )
    async with await made.api():
        await made.telling.tell(REP, DUE)
        await made.jobs.run(sum(TWO_DAYS.pauses_s) - 60)
        assert not made.way.shown
        await made.jobs.run(120)
        assert [title for title, _ in made.way.shown] == [DUE.title]


async def test_a_notice_for_a_way_that_was_taken_away_ends_like_any_other(store):
    made = Rig(store)
    await made.notices.keep(REP.id, DUE, AT, ["pigeon"])
    async with await made.api() as client:
        await made.jobs.run(sum(TWO_DAYS.pauses_s) + 60)
        (notice,) = (await client.get("/api/v1/notifications")).json()["notifications"]
        (delivery,) = notice["deliveries"]
        assert (delivery["status"], delivery["why"]) == ("dead", "pigeon is not set up")


async def test_what_was_delivered_is_not_sent_again(store):
    made = Rig(store)
    async with await made.api() as client:
        await made.telling.tell(REP, DUE)
        await made.jobs.run(10)
        (notice,) = (await client.get("/api/v1/notifications")).json()["notifications"]
        path = f"/api/v1/notifications/{notice['id']}/retry"
        assert (await client.post(path, json={"way": "board"})).status_code == 409
        await made.jobs.run(10)
        assert len(made.way.shown) == 1
        sent = await made.notices.delivery(notice["id"], "board")
        assert sent is not None and sent.ref == {"at": 1}, "by it the card can be taken back"


async def test_what_nobody_takes_is_dead_told_why_and_can_be_tried_anew(store):
    made = Rig(store, NotDelivered("no such channel", final=True))
    async with await made.api() as client:
        await made.telling.tell(REP, DUE)
        await made.jobs.run(100_000)
        (notice,) = (await client.get("/api/v1/notifications")).json()["notifications"]
        assert notice["deliveries"][0] == {
            "way": "board", "status": "dead", "tries": 1, "why": "no such channel"
        }  # fmt: skip
        path = f"/api/v1/notifications/{notice['id']}/retry"
        assert (await client.post(path, json={"way": "pigeon"})).status_code == 404
        assert (await client.post(path, json={"way": "board"})).status_code == 202
        await made.jobs.run(10)
        assert [title for title, _ in made.way.shown] == [DUE.title]


async def test_a_crash_between_keeping_and_asking_loses_nothing(store):
    made = Rig(store)
    await made.notices.keep(REP.id, DUE, AT, ["board"])  # and the server dies
    async with await made.api():
        await made.jobs.run(10)
    assert [title for title, _ in made.way.shown] == [DUE.title]


async def test_the_first_claim_has_the_lead_and_ways_show_it(rig):
    made, client = rig
    await a_call(made.store)
    await made.telling.tell(REP, DUE)
    await made.jobs.run(10)
    path = "/api/v1/conversations/c1/claim"
    assert (await client.post(path, json={"by": "ann"})).json()["claimed_by"] == "ann"
    late = await client.post(path, json={"by": "bob"})
    assert late.status_code == 409 and "ann" in late.json()["error"]["message"]
    assert (await client.post(path, json={"by": "ann"})).status_code == 200
    await made.jobs.run(10)
    assert made.way.shown[-1] == (DUE.title, {"at": 1}), "the card that is there is brought up"
    facts = await made.store.log.read("c1")
    assert document("c1", facts)["claim"] == {"by": "ann", "through": "api"}
    gone = await client.post("/api/v1/conversations/none/claim", json={"by": "ann"})
    assert gone.status_code == 404
    assert await made.store.conversations.get("none") is None, "asking makes no conversation"


async def test_of_each_persons_ratings_the_latest_counts(rig):
    made, client = rig
    await a_call(made.store)
    path = "/api/v1/conversations/c1/rating"
    for given in ({"score": 2}, {"score": 4, "repeated": True}, {"repeated": False}):
        assert (await client.post(path, json={"by": "ann", **given})).status_code == 200
    _, rated = await made.claims.standing("c1")
    assert rated == {"ann": HandoffRated("ann", 4, False, "api")}
    for wrong in ({"score": 6}, {"score": True}, {"score": 2, "repeated": "no"}, {}, {"score": 0}):
        assert (await client.post(path, json={"by": "ann", **wrong})).status_code == 422


async def test_only_conversations_somebody_has_to_take_are_told(rig):
    made, _ = rig
    await a_call(made.store)
    facts = await made.store.log.read("c1")
    told = document("c1", facts, company=sample().company)
    for result, count in (("disqualified", 0), ("insufficient", 0), ("qualified", 1)):
        quiet = {**told, "route": {**told["route"], "fast_track": False, "rep": REP.id}}
        await made.telling.lead({**quiet, "verdict": {**told["verdict"], "result": result}})
        assert len(await made.notices.page(Inbox())) == count
    ((row, _),) = await made.notices.page(Inbox(person=REP.id))
    assert row.kind == "lead" and row.title.startswith("Qualified lead: ") and row.text
    assert not row.urgent and row.conversation_id == "c1"
    await made.telling.lead({**told, "verdict": {**told["verdict"], "result": "needs_human"}})
    assert (await made.notices.page(Inbox(kind="human-wanted")))[0][0].urgent


async def test_a_meetings_rep_is_told_once_that_the_buyer_moved_it_or_called_it_off(rig):
    made, _ = rig
    await a_call(made.store)
    told = document("c1", await made.store.log.read("c1"), company=sample().company)
    booked = {
        "title": "Intro", "status": "booked", "start": "2026-12-02T01:00:00.000Z", "uid": "u1",
        "sequence": 0, "rep": REP.id, "rep_zone": "America/Los_Angeles", "untold": True,
    }  # fmt: skip

    async def kinds(**change: Any) -> list[str]:
        await made.telling.lead({**told, "booking": {**booked, **change}})
        found = await made.notices.page(Inbox(person=REP.id))
        return sorted(row.kind for row, _ in found if row.kind.startswith("meeting"))

    assert await kinds(sequence=1, untold=False) == [], "moved before anybody was told of it"
    assert await kinds(sequence=1, untold=False) == [], "and the wrap-up is repeated"
    assert await kinds(sequence=2) == ["meeting-moved"] == await kinds(sequence=2)
    assert await kinds(sequence=3, status="cancelled") == ["meeting-moved", "meeting-off"]
    ((row, _),) = await made.notices.page(Inbox(kind="meeting-off"))
    assert row.title.startswith("Meeting called off: ") and "at 5 PM Pacific" in row.title


async def test_forgetting_a_person_takes_the_words_of_their_notices(rig, tmp_path):
    made, _ = rig
    person = await a_call(made.store)
    await made.telling.tell(REP, DUE)
    done = await Eraser(made.store, Archive(tmp_path), made.jobs.clock).erase(person)
    assert done is not None and done.counts["notices"] == 1
    ((row, _),) = await made.notices.page(Inbox())
    assert "Jane" not in row.title and not row.text


async def test_a_rep_is_mailed_what_the_company_wants_mailed():
    class Server:
        def __init__(self) -> None:
            self.sent: list[tuple[bytes, str]] = []
            self.refuses = True

        async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
            if self.refuses:
                self.refuses = False
                raise NotSent("later", final=False)
            self.sent.append((raw, recipient))

    server, company = Server(), sample().company
    way = MailWay(server, lambda: From("sales@tideline.example", "Tideline"), lambda: company)
    row = NoticeRow(
        id="n1", person=REP.id, kind="callback-due", title="Call Jane", text="At 3 pm.",
        created_at=AT,
    )  # fmt: skip
    with pytest.raises(NotDelivered) as refused:
        await way.deliver(row, {})
    assert refused.value.retryable
    await way.deliver(row, {})
    await way.deliver(row, {})
    (first, to), (second, _) = server.sent
    assert first == second and to == REP.email, "the same mail, by which mail systems know it"
    mail = message_from_bytes(first, policy=policy.default)
    assert mail["Subject"] == "Call Jane" and "At 3 pm." in mail.get_body(("plain",)).get_content()
    assert way.reaches(REP.id) and not way.reaches("stranger")


async def test_other_systems_tell_what_came_of_a_lead(rig):
    made, client = rig
    await a_call(made.store)
    one = "/api/v1/conversations/c1"
    won = {"by": "crm", "stage": "won", "amount": 5, "currency": "EUR"}
    for path, told in (("meeting", {"by": "crm", "outcome": "no_show"}),
                       ("meeting", {"by": "crm", "outcome": "held"}), ("deal", won)):  # fmt: skip
        assert (await client.post(f"{one}/{path}", json=told)).status_code == 200
    for path, wrong in (("meeting", {"by": "crm", "outcome": "late"}),
                        ("deal", won | {"currency": "euro"}), ("deal", won | {"amount": -5}),
                        ("deal", won | {"amount": True}), ("deal", won | {"by": ""})):  # fmt: skip
        assert (await client.post(f"{one}/{path}", json=wrong)).status_code == 422
    gone = await client.post("/api/v1/conversations/none/deal", json=won)
    assert gone.status_code == 404
    told = document("c1", await made.store.log.read("c1"))["afterwards"]
    assert told == {"meeting": "held", "deal": {"stage": "won", "amount": 5, "currency": "EUR"}}
