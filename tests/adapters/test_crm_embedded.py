from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from core.caller_id import e164
from core.errors import StoreFailed
from core.events import Fact, SignalCaptured
from core.facts.claims import DealTold
from core.projections.document import document
from core.store.claims import Claims
from core.store.crm import lead
from core.store.store import Store
from tests.fakes.a_call import AT, ENDED, facts, logged, signal
from tests.fakes.records import records as crm_records
from voice_agent.adapters.crm_embedded import EmbeddedCrm

pytestmark = pytest.mark.real_clock


@pytest.fixture
def crm(store: Store) -> "Office":
    return Office(store)


class Office:
    """Stores a call and has it written to the CRM."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.crm = crm_records(store, lambda: AT)

    async def write(self, conversation_id: str, *said: Fact) -> list[dict[str, Any]]:
        await self.store.log.append_once(conversation_id, AT, said, "call")
        return await self.crm.write(document(conversation_id, logged([*said], conversation_id)))

    async def call(
        self, conversation_id: str = "c1", *more: Fact, caller: str | None = "+14155550123"
    ) -> list[dict[str, Any]]:
        said = facts(f"CA-{conversation_id}", caller)
        return await self.write(conversation_id, *said, *more, ENDED)

    async def nameless(
        self, conversation_id: str, *more: Fact, caller: str | None
    ) -> list[dict[str, Any]]:
        """A call in which nobody says who they are, apart from `more`."""
        said = facts(f"CA-{conversation_id}", caller)
        kept = [f for f in said if not isinstance(f, SignalCaptured)]
        return await self.write(conversation_id, *kept, *more, ENDED)


def confirmed(address: str) -> SignalCaptured:
    """An address that was read back and confirmed."""
    return signal(9, "email", address, "jane at acme dot com", confidence=0.99)


async def rows(store: Store, table: str) -> list[dict[str, Any]]:
    query = sa.text(f"SELECT * FROM {table} ORDER BY updated_at, id")
    return await store.query(lambda c: [dict(r) for r in c.execute(query).mappings()])


def ids(records: list[dict[str, Any]]) -> dict[str, str]:
    return {record["object"]: record["id"] for record in records}


async def test_a_call_leaves_a_contact_an_account_and_an_activity(store: Store, crm: Office):
    records = await crm.call()
    assert [(r["object"], r["status"]) for r in records] == [
        ("account", "created"), ("contact", "created"), ("lead", "created"),
        ("activity", "created"), ("task", "created"),
    ]  # fmt: skip
    (contact,) = await rows(store, "crm_contact")
    (account,) = await rows(store, "crm_account")
    assert (contact["name"], contact["phone"], contact["owner"]) == (
        "Jane Doe", "+14155550123", "sam",
    )  # fmt: skip
    assert contact["account_id"] == account["id"] and account["name"] == "Acme"
    assert account["employees"] == "200"


async def test_the_activity_speaks_the_fields_terms(store: Store, crm: Office):
    await crm.call()
    made = document("c1", logged([*facts("CA-c1"), ENDED], "c1"))
    (activity,) = await rows(store, "crm_activity")
    assert activity["direction"] == "INBOUND" and activity["kind"] == "call"
    assert activity["disposition"] == "callback_promised"
    assert activity["duration_ms"] == (len(facts())) * 1000
    assert activity["transcript_url"] == "/api/v1/conversations/c1"
    assert activity["recording_url"] == "/api/v1/calls/CA-c1/recording"
    assert (activity["verdict"], activity["segment"]) == ("qualified", "mid-market")
    assert activity["summary"].splitlines()[0] == made["handoff"]["summary_lines"][0]["text"]
    assert "Owed:\n- “Do you have an office in Lima?”" in activity["summary"]


async def test_writing_again_changes_nothing(store: Store, crm: Office):
    first = await crm.call()
    again = await crm.call()
    assert ids(again) == ids(first)
    assert {record["status"] for record in again} == {"unchanged"}
    assert len(await rows(store, "crm_activity")) == 1


async def test_a_second_call_from_a_number_is_the_same_person(store: Store, crm: Office):
    first = ids(await crm.call("c1"))
    second = ids(await crm.call("c2"))
    assert first["contact"] == second["contact"] and first["activity"] != second["activity"]
    found = await store.query(lambda c: lead(c, first["contact"]))
    assert found and len(found["activities"]) == 2 and found["account"]["name"] == "Acme"


async def test_a_deal_told_as_won_makes_customers_of_a_company(store: Store, crm: Office):
    await crm.call("c1")
    system, told = EmbeddedCrm(store), Claims(store)
    assert (await system.find("+14155550123")).customer == ""
    for n, stage in enumerate(("open", "won", "lost", "won")):
        deal = DealTold(stage, None, "", "sam", "api")  # type: ignore[arg-type]
        await told.told("c1", deal, AT, f"{n}")
        found = await system.find("+14155550123")
        assert found is not None and bool(found.customer) == (stage == "won")
    email = confirmed("bob@acme.com")
    name = signal(8, "company", "Acme", "acme")
    await crm.nameless("c2", email, name, caller="+14155550199")
    colleague = await system.find("bob@acme.com")
    assert colleague is not None and colleague.customer == f"deal won, told on {AT:%Y-%m-%d}"


@pytest.mark.parametrize("withheld", [None, "anonymous", "+266696687"])
async def test_withheld_numbers_are_never_merged(store: Store, crm: Office, withheld: str | None):
    first = ids(await crm.nameless("c1", caller=withheld))
    second = ids(await crm.nameless("c2", caller=withheld))
    assert first["contact"] != second["contact"]
    again = await crm.nameless("c1", caller=withheld)
    assert ids(again) == first and {r["status"] for r in again} == {"unchanged"}


async def test_an_email_finds_its_person_from_any_number(store: Store, crm: Office):
    email = confirmed("jane@acme.com")
    first = ids(await crm.nameless("c1", email, caller="+14155550123"))
    second = ids(await crm.nameless("c2", email, caller="+14155550199"))
    assert first["contact"] == second["contact"]


async def test_two_people_on_one_line_stay_two(store: Store, crm: Office):
    jane = confirmed("jane@acme.com")
    bob = replace(jane, value="bob@acme.com")
    first = ids(await crm.nameless("c1", jane, caller="+14155550123"))
    second = ids(await crm.nameless("c2", bob, caller="+14155550123"))
    assert first["contact"] != second["contact"] and first["account"] == second["account"]
    again = await crm.nameless("c2", bob, caller="+14155550123")
    assert ids(again) == second


async def test_a_company_known_by_name_is_found_by_its_domain_later(store: Store, crm: Office):
    name = signal(8, "company", "Acme, Inc.", "acme inc")
    email = confirmed("jane@acme.com")
    first = ids(await crm.nameless("c1", name, caller="+14155550111"))
    both = ids(await crm.nameless("c2", name, email, caller="+14155550112"))
    mail = ids(await crm.nameless("c3", email, caller="+14155550113"))
    assert first["account"] == both["account"] == mail["account"]


async def test_a_private_address_names_no_company(store: Store, crm: Office):
    email = signal(9, "email", "jane@gmail.com", "jane at gmail dot com")
    assert "account" not in ids(await crm.nameless("c1", email, caller="+14155550111"))


async def test_a_name_once_known_is_not_overwritten_by_what_was_heard_later(
    store: Store, crm: Office
):
    jane = signal(8, "name", "Jane Doe", "jane doe")
    mail = confirmed("jane@acme.com")
    await crm.nameless("c1", mail, jane, caller="+14155550111")
    await crm.nameless("c2", mail, replace(jane, value="Chain Dough"), caller="+14155550111")
    assert [row["name"] for row in await rows(store, "crm_contact")] == ["Jane Doe"]


async def test_a_store_that_cannot_write_says_so(store: Store, crm: Office):
    await crm.call()
    await store.aclose()
    with pytest.raises(StoreFailed):
        await crm.crm.write(document("c1", logged([*facts("CA-c1"), ENDED], "c1")))


@pytest.mark.parametrize(
    ("given", "kept"),
    [("+14155550123", "+14155550123"), ("client:demo", None), ("", None), ("+1", None),
     ("+7378742833", None), (None, None)],
)  # fmt: skip
def test_only_a_real_number_identifies_a_line(given: str | None, kept: str | None):
    assert e164(given) == kept
