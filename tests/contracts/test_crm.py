"""Every CRM with a conversation, whatever goes wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.crm.records import NotWritten
from core.errors import CrmFailed
from core.events import (
    ConversationEnded,
    Fact,
    Logged,
    MeetingRecorded,
    RouteChosen,
    VerdictReached,
)
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.projections.document import document
from core.store import crm_sync as rows
from tests.contracts.crm_rigs import KINDS, fields, rig
from tests.fakes.a_call import AT, facts, signal
from tests.fakes.vendor_server import Fault

pytestmark = pytest.mark.real_clock
SYSTEMS = ("embedded", "hubspot", "salesforce")
FAULTS: tuple[Fault, ...] = (
    "429", "500", "html", "reset", "reset-after", "hang-after", "garbage-after", "partial",
)  # fmt: skip
STRIKES = [("embedded", "500"), ("embedded", "reset-after")] + [
    (system, fault) for system in SYSTEMS[1:] for fault in FAULTS
]
"""A database fails before its commit or after it; a vendor in every way there is."""
MEETING = MeetingRecorded(
    "b1", "booked", "sam", "intro", "2025-03-06T15:00:00+00:00", "2025-03-06T15:30:00+00:00",
    "America/New_York", "uid-1", 0, 6,
)  # fmt: skip
EMAIL = signal(9, "email", "Jane@Acme.com", "jane at acme dot com", confidence=0.99)
ENDED = ConversationEnded("booked", "caller_hung_up", 31_000)


def called(
    conversation: str = "c1", *more: Fact, late: timedelta = timedelta(0),
    caller: str = "+14155550123",
) -> tuple[str, list[Logged], dict[str, Any]]:  # fmt: skip
    """A call with everything in it: its id, its facts in order, its document."""
    said = [*facts(f"CA-{conversation}", caller), EMAIL, MEETING, *more, ENDED]
    logged = [
        Logged(conversation, n, AT + late + timedelta(seconds=n), fact)
        for n, fact in enumerate(said, start=1)
    ]
    return conversation, logged, document(conversation, logged)


async def told(system: Any, *more: Fact, conversation: str = "c1", **given: Any) -> dict[str, Any]:
    """Store a call; its document."""
    which, logged, made = called(conversation, *more, **given)
    for entry in logged:
        await system.store.log.append(which, entry.at, [entry.fact])
    return made


async def written(system: Any, made: dict[str, Any], tries: int = 9) -> list[dict[str, Any]]:
    """Write a document as the durable step does: again, until it is done."""
    for _ in range(tries):
        try:
            return await system.sync.write(made)
        except CrmFailed as error:
            assert error.retryable, error
    raise AssertionError("it never ends")


async def states(system: Any) -> dict[str, str]:
    found = await system.store.query(lambda c: rows.page(c, rows.SyncFilters(), 99, None))
    return {row.kind: row.state for row in found}


@pytest.fixture(params=SYSTEMS)
async def system(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    async with rig(request.param, tmp_path) as made:
        yield made


async def assert_all_is_there_once(system: Any) -> None:
    assert {kind: system.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert system.count("note") == 0
    contact, call = await fields(system, "contact"), await fields(system, "activity")
    assert (contact["email"], contact["phone"]) == ("jane@acme.com", "+14155550123")
    assert contact["last_name"] == "Doe" and contact["owner"] == "sam"
    assert contact["verdict"] == "qualified" and contact["signal_tech_stack"] == "Snowflake"
    assert call["direction"] == "INBOUND" and call["at"] == "2025-03-03T15:04:06Z"
    assert call["recording_url"] == "https://a.example/console/calls/c1#recording"
    assert "Owed:\n- “Do you have an office in Lima?”" in call["body"].replace("\r", "")
    meeting, task = await fields(system, "meeting"), await fields(system, "task")
    assert meeting["starts_at"] == "2025-03-06T15:00:00Z" and task["owner"] == "sam"
    assert (await fields(system, "account"))["name"] == "Acme"
    assert system.linked("activity", "contact") and system.linked("task", "contact")
    assert set((await states(system)).values()) == {"synced"}


async def test_a_call_leaves_one_of_each_record(system: Any) -> None:
    records = await written(system, await told(system))
    assert [(r["object"], r["status"]) for r in records] == [(k, "created") for k in KINDS]
    await assert_all_is_there_once(system)


async def test_writing_again_changes_nothing(system: Any) -> None:
    made = await told(system)
    await written(system, made)
    again = await written(system, made)
    assert {r["status"] for r in again} == {"unchanged"}
    await assert_all_is_there_once(system)


async def test_what_a_person_put_right_is_written_over_ours_once_and_taken_back(
    system: Any,
) -> None:
    await written(system, await told(system))
    right = [
        SignalCorrected("k1", "s2", "name", "Jane Doe", "Joan Dow", "sam"),
        SignalCorrected("k2", "s9", "email", "Jane@Acme.com", "joan@acme.com", "sam"),
    ]
    await system.store.log.append("c1", AT, right)
    for again in (False, True):
        made = document("c1", await system.store.log.read("c1"))
        found = {r["object"]: r["status"] for r in await written(system, made)}
        assert found["contact"] == ("unchanged" if again else "updated")
        contact = await fields(system, "contact")
        assert (contact["first_name"], contact["last_name"]) == ("Joan", "Dow")
        assert contact["email"] == "joan@acme.com"
    assert {kind: system.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)
    await system.store.log.append("c1", AT, [CorrectionWithdrawn("k1", "sam")])
    await written(system, document("c1", await system.store.log.read("c1")))
    contact = await fields(system, "contact")
    assert (contact["last_name"], contact["email"]) == ("Doe", "joan@acme.com")


NO_EMAIL = SignalCorrected("k0", "s9", "email", "Jane@Acme.com", "", "sam")
RENAMED = SignalCorrected("k1", "s3", "company", "Acme", "Acme Robotics", "sam")


async def test_a_company_of_this_call_alone_is_renamed_and_another_of_its_old_name_is_another(
    system: Any,
) -> None:
    await written(system, await told(system, NO_EMAIL))
    await system.store.log.append("c1", AT, [RENAMED])
    for again in (False, True):
        made = document("c1", await system.store.log.read("c1"))
        found = {r["object"]: r["status"] for r in await written(system, made)}
        assert found["account"] == ("unchanged" if again else "updated")
        assert (await fields(system, "account"))["name"] == "Acme Robotics"
    assert system.count("account") == 1 and system.linked("contact", "account")
    await system.store.log.append("c1", AT, [CorrectionWithdrawn("k1", "sam")])
    await written(system, document("c1", await system.store.log.read("c1")))
    assert (await fields(system, "account"))["name"] == "Acme" and system.count("account") == 1
    again = SignalCorrected("k2", "s3", "company", "Acme", "Acme Robotics", "sam")
    await system.store.log.append("c1", AT, [again])
    await written(system, document("c1", await system.store.log.read("c1")))
    late = {"late": timedelta(hours=1), "caller": "+14155550199"}
    await written(system, await told(system, NO_EMAIL, conversation="c2", **late))
    assert system.count("account") == 2


async def test_a_company_others_belong_to_keeps_its_name_and_who_was_put_right_leaves_it(
    system: Any,
) -> None:
    await written(system, await told(system, NO_EMAIL))
    late = {"late": timedelta(hours=1), "caller": "+14155550199"}
    await written(system, await told(system, NO_EMAIL, conversation="c2", **late))
    assert system.count("account") == 1
    await system.store.log.append("c2", AT, [RENAMED])
    await written(system, document("c2", await system.store.log.read("c2")))
    assert system.count("account") == 2


async def test_a_verdict_that_would_make_no_lead_is_told_of_the_lead_there_is(
    system: Any,
) -> None:
    await written(system, await told(system))
    out = VerdictReached("disqualified", None, 0.0, (), (), (), "crit-1", 6, anew=True)
    await system.store.log.append("c1", AT, [
        SignalCorrected("k1", "s1", "tech_stack", "Snowflake", "Oracle", "sam"), out,
    ])  # fmt: skip
    for again in (False, True):
        made = document("c1", await system.store.log.read("c1"))
        found = {r["object"]: r["status"] for r in await written(system, made)}
        assert found["lead"] == ("unchanged" if again else "updated")
        lead = await fields(system, "lead")
        assert lead["verdict"] == "disqualified"
    assert {kind: system.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)


async def test_what_was_never_said_is_taken_out_where_it_is_ours_and_may_come_back(
    system: Any,
) -> None:
    await written(system, await told(system))
    none = [
        SignalCorrected("k1", "s9", "email", "Jane@Acme.com", "", "sam"),
        SignalCorrected("k2", "s1", "tech_stack", "Snowflake", "", "sam"),
    ]
    await system.store.log.append("c1", AT, none)
    for again in (False, True):
        made = document("c1", await system.store.log.read("c1"))
        found = {r["object"]: r["status"] for r in await written(system, made)}
        assert found["contact"] == ("unchanged" if again else "updated")
        contact = await fields(system, "contact")
        assert not contact.get("email") and not contact.get("signal_tech_stack")
        assert contact["last_name"] == "Doe"
    await system.store.log.append("c1", AT, [CorrectionWithdrawn("k1", "sam")])
    await written(system, document("c1", await system.store.log.read("c1")))
    assert (await fields(system, "contact"))["email"] == "jane@acme.com"
    assert {kind: system.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert set((await states(system)).values()) == {"synced"}


@pytest.mark.parametrize(("system", "fault"), STRIKES, indirect=["system"])
async def test_whatever_fails_at_every_write_all_is_there_once_in_the_end(
    system: Any, fault: Fault
) -> None:
    made = await told(system)
    for kind in KINDS:
        system.fail(fault, kind)
    await written(system, made)
    assert len(system.failures()) >= (len(KINDS) if fault != "partial" else 1)
    await assert_all_is_there_once(system)


async def test_two_writing_the_same_at_once_leave_one_of_each(system: Any) -> None:
    made = await told(system)
    async with anyio.create_task_group() as both:
        both.start_soon(written, system, made)
        both.start_soon(written, system, made)
    await written(system, made)
    await assert_all_is_there_once(system)


async def test_what_a_person_edited_stays_and_the_news_is_in_a_note(system: Any) -> None:
    await written(system, await told(system))
    system.edit("contact", "role", "VP of Data")
    system.edit("contact", "owner", "kim")
    news = [signal(30, "role", "CTO", "i am the cto")]
    records = await written(
        system, await told(system, *news, conversation="c2", late=timedelta(days=1))
    )
    contact = await fields(system, "contact")
    assert (contact["role"], contact["owner"]) == ("VP of Data", "kim")
    assert [r["status"] for r in records if r["object"] == "note"] == ["created"]
    note = await fields(system, "note")
    assert "“VP of Data” and was left" in note["body"] and "“CTO”" in note["body"]
    assert "kim" not in note["body"], "the owner is no news: it was sam before"
    assert (await states(system))["contact"] == "kept"


async def test_what_we_wrote_ourselves_is_brought_up_to_date(system: Any) -> None:
    role = signal(30, "role", "Analyst", "i am an analyst")
    await written(system, await told(system, role))
    news = [signal(31, "role", "CTO", "i am the cto now", supersedes="s30")]
    await written(system, await told(system, *news, conversation="c2", late=timedelta(days=1)))
    assert (await fields(system, "contact"))["role"] == "CTO"
    assert system.count("contact") == 1 and system.count("note") == 0


async def test_a_field_a_person_emptied_stays_empty(system: Any) -> None:
    role = signal(30, "role", "Analyst", "i am an analyst")
    made = await told(system, role)
    await written(system, made)
    system.edit("contact", "role", "")
    await written(system, made)
    assert "role" not in await fields(system, "contact")


async def test_an_older_call_written_later_changes_nothing_newer(system: Any) -> None:
    old = await told(system, signal(30, "role", "Analyst", "an analyst"))
    new = await told(
        system, signal(30, "role", "CTO", "the cto"), conversation="c2", late=timedelta(days=1)
    )
    await written(system, new)
    await written(system, old)
    assert (await fields(system, "contact"))["role"] == "CTO"
    assert system.count("activity") == 2 and system.count("contact") == 1


async def test_a_record_a_person_deleted_is_not_made_again_for_the_same_call(system: Any) -> None:
    made = await told(system)
    await written(system, made)
    system.delete("task")
    await written(system, made)
    assert system.count("task") == 0 and (await states(system))["task"] == "kept"


async def test_a_name_misheard_later_does_not_rename_the_record(system: Any) -> None:
    await written(system, await told(system))
    misheard = signal(30, "name", "Jane Dough", "jane dough", supersedes="s2")
    await written(system, await told(system, misheard, conversation="c2", late=timedelta(days=1)))
    assert (await fields(system, "contact"))["last_name"] == "Doe"


async def test_a_record_refused_for_good_is_dead_with_a_remedy_and_the_others_are_there(
    system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upsert = type(system.crm).upsert
    refusal = NotWritten("validation-error", "no such property", "Make the property.")

    async def refusing(self: Any, kind: Any, writes: Any) -> Any:
        if kind == "activity":
            return [refusal for _ in writes]
        return await upsert(self, kind, writes)

    monkeypatch.setattr(type(system.crm), "upsert", refusing)
    made = await told(system)
    records = await written(system, made)
    failed = [r for r in records if r["status"] == "failed"]
    assert [(r["object"], r["remedy"]) for r in failed] == [("activity", "Make the property.")]
    assert (await states(system))["activity"] == "dead" and system.count("meeting") == 1
    monkeypatch.setattr(type(system.crm), "upsert", upsert)  # a person made it
    await written(system, made)
    await assert_all_is_there_once(system)


async def test_who_routing_chooses_owns_the_record(system: Any) -> None:
    await written(system, await told(system))
    route = RouteChosen("kim", "callback", ("owns it",), (), False, 9)
    await written(system, await told(system, route, conversation="c2", late=timedelta(days=1)))
    assert (await fields(system, "contact"))["owner"] == "kim"


async def test_somebody_is_found_by_their_number(system: Any) -> None:
    assert await system.crm.find("+14155550123") is None
    await written(system, await told(system))
    if hasattr(system.server, "index"):
        system.server.index()
    found = await system.crm.find("+14155550123")
    assert found is not None and (found.name, found.owner) == ("Jane Doe", "sam")
    assert found.email == "jane@acme.com" and not found.shared
    assert await system.crm.find("+14155550199") is None
    written_to = await system.crm.find("jane@acme.com")
    assert written_to is not None and (written_to.id, written_to.by) == (found.id, "email")
    assert found.by == "phone" and await system.crm.find("o'neil@acme.com") is None
