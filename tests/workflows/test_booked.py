"""A meeting after the call: in calendar, CRM and invitation, once each, and up to date."""

from dataclasses import replace
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.errors import CalendarFailed
from core.events import MeetingRecorded
from core.projections.document import document
from core.store.booking_tables import BookingRow
from core.store.store import Store
from tests.core.talk import sample
from tests.fakes.a_call import AT, ENDED, facts
from tests.workflows.test_durable import running
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.api.calls import routes

pytestmark = pytest.mark.real_clock

COMPANY = sample().company
BOOKED = MeetingRecorded(
    "b1", "booked", "maya-lindqvist", "intro", "2026-12-03T19:00:00+00:00",
    "2026-12-03T19:30:00+00:00", "America/New_York", "b1@tideline.voice-agent", 0, 2,
)  # fmt: skip
MOVED = replace(BOOKED, status="moved", start="2026-12-04T16:00:00+00:00",
                end="2026-12-04T16:30:00+00:00", sequence=1)  # fmt: skip


async def rows(store: Store, table: str) -> list[dict]:
    query = sa.text(f"SELECT * FROM {table}")
    return await store.query(lambda c: [dict(r) for r in c.execute(query).mappings()])


async def wrapped(store: Store, conversation_id: str, *meetings, calendar=None) -> dict:
    await store.log.append(conversation_id, AT, [*facts(f"CA-{conversation_id}"), *meetings, ENDED])
    calendar = calendar or EmbeddedCalendar(store)
    async with running(store, calendar=calendar, company=lambda: COMPANY) as workflows:
        await workflows.wrap_up(conversation_id)
        await workflows.wrapped_up(conversation_id)
        await workflows.wrap_up(conversation_id)
    return document(conversation_id, await store.log.read(conversation_id), company=COMPANY)


async def test_a_booked_meeting_is_in_the_calendar_and_the_crm_once(store):
    made = await wrapped(store, "c1", BOOKED)
    (entry,) = await rows(store, "calendar_entry")
    (meeting,) = await rows(store, "crm_meeting")
    assert entry["uid"] == BOOKED.uid and entry["rep"] == "maya-lindqvist" and entry["ours"]
    assert entry["title"].startswith("Introductory call with ") and not entry["cancelled"]
    assert (meeting["booking_id"], meeting["outcome"]) == ("b1", "SCHEDULED")
    assert meeting["owner"] == "maya-lindqvist" and meeting["contact_id"]
    assert [r["object"] for r in made["crm"]["records"]].count("meeting") == 1


async def test_a_later_call_moves_and_cancels_the_same_records(store):
    await wrapped(store, "c1", BOOKED)
    await wrapped(store, "c2", MOVED)
    (entry,) = await rows(store, "calendar_entry")
    (meeting,) = await rows(store, "crm_meeting")
    assert entry["sequence"] == 1 and "2026-12-04" in str(entry["starts_at"])
    assert meeting["outcome"] == "RESCHEDULED" and "2026-12-04" in str(meeting["starts_at"])
    await wrapped(store, "c3", replace(MOVED, status="cancelled", sequence=2))
    (entry,) = await rows(store, "calendar_entry")
    (meeting,) = await rows(store, "crm_meeting")
    assert entry["cancelled"] and meeting["outcome"] == "CANCELED"


async def test_the_brief_of_the_conversation_that_booked_tells_of_a_later_ones_change(store):
    row = BookingRow(
        id="b1", conversation_id="c1", rep=MOVED.rep, meeting=MOVED.meeting, uid=MOVED.uid,
        starts_at=datetime.fromisoformat(MOVED.start), ends_at=datetime.fromisoformat(MOVED.end),
        sequence=1, created_at=AT, updated_at=AT,
    ).model_dump()  # fmt: skip
    await wrapped(store, "c1", BOOKED)
    await store.write("b", lambda c: c.execute(sa.insert(BookingRow).values(row)))
    gone = replace(MOVED, status="cancelled", sequence=2)
    await store.log.append("c1", AT, [replace(gone, turn=0)])
    await wrapped(store, "c2", gone)
    made = document("c1", await store.log.read("c1"), company=COMPANY)
    assert "is off." in made["handoff"]["summary"] and made["booking"]["status"] == "cancelled"
    assert made["booking"]["confirmation_heard"] is None


async def test_a_change_that_comes_late_does_not_undo_a_newer_one(store):
    row = BookingRow(
        id="b1", conversation_id="c1", rep=MOVED.rep, meeting=MOVED.meeting, uid=MOVED.uid,
        starts_at=datetime.fromisoformat(MOVED.start), ends_at=datetime.fromisoformat(MOVED.end),
        sequence=1, created_at=AT, updated_at=AT,
    ).model_dump()  # fmt: skip
    await store.write("b", lambda c: c.execute(sa.insert(BookingRow).values(row)))
    await wrapped(store, "c2", MOVED)
    await wrapped(store, "c1", BOOKED)
    (entry,) = await rows(store, "calendar_entry")
    (meeting,) = await rows(store, "crm_meeting")
    assert entry["sequence"] == 1 and "2026-12-04" in str(entry["starts_at"])
    assert meeting["outcome"] == "RESCHEDULED" and "2026-12-04" in str(meeting["starts_at"])


class Away(EmbeddedCalendar):
    """A calendar that fails for good."""

    async def create(self, entry) -> None:
        failure = CalendarFailed("permission denied")
        failure.retryable = False
        raise failure


async def test_a_calendar_that_refuses_is_noted_and_keeps_nothing_else_from_being_written(store):
    made = await wrapped(store, "c1", BOOKED, calendar=Away(store))
    notes = [e.fact for e in await store.log.read("c1")]
    failed = [n.data for n in notes if getattr(n, "kind", "") == "calendar"]
    assert failed == [
        {"status": "failed", "error": "permission denied"}
    ] and made["crm"]["status"] == "written"  # fmt: skip


async def test_the_invitation_is_served_with_its_method_and_not_without_a_meeting(store, tmp_path):
    await store.log.append("c1", AT, [*facts("CA-1"), BOOKED])
    await store.log.append("c2", AT, [*facts("CA-2")])
    cancelled = replace(BOOKED, status="cancelled", sequence=1)
    await store.log.append("c3", AT, [*facts("CA-3"), BOOKED, cancelled])
    transport = httpx.ASGITransport(Starlette(routes=routes(store, "t", tmp_path, lambda: COMPANY)))
    auth = {"authorization": "Bearer t"}
    async with httpx.AsyncClient(transport=transport, base_url="http://a", headers=auth) as api:
        made = await api.get("/api/v1/conversations/c1/invitation.ics")
        assert made.status_code == 200 and "method=REQUEST" in made.headers["content-type"]
        assert "DTSTART;TZID=America/Chicago:20261203T130000\r\n" in made.text
        assert "UID:b1@tideline.voice-agent\r\n" in made.text
        gone = await api.get("/api/v1/conversations/c3/invitation.ics")
        assert "METHOD:CANCEL\r\n" in gone.text and "SEQUENCE:1\r\n" in gone.text
        for path in ("c2", "nobody"):
            none = await api.get(f"/api/v1/conversations/{path}/invitation.ics")
            assert none.status_code == 404
