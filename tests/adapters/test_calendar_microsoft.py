"""Microsoft 365 calendars: requests sent, events that take time, error messages."""

import json
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.errors import CalendarFailed
from core.scheduling.ports import CalendarEntry
from tests.adapters.maya import DAY, Desk, entry
from tests.contracts.calendar_rigs import kept_at
from tests.contracts.desk import MAYA, NOW
from tests.fakes.graph import SECRET, Graph, told
from voice_agent.adapters.calendar_microsoft import MicrosoftDiary, taken
from voice_agent.adapters.diary import Without
from voice_agent.errors import ConfigError

pytestmark = pytest.mark.real_clock
ENTRY = entry("b1@o'tideline.voice-agent")
LATER = CalendarEntry(ENTRY.uid, 1, MAYA.id, "x", "y", ENTRY.start + DAY, ENTRY.end + DAY)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    with Graph(MAYA.email, now=lambda: NOW) as server:
        async with httpx.AsyncClient() as client:
            kept = kept_at("microsoft", server.settings, client, lambda: NOW)
            yield Desk(server, kept[MAYA.id], ENTRY.uid)


async def test_one_token_serves_until_it_is_refused_and_is_then_fetched_once(desk):
    for _ in range(3):
        await desk.busy()
    assert desk.server.granted == 1
    desk.server.expire()
    assert await desk.diary.add(MAYA, ENTRY) and len(desk.events) == 1
    assert desk.server.granted == 2
    desk.server.fail("unauthorized", "calendarView", times=2)
    with pytest.raises(CalendarFailed):
        await desk.busy()
    assert desk.server.granted == 3, "who is refused with a new token does not ask for ever"


async def test_an_event_is_put_in_once_without_the_buyer_and_without_a_mail(desk):
    assert await desk.diary.add(MAYA, ENTRY) and not await desk.diary.add(MAYA, ENTRY)
    (event,) = desk.events
    assert event["subject"] == ENTRY.title and event["body"]["content"] == ENTRY.notes
    assert event["start"] == {"dateTime": "2026-12-01T17:00:00", "timeZone": "UTC"}
    assert "attendees" not in event and "isOnlineMeeting" not in event
    assert not desk.server.mailed and desk.server.validated >= 2
    assert (await desk.kept()).stands.start == ENTRY.start


async def test_a_copy_somebody_made_of_a_meeting_is_not_taken_for_it(desk):
    await desk.diary.add(MAYA, ENTRY)
    (event,) = desk.events
    copy = {k: v for k, v in event.items() if k not in ("id", "transactionId")}
    copied = desk.server.put(MAYA.email, **copy | {"start": told(ENTRY.start + DAY)})
    desk.server.events[MAYA.email] = {e["id"]: e for e in (copied, event)}
    assert (await desk.kept()).event["id"] == event["id"]
    assert await desk.diary.change(MAYA, await desk.kept(), Without.IT)
    assert [e["id"] for e in desk.events] == [copied["id"]], "theirs is left alone"


@pytest.mark.parametrize("heeds", [True, False])
async def test_what_somebody_changed_meanwhile_is_looked_at_anew(desk, heeds):
    await desk.diary.add(MAYA, ENTRY)
    kept = await desk.kept()
    desk.events[0]["location"] = {"displayName": "Room 7"}
    desk.server.touch(desk.events[0])
    desk.server.heeds_tags = heeds
    assert await desk.diary.change(MAYA, kept, LATER) is not heeds
    assert desk.events[0]["location"] == {"displayName": "Room 7"}, "only its time is written"


async def test_nothing_said_of_a_forgotten_person_is_left(desk):
    await desk.diary.add(MAYA, ENTRY)
    (event,) = desk.events
    event.update(
        location={"displayName": "Jane's"}, categories=["Jane"], hasAttachments=True,
        attachments=[{"id": "AAMk/a=", "name": "jane.pdf"}, {"id": "AAMk/b=", "name": "jane.png"}],
        attendees=[{"emailAddress": {"address": a}, "type": "required"}
                   for a in ("jane@acme.example", "tom@tideline.example")],
    )  # fmt: skip
    assert await desk.diary.change(MAYA, await desk.kept(), Without.WORDS)
    (after,) = desk.events
    assert "jane" not in json.dumps(after).lower() and "tom@tideline.example" in json.dumps(after)
    assert after["subject"] == "[erased]" and (await desk.kept()).stands.start == ENTRY.start


