"""What the team and the buyer are told of a meeting."""

import pytest

from core.events import Fact, MeetingRecorded, Noted
from core.handoff.meeting import TOLD, invitation, meeting_part
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


def met(sequence: int) -> MeetingRecorded:
    start, end = "2026-12-02T01:00:00+00:00", "2026-12-02T01:30:00+00:00"
    status = "moved" if sequence else "booked"
    return MeetingRecorded(
        "b1", status, "maya-lindqvist", "intro", start, end, "", "u1", sequence, 3
    )


@pytest.mark.parametrize(
    ("since", "untold"),
    [
        ([met(0)], False),
        ([met(0), met(1)], False),
        ([met(0), met(1), Noted(TOLD, {}), Noted("crm", {})], False),
        ([met(0), Noted(TOLD, {}), met(1)], True),
        ([met(0), Noted(TOLD, {}), met(1), met(2)], True),
        ([met(0), Noted(TOLD, {}), met(1), Noted(TOLD, {})], False),
        ([met(2)], True),
        ([met(2), met(3)], True),
        ([met(2), Noted(TOLD, {})], False),
    ],
)
def test_a_change_is_untold_if_the_team_knew_the_meeting_before(since: list[Fact], untold: bool):
    part = meeting_part([*facts(), *since])
    assert part is not None and part["untold"] is untold
