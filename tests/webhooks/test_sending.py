"""Other systems get everything once by id, in order, whoever crashes; failures are listed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.events import Flagged, Noted, TurnTimed, UtteranceRecorded
from core.projections.outgoing import kinds, wanted
from core.store.outgoing import Outgoing
from core.store.store import Store
from core.store.tables import ConversationRow
from tests.api.test_contacts import a_call
from tests.fakes.a_call import AT
from tests.fakes.jobs import MemoryJobs
from tests.fakes.ports import free_port
from tests.fakes.webhook_receiver import Receiver, listening
from voice_agent.audio.archive import Archive
from voice_agent.errors import ConfigError
from voice_agent.patience import TWO_DAYS
from voice_agent.webhooks.routes import routes
from voice_agent.webhooks.sending import KEPT, Endpoint, Sending
from voice_agent.webhooks.signing import secret_of, signed
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = secret_of(SECRET, "ops")
FLAG = Flagged("calm", 1, 0, "nothing")


@asynccontextmanager
async def server(
    url: str, port: int, jobs: MemoryJobs, events: tuple[str, ...] = ()
) -> AsyncIterator[tuple[Store, Sending, httpx.AsyncClient]]:
    """One boot of a server that tells one address."""
    store, outgoing = Store(url), Outgoing(made := Store(url), {"ops": events})
    await store.aclose()
    async with httpx.AsyncClient() as client:
        address = Endpoint("ops", f"http://127.0.0.1:{port}/hook", KEY)
        sending = Sending(outgoing, [address], client, jobs, jobs.clock, "https://agent.example")
        made.tell(sending.committed)
        await sending.begin()
        app = Starlette(routes=routes(outgoing, sending, "t0ken"))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://agent",
            headers={"authorization": "Bearer t0ken"},
        ) as api:  # fmt: skip
            yield made, sending, api
    await made.aclose()


async def flags(store: Store, conversation_id: str, first: int, last: int) -> None:
    for n in range(first, last + 1):
        await store.log.append(conversation_id, AT, [Flagged("n", n, 0, "")])


def numbers(receiver: Receiver, conversation_id: str) -> list[int]:
    return [
        body["data"]["fact"]["turn"]
        for _, body in receiver.taken
        if body["data"]["conversation_id"] == conversation_id and body["type"] == "flag.raised"
    ]


@pytest.mark.parametrize(
    "kind", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)]
)
async def test_a_receiver_that_dies_and_comes_back_has_each_event_once_and_in_order(request, kind):
    url, port = request.getfixturevalue(kind), free_port()
    receiver, jobs = Receiver(KEY), MemoryJobs(AT)
    async with server(url, port, jobs) as (store, sending, _):
        async with listening(receiver, port):
            await flags(store, "c1", 1, 3)
            await sending.look()
            await jobs.run(1)
        await flags(store, "c1", 4, 6)  # while it is dead
        await flags(store, "c2", 1, 2)
        await sending.look()
        await jobs.run(20)
        assert numbers(receiver, "c1") == [1, 2, 3]
        await flags(store, "c1", 7, 8)
        await sending.look()
        async with listening(receiver, port):
            await jobs.run(600)
    assert numbers(receiver, "c1") == [1, 2, 3, 4, 5, 6, 7, 8]
    assert numbers(receiver, "c2") == [1, 2]
    ids = [message for message, _ in receiver.taken]
    assert len(ids) == len(set(ids)) and not receiver.forged


async def test_a_server_that_dies_before_it_queues_or_sends_loses_nothing(sqlite_url):
    port, receiver = free_port(), Receiver(KEY)
    lost = MemoryJobs(AT)
    async with server(sqlite_url, port, lost) as (store, sending, _):
        await flags(store, "c1", 1, 2)
        await sending.look()  # queued, asked for; and its jobs die with it
        await flags(store, "c1", 3, 4)  # committed, and nobody looked
        await flags(store, "c2", 1, 1)
    jobs = MemoryJobs(AT)
    async with server(sqlite_url, port, jobs), listening(receiver, port):
        await jobs.run(1)
    assert numbers(receiver, "c1") == [1, 2, 3, 4] and numbers(receiver, "c2") == [1]


async def test_an_answer_that_is_lost_shows_as_the_same_id_twice(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    receiver.drop_after = 1
    async with server(sqlite_url, port, jobs) as (store, sending, _), listening(receiver, port):
        await flags(store, "c1", 1, 2)
        await sending.look()
        await jobs.run(600)
    assert [message for message, _ in receiver.taken] == ["c1.1", "c1.1", "c1.2"]


async def test_an_address_is_waited_for_as_long_as_it_asks(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    receiver.answers = [(429, {"retry-after": "90"})]
    async with server(sqlite_url, port, jobs) as (store, sending, _), listening(receiver, port):
        await flags(store, "c1", 1, 1)
        await sending.look()
        await jobs.run(80)
        assert not receiver.taken
        await jobs.run(20)
    assert numbers(receiver, "c1") == [1]


async def test_a_dead_address_costs_each_conversation_a_few_tries_and_is_seldom_asked(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    receiver.answers = [(500, {})] * 1000
    async with server(sqlite_url, port, jobs) as (store, sending, _), listening(receiver, port):
        for n in range(20):
            await flags(store, f"c{n}", 1, 1)
        await sending.look()
        assert await jobs.run(3600) <= 20 * 6, "else it would hold up all other durable work"
        assert 1000 - len(receiver.answers) <= 20
        receiver.answers = []
        await jobs.run(3600)
        assert all(numbers(receiver, f"c{n}") == [1] for n in range(20))


async def test_an_address_that_does_not_answer_for_two_days_gets_nothing_afterwards(sqlite_url):
    port, jobs = free_port(), MemoryJobs(AT)
    async with server(sqlite_url, port, jobs) as (store, sending, api):
        for n in range(5):
            await flags(store, f"c{n}", 1, 1)
        await sending.look()
        await jobs.run(timedelta(days=3).total_seconds())
        listed = await api.get("/api/v1/webhooks/deliveries", params={"status": "dead"})
        assert len(listed.json()["deliveries"]) == 5 and not jobs.due


async def test_after_two_days_an_event_is_dead_listed_and_can_be_sent_again(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    async with server(sqlite_url, port, jobs) as (store, sending, api), listening(receiver, port):
        receiver.answers = [(500, {})] * (len(TWO_DAYS.pauses_s) + 1)
        await flags(store, "c1", 1, 2)
        await sending.look()
        await jobs.run(timedelta(days=3).total_seconds())
        assert numbers(receiver, "c1") == [2], "the next goes on"
        path = "/api/v1/webhooks/deliveries"
        (dead,) = (await api.get(path, params={"status": "dead"})).json()["deliveries"]
        assert (dead["id"], dead["why"]) == ("ops.c1.1", "it answered 500")
        assert (await api.post(f"{path}/ops.c1.9/retry")).status_code == 404
        assert (await api.post(f"{path}/nonsense/retry")).status_code == 404
        assert (await api.post(f"{path}/{dead['id']}/retry")).status_code == 202
        await jobs.run(1)
        assert numbers(receiver, "c1") == [2, 1]
        assert not (await api.get(path, params={"status": "dead"})).json()["deliveries"]
        for wrong in ("status=lost", "limit=0", "colour=red"):
            assert (await api.get(f"{path}?{wrong}")).status_code == 422


@pytest.mark.parametrize(
    "kind", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)]
)
async def test_all_that_died_in_a_long_outage_is_sent_again_in_order_by_one_request(request, kind):
    url, port = request.getfixturevalue(kind), free_port()
    receiver, jobs = Receiver(KEY), MemoryJobs(AT)
    path = "/api/v1/webhooks/deliveries"
    async with server(url, port, jobs) as (store, sending, api):
        for n in range(3):
            await flags(store, f"c{n}", 1, 2)
        await sending.look()
        await jobs.run(5 * 86_400)
        dead = (await api.get(path, params={"status": "dead"})).json()["deliveries"]
        assert len(dead) == 6
        async with listening(receiver, port):
            told = await api.post(f"{path}/retry", json={"endpoint": dead[0]["endpoint"]})
            assert (told.status_code, told.json()) == (202, {"conversations": 3})
            await jobs.run(60)
            again = await api.post(f"{path}/retry", json={"endpoint": dead[0]["endpoint"]})
            assert again.json() == {"conversations": 0}
        assert (await api.post(f"{path}/retry", json={"endpoint": "none"})).status_code == 422
        assert not (await api.get(path, params={"status": "dead"})).json()["deliveries"]
    assert [numbers(receiver, f"c{n}") for n in range(3)] == [[1, 2]] * 3


async def test_an_address_that_is_gone_for_good_is_not_asked_again(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    receiver.answers = [(410, {})]
    async with server(sqlite_url, port, jobs) as (store, sending, api), listening(receiver, port):
        await flags(store, "c1", 1, 1)
        await sending.look()
        await jobs.run(100_000)
        (dead,) = (await api.get("/api/v1/webhooks/deliveries")).json()["deliveries"]
    assert (dead["status"], dead["tries"]) == ("dead", 1) and not receiver.taken


async def test_what_was_before_an_address_was_named_is_not_told_and_the_rest_of_it_is(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    early = Store(sqlite_url)
    await flags(early, "c1", 1, 3)
    await early.aclose()
    async with server(sqlite_url, port, jobs) as (store, sending, _), listening(receiver, port):
        await flags(store, "c1", 4, 4)
        await sending.look()
        await jobs.run(1)
    assert numbers(receiver, "c1") == [4]


async def test_only_what_is_asked_for_is_told_and_never_the_words_of_a_talk(sqlite_url, tmp_path):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    asked = ("flag.raised", "signal.*")
    async with (
        server(sqlite_url, port, jobs, asked) as (store, sending, _),
        listening(receiver, port),
    ):
        said = UtteranceRecorded(1, "caller", "my card is 4111 1111 1111 1111", 0, 1)
        await store.log.append("c9", AT, [said, FLAG, Noted("x"), TurnTimed(*[0] * 7, False)])
        person = await a_call(store)
        await Eraser(store, Archive(Path(tmp_path)), jobs.clock).erase(person)
        await sending.look()
        await jobs.run(1)
    told = {body["type"] for _, body in receiver.taken}
    assert told == {"flag.raised", "signal.captured"}
    words = str(receiver.taken)
    assert "4111" not in words and "Jane" not in words, "sent as the log has it when it is sent"
    first = receiver.taken[0][1]
    assert set(first) == {"type", "timestamp", "data"}
    assert first["data"]["url"].startswith("https://agent.example/api/v1/conversations/c")


async def test_a_sweep_reads_recent_conversations_and_a_start_finds_what_is_older(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT + timedelta(days=9))
    async with server(sqlite_url, port, jobs) as (store, sending, _):
        await flags(store, "c1", 1, 1)
        over = sa.update(ConversationRow.__table__).values(status="completed", started_at=AT)
        await store.write("t", lambda c: c.execute(over).rowcount)
        asked: list[tuple[str, object]] = []
        sa.event.listen(store.engine, "before_cursor_execute", lambda *g: asked.append(g[2:4]))
        await sending.sweep()
        (query, given), *_ = [a for a in asked if "coalesce" in a[0]]
        with store.engine.connect() as c:
            plan = [row[3] for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given)]
        assert not [step for step in plan if step.startswith("SCAN conversation")], plan
        assert not jobs.due
    async with server(sqlite_url, port, jobs), listening(receiver, port):
        await jobs.run(1)
    assert numbers(receiver, "c1") == [1]


async def test_what_was_delivered_or_given_up_long_ago_is_deleted(sqlite_url):
    port, receiver, jobs = free_port(), Receiver(KEY), MemoryJobs(AT)
    receiver.answers = [(410, {})]
    async with server(sqlite_url, port, jobs) as (store, sending, api), listening(receiver, port):
        await flags(store, "c1", 1, 2)
        await sending.look()
        await jobs.run(1)
        listed = "/api/v1/webhooks/deliveries"
        assert {d["status"] for d in (await api.get(listed)).json()["deliveries"]} == {
            "dead",
            "sent",
        }
        jobs.now += KEPT + timedelta(days=1)
        await sending.begin()
        assert not (await api.get(listed)).json()["deliveries"] and not jobs.due


def test_every_kind_of_fact_has_a_name_of_its_own():
    named = kinds()
    assert len(named) == len(set(named)) and {
        "conversation.started", "conversation.ended", "verdict.reached", "meeting.moved",
        "question.raised", "flag.raised", "callback.requested", "lead.claimed", "handoff.rated",
        "handoff.written", "route.chosen",
    } <= set(named)  # fmt: skip
    assert not any("utterance" in name or "timed" in name for name in named)
    assert wanted("meeting.moved", ("meeting.*",)) and not wanted("meetings.x", ("meeting.*",))
    assert wanted("x.y", ()) and not wanted("x.yz", ("x.y",))


def test_a_signature_is_the_one_of_the_published_example():
    """Of the reference libraries of Standard Webhooks: tests/test_webhooks.py."""
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(1614265330, UTC)
    made = signed(KEY, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("wrong", ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_???"])
def test_a_bad_secret_is_told_with_how_to_make_one(wrong):
    with pytest.raises(ConfigError, match="openssl rand -base64 32"):
        secret_of(wrong, "ops")