async def test_the_next_page_is_asked_for_at_graph_and_nowhere_else(desk):
    desk.server.page = 1
    for n in range(3):
        start = ENTRY.start + n * DAY
        desk.server.put(MAYA.email, start=told(start), end=told(start + DAY / 24))
    assert len(await desk.busy()) == 3
    desk.server.next_host = "https://elsewhere.example"
    with pytest.raises(CalendarFailed, match=r"goes on at elsewhere\.example"):
        await desk.busy()


def event(**other: Any) -> dict[str, Any]:
    times = {"start": "2026-12-02T18:00:00.0000000", "end": "2026-12-02T19:00:00.0000000"}
    given = {name: {"dateTime": at, "timeZone": "UTC"} for name, at in times.items()}
    return {**given, "isAllDay": False, "isCancelled": False, "showAs": "busy", **other}


def whole(hour: int = 0, **other: Any) -> dict[str, Any]:
    given = {
        name: {"dateTime": f"2026-12-0{day}T{hour:02}:00:00.0000000", "timeZone": "UTC"}
        for name, day in (("start", 2), ("end", 3))
    }
    return event(isAllDay=True, **given, **other)


HOUR, ALL_DAY = [("02 18:00", "02 19:00")], [("02 08:00", "03 08:00")]


@pytest.mark.parametrize(
    ("given", "busy"),
    [
        (event(), HOUR),
        (event(showAs="tentative"), HOUR),
        (event(showAs="oof"), HOUR),
        (event(showAs="unknown"), HOUR),
        (event(showAs="free", subject="vacation"), []),
        (event(showAs="workingElsewhere"), []),
        (event(isCancelled=True), []),
        (event(singleValueExtendedProperties=None, responseStatus=None), HOUR),
        (event(responseStatus={"response": "declined"}), []),
        (event(responseStatus={"response": "notResponded"}), HOUR),
        (whole(), ALL_DAY),
        (whole(hour=8), ALL_DAY),  # a mailbox's own midnights, told in UTC
        (whole(showAs="free", subject="Urlaub"), ALL_DAY),
        (whole(showAs="free", subject="Ann's birthday"), []),
        (event(start={"dateTime": "soon"}), []),
        ({}, []),
    ],
)
def test_what_an_event_takes(given, busy):
    found = list(taken([given], NOW, NOW + 14 * DAY, ZoneInfo("America/Los_Angeles")))
    assert [(f"{f.busy.start:%d %H:%M}", f"{f.busy.end:%d %H:%M}") for f in found] == busy


async def failing(diary: MicrosoftDiary) -> CalendarFailed:
    with pytest.raises(CalendarFailed) as failed:
        await diary.tried(MAYA)
    assert SECRET not in str(failed.value)
    return failed.value


async def test_what_an_administrator_has_to_do_is_named(desk):
    assert await desk.diary.tried(MAYA) == f"{MAYA.email} at Microsoft 365"
    desk.server.permissions = {"Calendars.Read"}
    failed = await failing(desk.diary)
    assert "Calendars.ReadWrite" in str(failed) and "consent" in str(failed)
    desk.server.permissions = {"Calendars.ReadWrite"}
    desk.server.kept_out = {MAYA.email}
    failed = await failing(desk.diary)
    assert "keeps the application out" in str(failed) and not failed.retryable
    desk.server.events.clear()
    failed = await failing(desk.diary)
    assert "no such mailbox" in str(failed) and not failed.retryable


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ({"microsoft_client_secret": "an-id"}, "MICROSOFT_CLIENT_SECRET"),
        ({"microsoft_client_id": "other"}, "MICROSOFT_CLIENT_ID"),
        ({"microsoft_tenant_id": "other"}, "MICROSOFT_TENANT_ID"),
    ],
)
async def test_why_there_is_no_token_is_named(desk, wrong, remedy):
    async with httpx.AsyncClient() as client:
        kept = kept_at("microsoft", desk.server.settings | wrong, client, lambda: NOW)
        failed = await failing(kept[MAYA.id])
    assert remedy in str(failed) and "Trace" not in str(failed) and not failed.retryable
    assert "an-id" not in str(failed)


async def test_who_asks_too_often_waits_as_long_as_graph_says(desk):
    desk.server.retry_after = "30"
    for fault in ("429", "503"):
        desk.server.fail(fault, "calendarView")
        with pytest.raises(CalendarFailed) as failed:
            await desk.busy()
        assert failed.value.retryable and failed.value.after_s == 30
    assert await desk.busy() == []


async def test_half_a_setting_stops_the_boot(desk):
    async with httpx.AsyncClient() as client:
        half = desk.server.settings | {"microsoft_client_secret": ""}
        with pytest.raises(ConfigError, match="MICROSOFT_CLIENT_SECRET"):
            kept_at("microsoft", half, client, lambda: NOW)
