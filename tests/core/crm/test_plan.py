from typing import Any

import pytest

from core.crm.plan import Keys, alike_of, plan
from core.crm.records import Record
from core.events import CallbackRequested, Fact, VerdictReached
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.links import Links
from core.projections.document import document
from knowledge.sections.crm import Crm
from tests.fakes.a_call import ENDED, facts, logged, signal

KEYS = Keys("p1", "a1")
DEFAULT = Crm()


def made(
    *more: Fact, caller: str | None = "+14155550123", crm: Crm = DEFAULT, **given: Any
) -> dict[str, Record]:  # fmt: skip
    call = document("c1", logged([*facts("CA1", caller), *more, ENDED]))
    return {r.kind: r for r in plan(call, KEYS, Links("https://agent.example"), crm, **given)}


def test_a_call_makes_each_record_with_links_to_whom_it_concerns():
    records = made()
    assert list(records) == ["account", "contact", "lead", "activity", "task"]
    assert records["task"].links == {"account": "a1", "contact": "p1"}
    contact = records["contact"].fields
    assert (contact["first_name"], contact["last_name"]) == ("Jane", "Doe")
    assert contact["phone"] == "+14155550123" and contact["owner"] == "sam"
    assert contact["signal_tech_stack"] == "Snowflake" and contact["verdict"] == "qualified"


def test_a_call_is_told_in_milliseconds_with_its_direction_and_absolute_links():
    call = made()["activity"]
    assert call.variant == "call" and call.fields["direction"] == "INBOUND"
    assert int(call.fields["duration_ms"]) == 1000 * len(facts())
    assert call.fields["at"] == "2025-03-03T15:04:05Z" and call.fields["call_id"] == "CA1"
    assert call.fields["recording_url"] == "https://agent.example/console/calls/c1#recording"


def test_what_somebody_owes_is_a_task_of_theirs():
    task = made()["task"]
    assert task.key == "c1:q2" and task.fields["owner"] == "sam"
    assert task.fields["title"] == "Answer: Do you have an office in Lima?"


def test_only_verdicts_the_company_names_make_a_lead():
    assert "lead" not in made(crm=Crm(leads=("nurture",)))
    out = VerdictReached("disqualified", None, 0.0, (), (), (), "crit-1", 6)
    assert "lead" not in made(out)


def test_somebody_of_whom_nothing_is_known_is_no_contact():
    call = document("c1", logged([facts("CA1", None)[0], ENDED]))
    kinds = [r.kind for r in plan(call, Keys("p1", None), Links(), Crm())]
    assert kinds == ["activity"]


@pytest.mark.parametrize("length", [10, 300, 40_000])
def test_no_field_is_longer_than_every_system_keeps(length: int):
    said = [
        signal(20 + n, name, "x" * length, "x")
        for n, name in enumerate(("name", "company", "role", "use_case"))
    ]
    for record in made(*said).values():
        for name, value in record.fields.items():
            most = {"first_name": 40, "last_name": 80, "role": 120, "body": 30_000,
                    "summary": 30_000}.get(name, 250)  # fmt: skip
            assert len(value) <= most, (record.kind, name)


def test_a_promised_call_is_a_task_of_who_promised_it_at_its_hour():
    wanted = CallbackRequested(
        9, "call me tomorrow", "tomorrow between 9 and 11", "kim", "2025-03-04T14:00:00+00:00",
        "2025-03-04T16:00:00+00:00", "America/New_York",
    )  # fmt: skip
    task = made(wanted)["task"]
    assert task.variant == "callback" and task.key == "c1:callback"
    assert (task.fields["owner"], task.fields["due_at"]) == ("kim", "2025-03-04T14:00:00Z")


@pytest.mark.parametrize(
    ("found", "said", "alike"),
    [
        ({}, {}, {"id": "7"}),
        ({"name": "Jane Doe"}, {"name": "Jane"}, {"id": "7"}),
        ({"name": "Dana Reyes"}, {"name": "Jane Doe"}, {}),
        ({"shared": True}, {}, {}),
        ({"system": "salesforce"}, {}, {}),
        ({}, {"email": "jane@acme.com"}, {"email": "jane@acme.com"}),
        ({"sure": True}, {"email": "jane@acme.com"}, {"id": "7"}),
    ],
)
def test_a_contact_of_the_number_is_taken_for_ours_unless_something_speaks_against_it(
    found: dict[str, Any], said: dict[str, str], alike: dict[str, str]
):
    known = {"system": "hubspot", "id": "7", "name": "", "sure": False, "shared": False, **found}
    record = Record("contact", "p1", said)
    assert alike_of(record, {"crm_contact": known}, "hubspot") == alike
    assert alike_of(Record("contact", "p1", {}), {"crm_contact": None}, "hubspot") == {}


def test_what_a_person_put_right_is_told_and_may_be_written_over_ours():
    name = SignalCorrected("k1", "s2", "name", "Jane Doe", "Joan Dow", "sam")
    phone = SignalCorrected("k2", "", "phone", "", "+14155552671", "sam")
    records = made(name, phone)
    contact = records["contact"]
    assert (contact.fields["name"], contact.fields["last_name"]) == ("Joan Dow", "Dow")
    assert contact.fields["phone"] == "+14155552671"
    assert contact.corrected == {"name", "first_name", "last_name", "phone"}
    assert records["lead"].corrected == contact.corrected and not records["account"].corrected
    back = made(name, CorrectionWithdrawn("k1", "sam"))["contact"]
    assert back.fields["name"] == "Jane Doe" and "name" in back.corrected
    gone = made(SignalCorrected("k3", "s3", "company", "Acme", "", "sam"))
    assert "company" not in gone["lead"].fields
