"""Contacts over the API: a person shown, merged, unmerged and forgotten everywhere."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.events import ConversationEnded, IdentifierSeen
from core.identity.memory import Recognition
from core.projections.document import document
from core.store.store import Store
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.store.test_people import started, talk, told
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes.a_call import AT, ENDED, facts, signal
from tests.fakes.records import records as crm_records
from voice_agent.api.contacts import routes
from voice_agent.audio.archive import Archive
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
LATER = AT + timedelta(days=1)
WORDS = ("Jane", "Acme", "Lima", "two hundred", "+14155550123", "jane@acme.com", "sync snowflake")


@pytest.fixture
def store(both: Store) -> Store:
    return both


@pytest.fixture
def eraser(store: Store, tmp_path: Path) -> Eraser:
    return Eraser(store, Archive(tmp_path), lambda: LATER)


@pytest.fixture
async def api(store: Store, eraser: Eraser) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=routes(store, "t0ken", eraser, lambda: LATER, lambda: sample().company))
    headers = {"authorization": "Bearer t0ken"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://agent", headers=headers
    ) as client:
        yield client


async def a_call(store: Store, name: str = "c1", tmp: Path | None = None) -> str:
    """A finished call with its records and its recording; the id of its person."""
    mail = signal(9, "email", "jane@acme.com", "jane at acme", confidence=0.99)
    await store.log.append_once(name, AT, [*facts(f"CA-{name}"), mail, ENDED], "all")
    logged = await store.log.read(name)
    await crm_records(store, lambda: AT).write(document(name, logged))
    await store.conversations.mark_wrapped(name, AT)
    if tmp is not None:
        await anyio.Path(tmp / f"{name}.wav").write_bytes(b"RIFF")
    found = await store.people.person_of(name)
    assert found is not None
    return found


async def everything(store: Store) -> str:
    """All that stands in the database, as one text."""

    def read(c: sa.Connection) -> str:
        tables = sa.inspect(c).get_table_names()
        return str([c.execute(sa.text(f'SELECT * FROM "{t}"')).all() for t in tables])

    found: str = await store.query(read)
    return found


async def test_a_contact_is_everything_known_with_where_it_was_said(
    store: Store, api: httpx.AsyncClient
):
    person = await a_call(store)
    await talk(store, "mail", started("email"), IdentifierSeen("email", "jane@acme.com", True),
               told("timeline", "2025-06-30", 2), at=LATER)  # fmt: skip
    made = (await api.get(f"/api/v1/contacts/{person}")).json()
    assert made["name"] == "Jane Doe" and made["account"] == "Acme"
    known = {s["criterion"]: s for s in made["signals"]}
    assert known["employees"]["value"] == "200" and known["employees"]["start_ms"] == 25_000
    assert known["employees"]["origin"]["words"] == "by phone on Monday, 3 Mar"
    assert known["timeline"]["origin"]["channel"] == "email"
    assert [(q["text"][:6], q["status"]) for q in made["questions"]] == [
        ("do you", "answered"), ("do you", "outstanding"),
    ]  # fmt: skip
    assert [t["channel"] for t in made["timeline"]] == ["voice", "email"]
    assert {(i["kind"], i["how"]) for i in made["identifiers"]} >= {
        ("email", "verified"), ("phone", "caller_id"), ("name", "stated"),
    }  # fmt: skip
    assert made["declined"] == ["budget"] and made["promises"][0]["owner"] == "sam"
    assert made["merges"][0]["why"].startswith("the address jane@acme.com")


async def test_merging_and_parting_over_the_api(store: Store, api: httpx.AsyncClient):
    dana = await talk(store, "a", started("chat"), told("email", "dana@acme.com"))
    lee = await talk(store, "b", started("chat"), told("email", "lee@acme.com"))
    body = {"absorb": lee, "why": "married", "by": "grace"}
    before = [(await api.get(f"/api/v1/contacts/{p}")).json()["signals"] for p in (dana, lee)]
    made = (await api.post(f"/api/v1/contacts/{dana}/merge", json=body)).json()
    assert made["id"] == dana and len(made["timeline"]) == 2
    assert (await api.get(f"/api/v1/contacts/{lee}")).json()["id"] == dana
    assert (await api.post(f"/api/v1/contacts/{dana}/merge", json=body)).status_code == 409
    made = (await api.post(f"/api/v1/contacts/{dana}/unmerge", json={"person": lee})).json()
    assert made["id"] == lee and made["merges"][0]["undone_at"]
    after = [(await api.get(f"/api/v1/contacts/{p}")).json()["signals"] for p in (dana, lee)]
    assert after == before
    assert (await api.post(f"/api/v1/contacts/{lee}/unmerge")).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 422), (b"[]", 422), (b'{"absorb": 1}', 422), (b'{"absorb": "x"}', 422),
     (b'{"absorb": "x", "why": "y"}', 404), (b" " * 20_000, 413)],
)  # fmt: skip
async def test_a_bad_merge_is_explained(
    store: Store, api: httpx.AsyncClient, body: bytes, status: int
):
    person = await talk(store, "a", started("chat"))
    response = await api.post(f"/api/v1/contacts/{person}/merge", content=body)
    assert response.status_code == status and response.json()["error"]["message"]


async def test_who_is_not_there_is_said_so_and_without_the_token_nothing_is_shown(
    api: httpx.AsyncClient,
):
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/unmerge")):
        response = await api.request(method, f"/api/v1/contacts/nobody{path}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown-contact")
    api.headers.clear()
    assert (await api.delete("/api/v1/contacts/nobody")).status_code == 401


async def test_forgetting_leaves_counts_and_not_a_word(
    store: Store, api: httpx.AsyncClient, tmp_path: Path
):
    person = await a_call(store, tmp=tmp_path)
    before = await everything(store)
    assert not [word for word in WORDS if word not in before]
    response = await api.delete(f"/api/v1/contacts/{person}")
    assert response.status_code == 200
    made: dict[str, Any] = response.json()
    assert made["status"] == "erased" and made["conversations"] == ["c1"]
    assert made["erased"]["conversations"] == 1 and made["erased"]["recordings"] == 1
    assert made["erased"]["identifiers"] >= 3 and made["erased"]["questions"] == 1
    left = (await everything(store)).lower()
    assert not [word for word in WORDS if word.lower() in left]
    assert not (await anyio.Path(tmp_path / "c1.wav").exists())
    assert len(await store.log.read("c1")) == len([*facts(), 1, ENDED])
    again = await api.delete(f"/api/v1/contacts/{person}")
    assert (again.status_code, again.json()) == (200, made)
    assert (await api.get(f"/api/v1/contacts/{person}")).status_code == 404


async def test_forgetting_that_was_cut_off_is_taken_up_by_another_server(
    store: Store, eraser: Eraser, tmp_path: Path
):
    from core.store.erasing import Erasure, begin, forget_conversation

    person = await a_call(store, "c1", tmp_path)
    await a_call(store, "c2", tmp_path)
    begun = await store.write("erasure", lambda c: begin(c, person, AT))
    assert begun is not None and begun.conversations == ("c1", "c2")
    await store.write("c1", lambda c: forget_conversation(c, begun, "c1", 1, AT))
    assert "Jane" in await everything(store)  # the server died here
    assert await eraser.resume() == 0
    left = (await everything(store)).lower()
    assert not [word for word in WORDS if word.lower() in left]
    done = await eraser.erase(person)
    assert isinstance(done, Erasure) and done.done and done.counts["conversations"] == 2


async def test_a_call_that_goes_on_is_forgotten_when_it_is_over(store: Store, eraser: Eraser):
    await store.log.append("c1", AT, facts("CA-c1"))
    person = str(await store.people.person_of("c1"))
    first = await eraser.erase(person)
    assert first is not None and not first.done
    await store.log.append("c1", AT, [told("name", "Jane Doe", 30), ConversationEnded("x", "y", 1)])
    assert "Jane" in await everything(store) and await eraser.resume() == 1
    await store.conversations.mark_wrapped("c1", AT)
    assert await eraser.resume() == 0 and "Jane" not in await everything(store)


async def test_what_another_conversation_recalled_is_forgotten_there_as_well(
    store: Store, eraser: Eraser
):
    person = await a_call(store, "c1")
    mail = IdentifierSeen("email", "jane@acme.com", True)
    opened = ConversationOpened("c2", "chat", "inbound", None, None, MONDAY_NOON, seen=(mail,))
    it = TextTalk(engine(), opened)
    await store.written.begin("c2", LATER, it.facts, it.state)
    found = await store.people.recognise("c2")
    assert isinstance(found, Recognition) and found.known is not None
    knows, recalled = engine().recognised(it.state, found)
    guessing = replace(knows.identity, guesses=(found.known,))
    knows = replace(knows, identity=guessing)
    assert await store.written.commit("c2", 1, LATER, recalled, knows)
    merges = await store.query(
        lambda c: c.execute(sa.text("SELECT absorbed FROM person_merge")).scalars().all()
    )
    for absorbed in merges:
        await store.people.unmerge(absorbed, "grace", LATER)
    assert await store.people.person_of("c2") != person
    await eraser.erase(person)
    words = str([entry.fact for entry in await store.log.read("c2")])
    assert "Jane" not in words and "Snowflake" not in words
    standing = await store.written.standing("c2")
    assert standing is not None and not standing.state.signals.all and "Jane" not in str(standing)
