"""HubSpot specifics: existing contacts, batches, scopes, call outcomes, properties."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import CrmFailed
from core.store import crm_sync as rows
from tests.contracts.crm_rigs import fields, rig
from tests.contracts.test_crm import called, told, written
from tests.fakes import hubspot_spec
from tests.fakes.hubspot import GUIDS

pytestmark = pytest.mark.real_clock


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Any]:
    async with rig("hubspot", tmp_path) as made:
        yield made


async def row(hub: Any, kind: str) -> Any:
    (found,) = await hub.store.query(lambda c: rows.page(c, rows.SyncFilters(kind=kind), 9, None))
    return found


async def test_a_call_is_told_in_hubspots_own_terms(hub: Any) -> None:
    await written(hub, await told(hub))
    (call,) = hub.server.all("calls")
    assert call["hs_call_duration"] == "30000"
    assert call["hs_call_disposition"] == GUIDS["Connected"]
    assert (call["hs_call_direction"], call["hs_call_status"]) == ("INBOUND", "COMPLETED")
    assert call["hubspot_owner_id"] == hub.server.owners["sam@tideline.example"]
    (meeting,) = hub.server.all("meetings")
    assert meeting["hs_timestamp"] == meeting["hs_meeting_start_time"]
    (lead,) = hub.server.all("leads")
    assert lead["hs_lead_name"] == "Jane Doe, Acme"
    assert len(hub.server.linked("leads", "contacts")) == 1


@pytest.mark.skipif(not hubspot_spec.PRESENT, reason="VOICE_AGENT_TEST_SPECS has no HubSpot schema")
async def test_every_request_with_a_published_schema_follows_it(hub: Any) -> None:
    await written(hub, await told(hub))
    assert hub.server.validated >= 20 and hub.server.invalid == []
    answer = await hub.crm._wire._wire.ask(
        "POST", "/crm/v3/objects/contacts/batch/upsert", body={"inputs": [{"id": "x"}]}
    )
    assert answer.status == 400 and len(hub.server.invalid) == 1
    hub.server.invalid.clear()


async def test_a_buyers_words_are_text_and_never_markup(hub: Any) -> None:
    made = called()[2]
    made["handoff"]["summary_lines"] = [{"text": "<img src=x onerror=alert(1)> & co"}]
    await written(hub, {**await told(hub), "handoff": made["handoff"]})
    (call,) = hub.server.all("calls")
    assert "&lt;img" in call["hs_call_body"] and "<img" not in call["hs_call_body"]
    assert "<img src=x onerror=alert(1)> & co" in (await fields(hub, "activity"))["body"]


async def test_a_contact_marketing_made_is_taken_for_ours_and_keeps_what_it_says(hub: Any) -> None:
    theirs = hub.server.put("contacts", email="jane@acme.com", jobtitle="Head of Data",
                            hubspot_owner_id="502")  # fmt: skip
    await written(hub, await told(hub))
    (contact,) = hub.server.all("contacts")
    assert contact["hs_object_id"] == theirs and contact["jobtitle"] == "Head of Data"
    assert contact["hubspot_owner_id"] == "502" and contact["lastname"] == "Doe"
    assert contact["voice_agent_key"] == (await row(hub, "contact")).key
    (note,) = hub.server.all("notes")
    assert "owner: the record says “kim”" in note["hs_note_body"]


async def test_a_contact_made_between_our_look_and_our_write_is_taken_too(
    hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = hub.server.put("contacts", email="jane@acme.com")

    async def nobody(*_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr(type(hub.crm), "_alike", nobody)
    await written(hub, await told(hub))
    (contact,) = hub.server.all("contacts")
    assert contact["hs_object_id"] == theirs and contact["lastname"] == "Doe"


async def test_a_company_of_the_domain_is_taken_if_it_is_just_one(hub: Any) -> None:
    theirs = hub.server.put("companies", name="Acme Corporation", domain="acme.com")
    await written(hub, await told(hub))
    (company,) = hub.server.all("companies")
    assert company["hs_object_id"] == theirs and company["name"] == "Acme Corporation"


async def test_a_company_search_does_not_know_yet_is_not_made_twice(hub: Any) -> None:
    made = await told(hub)
    await written(hub, made)
    assert hub.server._indexed["companies"] == {}
    await written(hub, await told(hub, conversation="c2", late=timedelta(days=1)))
    assert len(hub.server.all("companies")) == 1


async def test_a_contact_that_was_merged_in_hubspot_is_followed(hub: Any) -> None:
    await written(hub, await told(hub))
    (old,) = hub.server.objects["contacts"]
    kept = hub.server.put("contacts", lastname="Doe", voice_agent_key="somebody-else")
    hub.server.merge(old, kept)
    await written(hub, await told(hub, conversation="c2", late=timedelta(days=1)))
    assert [c["hs_object_id"] for c in hub.server.all("contacts")] == [kept]


async def test_a_rep_without_a_user_is_named_and_the_record_written(hub: Any) -> None:
    del hub.server.owners["sam@tideline.example"]
    records = await written(hub, await told(hub))
    assert "failed" not in {r["status"] for r in records}
    found = await row(hub, "contact")
    assert found.state == "incomplete" and "crm.owners.sam" in found.remedy
    hub.server.owners["sam@tideline.example"] = "501"
    await written(hub, called()[2])
    assert (await row(hub, "contact")).state == "synced"
    assert (await fields(hub, "contact"))["owner"] == "sam"


async def test_an_owner_a_workflow_takes_away_is_told(hub: Any) -> None:
    hub.server.reassigns = "502"
    await written(hub, await told(hub))
    found = await row(hub, "contact")
    assert found.state == "incomplete" and "workflow" in found.message


async def test_a_missing_property_is_a_dead_letter_until_it_is_made(hub: Any) -> None:
    del hub.server.properties["contacts"]["voice_agent_segment"]
    records = await written(hub, await told(hub))
    failed = {r["object"]: r["remedy"] for r in records if r["status"] == "failed"}
    assert set(failed) == {"contact", "lead"} and "crm check --create" in failed["contact"]
    assert len(hub.server.all("calls")) == 1
    assert "error" not in {f.level for f in await hub.crm.check(create=True)}
    assert "failed" not in {r["status"] for r in await written(hub, called()[2])}
    assert hub.linked("activity", "contact"), "the call is linked once there is a contact"


async def test_missing_scopes_keep_only_what_they_are_for_from_being_written(hub: Any) -> None:
    made = await told(hub)
    hub.server.scopes.remove("crm.objects.leads.write")
    records = await written(hub, made)
    (failed,) = [r for r in records if r["status"] == "failed"]
    assert failed["object"] == "lead" and "crm.objects.leads.write" in failed["remedy"]
    assert hub.count("activity") == 1
    hub.server.scopes.add("crm.objects.leads.write")
    assert "failed" not in {r["status"] for r in await written(hub, made)}
    assert hub.count("lead") == 1


async def test_a_wrong_token_says_what_to_do(hub: Any) -> None:
    made = await told(hub)
    hub.server.fail("unauthorized", times=99)
    records = await written(hub, made)
    assert {r["status"] for r in records} == {"failed"}
    assert "HUBSPOT_ACCESS_TOKEN" in records[0]["remedy"]
    hub.server.faults.clear()
    assert {r["status"] for r in await written(hub, made)} == {"created"}


async def test_a_chat_is_a_note_of_its_contact(hub: Any) -> None:
    made = await told(hub)
    await written(hub, {**made, "channel": "chat"})
    assert hub.server.all("calls") == [] and len(hub.server.all("notes")) == 1
    assert len(hub.server.linked("notes", "contacts")) == 1
    assert {r["status"] for r in await written(hub, {**made, "channel": "chat"})} == {"unchanged"}


async def test_a_number_hubspot_lays_out_its_own_way_is_still_ours(hub: Any) -> None:
    made = await told(hub)
    await written(hub, made)
    for contact in hub.server.objects["contacts"]:
        hub.server.edit("contacts", contact, phone="+1 415-555-0123")
    assert {r["status"] for r in await written(hub, made)} == {"unchanged"}
    assert (await row(hub, "contact")).state == "synced"


async def test_nothing_of_somebody_who_was_erased_comes_back(hub: Any) -> None:
    import sqlalchemy as sa

    made = await told(hub)
    erasure = sa.text(
        "INSERT INTO person_erasure (id, persons, conversations, gone, counts, requested_at, by,"
        " why) VALUES ('p', '[]', '[\"c1\"]', '[]', '{}', '2025-03-04', '', '')"
    )
    mark = sa.text("INSERT INTO forgotten (id, erasure_id) VALUES ('c1', 'p')")
    await hub.store.write("test", lambda c: c.execute(erasure) and c.execute(mark) and None)
    assert await written(hub, made) == [] and hub.server.requests == []


@pytest.mark.parametrize("fault", ["423", "429"])
async def test_the_wait_hubspot_asks_for_is_handed_on(hub: Any, fault: Any) -> None:
    made = await told(hub)
    hub.server.retry_after = "17"
    hub.server.fail(fault, "contacts/batch/upsert")
    with pytest.raises(CrmFailed) as refused:
        await hub.sync.write(made)
    assert refused.value.retryable and refused.value.after_s == 17.0
    assert (await row(hub, "contact")).state == "retrying"
    await written(hub, made)


async def test_what_hubspot_could_not_read_is_not_taken_for_deleted(hub: Any) -> None:
    made = await told(hub)
    questions = made["handoff"]["outstanding_questions"]
    made["handoff"]["outstanding_questions"] = [{**questions[0], "id": f"q{n}"} for n in range(2)]
    await written(hub, made)
    hub.server.fail("partial", "tasks/batch/read")
    with pytest.raises(CrmFailed) as refused:
        await hub.sync.write(made)
    assert refused.value.retryable
    await written(hub, made)
    assert len(hub.server.all("tasks")) == 2


async def test_a_lead_has_its_buyer_as_primary_contact(hub: Any) -> None:
    await written(hub, await told(hub))
    kinds = {(to, which) for of, _, to, _, which in hub.server.links if of == "leads"}
    assert kinds == {("contacts", 578), ("companies", 580)}


async def test_many_tasks_of_which_one_is_refused_are_written_but_for_that_one(hub: Any) -> None:
    made = await told(hub)
    questions = made["handoff"]["outstanding_questions"]
    made["handoff"]["outstanding_questions"] = [
        {**questions[0], "id": f"q{n}", "text": f"Question {n}?"} for n in range(3)
    ]
    make = hub.server._make

    def picky(kind: str, properties: Any) -> Any:
        from tests.fakes.hubspot import Wrong

        if kind == "tasks" and "Question 1" in properties["hs_task_subject"]:
            raise Wrong(400, "VALIDATION_ERROR", "INVALID_OPTION")
        return make(kind, properties)

    hub.server._make = picky
    records = [r for r in await written(hub, made) if r["object"] == "task"]
    assert [r["status"] for r in records] == ["created", "failed", "created"]


async def test_two_contacts_with_a_number_are_nobody_in_particular(hub: Any) -> None:
    for name in ("Jane", "Bob"):
        hub.server.put("contacts", firstname=name, phone="(415) 555-0123")
    found = await hub.crm.find("+14155550123")
    assert found is not None and found.shared


async def test_a_mobile_is_told_from_a_telephone(hub: Any) -> None:
    hub.server.put("contacts", firstname="Jane", mobilephone="(415) 555-0123")
    found = await hub.crm.find("+14155550123")
    assert found is not None and found.by == "mobile"


async def test_open_deals_are_found_and_closed_ones_are_not(hub: Any) -> None:
    contact = hub.server.put("contacts", firstname="Jane", phone="+1 415-555-0123",
                             hubspot_owner_id="502")  # fmt: skip
    for name, closed in (("Renewal", "false"), ("Old", "true")):
        deal = hub.server.put("0-3", dealname=name, dealstage="s1", hs_is_closed=closed)
        hub.server.links.add(("contacts", contact, "0-3", deal, 4))
    found = await hub.crm.find("+14155550123")
    assert found is not None and found.owner == "kim"
    assert [deal.name for deal in found.deals] == ["Renewal"]


async def test_a_customer_is_known_by_their_lifecycle_stage_or_their_companys(hub: Any) -> None:
    company = hub.server.put("companies", name="Acme", lifecyclestage="customer")
    hub.server.put(
        "contacts", email="a@acme.com", lifecyclestage="lead", associatedcompanyid=company
    )
    hub.server.put("contacts", email="b@acme.com", lifecyclestage="Customer")
    hub.server.put("contacts", email="c@acme.com", lifecyclestage="lead")
    found = [await hub.crm.find(f"{who}@acme.com") for who in "abc"]
    assert [f.customer for f in found] == [
        "lifecyclestage is customer", "lifecyclestage is Customer", "",
    ]  # fmt: skip
    assert hub.server.invalid == []


async def test_a_number_of_several_is_a_customers_only_if_all_of_them_are(hub: Any) -> None:
    first = hub.server.put("contacts", phone="(415) 555-0123", lifecyclestage="customer")
    hub.server.put("contacts", phone="(415) 555-0123", lifecyclestage="lead")
    assert (await hub.crm.find("+14155550123")).customer == ""
    hub.server.edit("contacts", first, lifecyclestage="lead")
    for one in hub.server.objects["contacts"].values():
        one["properties"]["lifecyclestage"] = "evangelist"
    hub.server.index()
    assert (await hub.crm.find("+14155550123")).customer == "lifecyclestage is evangelist"


async def test_a_property_that_tells_of_customers_and_is_not_there_is_named(hub: Any) -> None:
    del hub.server.properties["contacts"]["lifecyclestage"]
    warned = [f.text for f in await hub.crm.check() if f.level == "warning"]
    assert any("crm.customers.hubspot.field" in text for text in warned)


async def test_check_names_what_is_missing_and_makes_it_when_asked(tmp_path: Path) -> None:
    async with rig("hubspot", tmp_path) as hub:
        for properties in hub.server.properties.values():
            for name in [n for n in properties if n.startswith("voice_agent")]:
                del properties[name]
        hub.server.scopes.remove("crm.objects.leads.write")
        found = [f.text for f in await hub.crm.check() if f.level == "error"]
        assert any("scope crm.objects.leads.write" in text for text in found)
        assert any("contacts: the property voice_agent_key is missing" in text for text in found)
        hub.server.scopes.add("crm.objects.leads.write")
        made = await hub.crm.check(create=True)
        assert "error" not in {f.level for f in made}, made
        assert {f.level for f in await hub.crm.check()} == {"ok"}
        hub.server.properties["calls"]["voice_agent_key"]["hasUniqueValue"] = False
        wrong = [f.text for f in await hub.crm.check() if f.level == "error"]
        assert len(wrong) == 1 and "not unique" in wrong[0]
        await written(hub, await told(hub))
