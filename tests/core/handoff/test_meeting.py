"""What an invitation tells the buyer of how they meet."""

import pytest

from core.handoff.meeting import invitation
from core.projections.document import document
from tests.core.talk import MONDAY_NOON, sample
from tests.fakes.a_call import ENDED, facts, logged


@pytest.mark.parametrize(
    ("change", "visit", "told"),
    [
        ({"phone": "+14155550142"}, False, "Maya Lindqvist calls you on +1 415-555-0142."),
        ({"phone": "+14155550142"}, True, "Maya Lindqvist comes to you."),
        ({"phone": None}, False, "Please reply with the number on which Maya Lindqvist can"),
        ({"phone": None, "status": "cancelled"}, False, ""),
    ],
)
def test_an_invitation_says_who_calls_whom_or_who_comes(change, visit, told):
    company = sample().company
    kinds = tuple(k.model_copy(update={"visit": visit}) for k in company.meeting_types)
    company = company.model_copy(update={"meeting_types": kinds})
    made = document("c1", logged([*facts(), ENDED]), company=company)
    booking = {
        "rep": "maya-lindqvist", "meeting": kinds[0].id, "title": "Intro", "status": "booked",
        "start": "2026-12-02T01:00:00.000Z", "end": "2026-12-02T01:30:00.000Z", "uid": "u1",
        "sequence": 0, "guest": "jane@acme.example",
    }  # fmt: skip
    booking |= change
    found = invitation({**made, "booking": booking}, company, MONDAY_NOON)
    assert found is not None and found.notes.startswith(told) and bool(found.notes) == bool(told)
