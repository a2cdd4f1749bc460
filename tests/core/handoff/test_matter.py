"""What a lead's owner is told: when in their own time, and where to read on."""

from core.handoff.matter import matter_of
from core.links import Links
from core.projections.document import document
from tests.core.talk import sample
from tests.fakes.a_call import ENDED, facts, logged

URL = "https://agent.example"


def test_times_are_the_owners_and_the_link_is_the_conversations_page():
    company = sample().company
    made = document("c1", logged([*facts(), ENDED]), company=company)
    rep = next(one for one in company.team if one.timezone == "America/Los_Angeles")
    booking = {
        "title": "Intro", "status": "booked", "start": "2026-12-02T01:00:00.000Z",
        "rep_zone": rep.timezone,
    }  # fmt: skip
    found = matter_of({**made, "booking": {**(made["booking"] or {}), **booking}}, company, URL)
    assert found is not None
    assert "Intro on Tuesday, December 1 at 5 PM Pacific." in found[1].text
    assert found[1].text.endswith(Links(URL).transcript("c1"))
