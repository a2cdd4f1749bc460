"""Salesforce specifics: sessions, External IDs, duplicate rules, converted leads, limits."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import CrmFailed
from core.store import crm_sync as rows
from tests.contracts.crm_rigs import fields, rig
from tests.contracts.test_crm import called, told, written
from tests.fakes.salesforce import KEY
from tests.fakes.vendor_server import Reply

pytestmark = pytest.mark.real_clock


@pytest.fixture
async def org(tmp_path: Path) -> AsyncIterator[Any]:
    async with rig("salesforce", tmp_path) as made:
        yield made


async def row(org: Any, kind: str) -> Any:
    (found,) = await org.store.query(lambda c: rows.page(c, rows.SyncFilters(kind=kind), 9, None))
    return found


async def test_a_call_is_a_completed_task_in_seconds(org: Any) -> None:
    await written(org, await told(org))
    (call,) = [t for t in org.server.all("Task") if t.get("TaskSubtype") == "Call"]
    assert (call["CallType"], call["Status"], call["CallObject"]) == (
        "Inbound", "Completed", "CA-c1",
    )  # fmt: skip
    assert call["CallDurationInSeconds"] == 30 and call["ActivityDate"] == "2025-03-03"
    assert call["WhoId"].startswith("003") and call["WhatId"].startswith("001")
    (lead,) = org.server.all("Lead")
    assert (lead["LastName"], lead["Company"]) == ("Doe", "Acme")
    assert (await row(org, "contact")).url.endswith("/view")


async def test_an_activity_is_on_the_day_it_is_where_its_owner_is(org: Any) -> None:
    made = await told(org)
    late = "2025-03-04T01:30:00Z"  # the evening before in New York
    callback = {"when": "this evening", "quote": "x", "start": late, "owner": "sam"}
    await written(org, {**made, "callback": {**(made["callback"] or {}), **callback}})
    (task,) = [t for t in org.server.all("Task") if t.get("ReminderDateTime", "")[:13] == late[:13]]
    assert task["ActivityDate"] == "2025-03-03"


async def test_somebody_without_a_name_gets_one_when_they_say_it(org: Any) -> None:
    from core.events import SignalCaptured

    which, logged, made = called()
    nameless = {**made, "signals": [s for s in made["signals"] if s["criterion"] != "name"]}
    for entry in logged:
        if not isinstance(entry.fact, SignalCaptured) or entry.fact.criterion != "name":
            await org.store.log.append(which, entry.at, [entry.fact])
    await written(org, nameless)
    (contact,) = org.server.all("Contact")
    assert contact["LastName"] == "[not provided]"
    await written(org, await told(org, conversation="c2", late=timedelta(days=1)))
    assert (await fields(org, "contact"))["last_name"] == "Doe"
    assert org.count("contact") == 1


async def test_a_session_that_runs_out_is_renewed_once_and_nothing_is_lost(org: Any) -> None:
    await written(org, await told(org))
    org.server.revoke()
    await written(org, await told(org, conversation="c2", late=timedelta(days=1)))
    assert org.server.tokens == 2 and org.count("activity") == 2


async def test_wrong_credentials_say_what_to_check(org: Any) -> None:
    org.crm._wire._secret = "wrong"
    records = await org.sync.write(await told(org))
    assert {r["status"] for r in records} == {"failed"}
    assert "SALESFORCE_CLIENT_SECRET" in records[0]["remedy"]


async def test_an_org_out_of_requests_is_asked_again_much_later(org: Any) -> None:
    made = await told(org)
    answer = org.server.answer
    body = [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    org.server.answer = lambda request: (
        Reply(403, body) if request.method == "PATCH" else answer(request)
    )
    with pytest.raises(CrmFailed) as refused:
        await org.sync.write(made)
    assert refused.value.retryable and refused.value.after_s >= 600
    org.server.answer = answer
    await written(org, made)
    assert org.count("contact") == 1


async def test_an_upsert_that_says_nothing_is_believed(org: Any) -> None:
    org.server.silent = True
    made = await told(org)
    org.server.fail("reset-after", "sobjects/Contact/")
    await written(org, made)
    assert org.count("contact") == 1 and (await row(org, "contact")).remote_id


async def test_a_duplicate_rule_leads_to_the_record_it_found(org: Any) -> None:
    org.server.blocks_duplicates = True
    theirs = [org.server.put("Contact", LastName="Doe", Email="jane@acme.com", Title="Boss")
              for _ in range(1)]  # fmt: skip
    org.crm._alike = _nobody
    await written(org, await told(org))
    (contact,) = org.server.all("Contact")
    assert contact["Id"] == theirs[0] and contact[KEY] and contact["Title"] == "Boss"


async def _nobody(*_: Any) -> str:
    return ""


async def test_a_contact_of_the_same_email_is_taken_for_ours(org: Any) -> None:
    theirs = org.server.put("Contact", LastName="O'Doe", Email="jane@acme.com",
                            OwnerId=org.server.users["kim@tideline.example"])  # fmt: skip
    await written(org, await told(org))
    (contact,) = org.server.all("Contact")
    assert (contact["Id"], contact["LastName"]) == (theirs, "O'Doe")
    assert (await fields(org, "contact"))["owner"] == "kim"


async def test_an_account_of_the_website_is_taken_however_it_is_written(org: Any) -> None:
    theirs = org.server.put("Account", Name="Acme Corporation", Website="https://www.acme.com")
    await written(org, await told(org))
    (account,) = org.server.all("Account")
    assert account["Id"] == theirs and org.count("note") == 1


async def test_several_records_with_our_key_are_a_dead_letter(org: Any) -> None:
    made = await told(org)
    await written(org, made)
    (contact,) = org.server.all("Contact")
    org.server.put("Contact", LastName="Copy", **{KEY: contact[KEY]})
    again = await org.crm.read("contact", [])
    assert again == {}
    with pytest.raises(CrmFailed) as refused:
        from core.crm.records import Ref

        await org.crm.read("contact", [Ref(contact[KEY])])
    assert not refused.value.retryable and "unique" in refused.value.remedy


async def test_a_lead_a_person_converted_is_left_to_them(org: Any) -> None:
    await written(org, await told(org))
    (lead,) = org.server.all("Lead")
    lead["IsConverted"] = True
    from core.events import VerdictReached

    out = VerdictReached("nurture", "mid-market", 0.2, (), (), (), "crit-1", 9)
    records = await written(org, await told(org, out, conversation="c2", late=timedelta(days=1)))
    assert "failed" not in {r["status"] for r in records}
    assert lead["Voice_Agent_Verdict__c"] == "qualified"


async def test_a_missing_field_is_named_and_made_when_asked(tmp_path: Path) -> None:
    async with rig("salesforce", tmp_path) as org:
        for name, known in org.server.fields.items():
            org.server.fields[name] = {
                n: f for n, f in known.items() if not n.startswith("Voice_Agent")
            }
        made = await told(org)
        records = await org.sync.write(made)
        assert {r["status"] for r in records} == {"failed"}
        assert "crm check --create" in records[0]["remedy"]
        found = [f.text for f in await org.crm.check() if f.level == "error"]
        assert any(f"Contact: the field {KEY} is missing" in text for text in found)
        assert "error" not in {f.level for f in await org.crm.check(create=True)}
        assert {f.level for f in await org.crm.check()} == {"ok"}
        await written(org, made)
        assert org.count("activity") == 1


async def test_a_key_that_is_not_unique_is_found_by_the_check(org: Any) -> None:
    from tests.fakes.salesforce_objects import Field

    org.server.fields["Lead"] = {**org.server.fields["Lead"], KEY: Field(length=64)}
    (wrong,) = [f.text for f in await org.crm.check() if f.level == "error"]
    assert "Lead" in wrong and "unique External ID" in wrong


async def test_who_writes_is_found_with_their_account_and_a_mobile_is_told_from_a_telephone(
    org: Any,
) -> None:
    account = org.server.put("Account", Name="Acme")
    org.server.put("Contact", FirstName="Jane", LastName="Doe", MobilePhone="(415) 555-0123",
                   Email="Jane@Acme.com", AccountId=account)  # fmt: skip
    for whom, by in (("jane@acme.com", "email"), ("+14155550123", "mobile")):
        found = await org.crm.find(whom)
        assert (found.name, found.company, found.by, found.shared) == (
            "Jane Doe", "Acme", by, False,
        )  # fmt: skip


async def test_a_customer_is_known_by_the_type_of_their_account(org: Any) -> None:
    for kind, whom in (
        ("Customer - Direct", "a@x.com"),
        ("Prospect", "b@x.com"),
        (None, "c@x.com"),
    ):
        account = org.server.put("Account", Name="X", Type=kind)
        org.server.put("Contact", LastName="Doe", Email=whom, AccountId=account)
    org.server.put("Contact", LastName="Doe", Email="d@x.com")
    found = [await org.crm.find(f"{who}@x.com") for who in "abcd"]
    assert [f.customer for f in found] == ["Type is Customer - Direct", "", "", ""]


async def test_a_field_that_is_hidden_costs_nobody_their_look(org: Any) -> None:
    del org.server.fields["Account"]["Type"]
    account = org.server.put("Account", Name="Acme", Type="Customer")
    org.server.put("Contact", LastName="Doe", Email="a@x.com", AccountId=account)
    found = await org.crm.find("a@x.com")
    assert (found.company, found.customer) == ("Acme", "")
    warned = [f.text for f in await org.crm.check() if f.level == "warning"]
    assert any("crm.customers.salesforce.field" in text for text in warned)


async def test_open_deals_of_the_account_are_found(org: Any) -> None:
    account = org.server.put("Account", Name="Acme", NumberOfEmployees=200)
    org.server.put("Contact", FirstName="Jane", LastName="Doe", Phone="(415) 555-0123",
                   AccountId=account, OwnerId=org.server.users["kim@tideline.example"])  # fmt: skip
    for name, closed in (("Renewal", False), ("Old", True)):
        org.server.put("Opportunity", Name=name, AccountId=account, IsClosed=closed,
                       StageName="Open")  # fmt: skip
    found = await org.crm.find("+14155550123")
    assert (found.name, found.owner, found.employees) == ("Jane Doe", "kim", "200")
    assert [deal.name for deal in found.deals] == ["Renewal"]
