"""Google Calendar: impersonation, requests sent, events that take time, error messages."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.errors import CalendarFailed
from core.scheduling.ports import CalendarEntry
from tests.adapters.maya import DAY, Desk, entry
from tests.contracts.calendar_rigs import kept_at
from tests.contracts.desk import MAYA, NOW
from tests.fakes.google_calendar import ACCOUNT, CLIENT, GoogleCalendar
from tests.fakes.keys import made_key
from voice_agent.adapters.calendar_google import event_id, taken
from voice_agent.adapters.diary import Without
from voice_agent.adapters.google_wire import SCOPE, read_key
from voice_agent.errors import ConfigError

pytestmark = pytest.mark.real_clock
ENTRY = entry("b1@tideline.voice-agent")


class Times:
    """Two clocks: ours and Google's."""

    def __init__(self) -> None:
        self.ours = self.theirs = NOW

    def go(self, by: timedelta) -> None:
        self.ours += by
        self.theirs += by


@dataclass
class GoogleDesk(Desk):
    times: Times


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[GoogleDesk]:
    times = Times()
    with GoogleCalendar(MAYA.email, now=lambda: times.theirs) as server:
        async with httpx.AsyncClient() as client:
            kept = kept_at("google", server.settings(tmp_path), client, lambda: times.ours)
            yield GoogleDesk(server, kept[MAYA.id], ENTRY.uid, times)


async def test_a_token_is_fetched_once_for_each_rep_and_anew_before_it_ends(desk):
    for _ in range(3):
        await desk.busy()
    assert desk.server.granted == 1
    desk.times.go(timedelta(minutes=57))
    await desk.busy()
    assert desk.server.granted == 1
    desk.times.go(timedelta(minutes=2))
    await desk.busy()
    assert desk.server.granted == 2, "not at its end: requests take their time"


async def test_a_token_that_is_over_in_the_middle_of_a_call_is_fetched_anew_once(desk):
    await desk.busy()
    desk.server.expire()
    assert await desk.diary.add(MAYA, ENTRY)
    assert len(desk.events) == 1 and desk.server.granted == 2
    desk.server.fail("unauthorized", "/events", times=2)
    with pytest.raises(CalendarFailed) as failed:
        await desk.busy()
    assert desk.server.granted == 3, "who is refused with a new token does not ask for ever"
    assert not failed.value.retryable and "make a new key" in str(failed.value)


@pytest.mark.parametrize("off", [timedelta(minutes=7), timedelta(hours=-2)])
async def test_a_clock_that_is_wrong_is_put_right_by_googles_own(desk, caplog, off):
    desk.times.ours += off
    with caplog.at_level(logging.WARNING):
        await desk.busy()
    assert "clock" in caplog.text and desk.server.granted == 1
    assert [r.path for r in desk.server.requests].count("/token") == 2
    desk.times.go(timedelta(minutes=59))
    await desk.busy()
    assert [r.path for r in desk.server.requests].count("/token") == 3, "it is remembered"


async def test_an_event_is_put_in_under_our_id_without_the_buyer_and_without_a_mail(desk):
    assert await desk.diary.add(MAYA, ENTRY) and not await desk.diary.add(MAYA, ENTRY)
    (event,) = desk.events
    assert event["id"] == event_id(ENTRY.uid) and event["summary"] == ENTRY.title
    assert event["start"] == {"dateTime": "2026-12-01T17:00:00Z", "timeZone": MAYA.timezone}
    assert "attendees" not in event and "conferenceData" not in event
    assert not desk.server.mailed and desk.server.validated >= 2


async def test_whom_the_rep_asked_along_is_told_of_a_move_and_asked_anew(desk):
    await desk.diary.add(MAYA, ENTRY)
    guest = {"email": "colleague@tideline.example", "responseStatus": "accepted"}
    desk.events[0]["attendees"] = [guest]
    later = CalendarEntry(ENTRY.uid, 1, MAYA.id, "x", "y", ENTRY.start + DAY, ENTRY.end + DAY)
    assert await desk.diary.change(MAYA, await desk.kept(), later)
    (event,) = desk.events
    assert event["attendees"][0]["responseStatus"] == "needsAction"
    assert event["summary"] == ENTRY.title, "what the rep calls it is theirs"
    assert desk.server.mailed == [(guest["email"], event["id"])]
    assert await desk.diary.change(MAYA, await desk.kept(), Without.IT)
    assert len(desk.server.mailed) == 2 and not desk.events


async def test_a_meeting_made_a_whole_day_is_moved_to_its_time(desk):
    await desk.diary.add(MAYA, ENTRY)
    desk.events[0].update(start={"date": "2026-12-03"}, end={"date": "2026-12-04"})
    assert await desk.diary.change(MAYA, await desk.kept(), ENTRY)
    assert desk.events[0]["start"]["dateTime"] == "2026-12-01T17:00:00Z"
    assert "date" not in desk.events[0]["start"]


async def test_what_somebody_changed_meanwhile_is_not_written_over(desk):
    await desk.diary.add(MAYA, ENTRY)
    kept = await desk.kept()
    desk.server.touch(desk.events[0])
    for to in (ENTRY, Without.WORDS, Without.IT):
        assert not await desk.diary.change(MAYA, kept, to)
    assert len(desk.events) == 1


async def test_nothing_said_of_a_forgotten_person_is_left(desk):
    await desk.diary.add(MAYA, ENTRY)
    (event,) = desk.events
    event.update(
        location="Jane's", attachments=[{"fileUrl": "jane"}], conferenceData={"notes": "jane"},
        attendees=[{"email": "jane@acme.example"}, {"email": MAYA.email, "self": True}],
    )  # fmt: skip
    event["extendedProperties"]["shared"] = {"crm": "jane"}
    assert await desk.diary.change(MAYA, await desk.kept(), Without.WORDS)
    (after,) = desk.events
    assert "jane" not in json.dumps(after).lower() and MAYA.email in json.dumps(after)
    assert after["summary"] == "[erased]" and not desk.server.mailed
    assert (await desk.kept()).stands.start == ENTRY.start


def at(day: int, hour: int = 18, minutes: int = 60) -> dict[str, Any]:
    starts = datetime(2026, 12, day, hour, tzinfo=UTC)
    ends = starts + timedelta(minutes=minutes)
    return {"start": {"dateTime": starts.isoformat()}, "end": {"dateTime": ends.isoformat()}}


WHOLE = {"start": {"date": "2026-12-02"}, "end": {"date": "2026-12-03"}}
ME, SHE = {"self": True, "responseStatus": "declined"}, {"responseStatus": "declined"}
HOUR, ALL_DAY = [("02 18:00", "02 19:00")], [("02 08:00", "03 08:00")]


@pytest.mark.parametrize(
    ("event", "busy"),
    [
        (at(2), HOUR),
        (at(2) | {"status": "tentative"}, HOUR),
        (at(2) | {"status": "cancelled"}, []),
        (at(2) | {"transparency": "transparent", "summary": "vacation"}, []),
        (at(2) | {"attendees": [ME]}, []),
        (at(2) | {"attendees": [SHE]}, HOUR),
        (at(2) | {"eventType": "outOfOffice", "transparency": "transparent"}, HOUR),
        (at(2) | {"eventType": "focusTime"}, HOUR),
        (at(2) | {"attendees": None, "extendedProperties": None}, HOUR),
        (at(2) | {"eventType": "workingLocation"}, []),
        (at(2, minutes=0), []),
        (WHOLE, ALL_DAY),
        (WHOLE | {"transparency": "transparent", "summary": "Vacation in Oaxaca"}, ALL_DAY),
        (WHOLE | {"transparency": "transparent", "summary": "Ann's birthday"}, []),
        (WHOLE | {"eventType": "birthday", "summary": "Ann away"}, []),
        ({"start": {"dateTime": "2026-12-02T10:00:00-08:00"},
          "end": {"dateTime": "2026-12-02T11:00:00-08:00"}}, HOUR),
        ({"start": {"dateTime": "tomorrow"}, "end": {}}, []),
        ({"status": "confirmed"}, []),
        (at(29), []),
    ],
)  # fmt: skip
def test_what_an_event_takes(event, busy):
    found = list(taken([event], NOW, NOW + 14 * DAY, ZoneInfo("America/Los_Angeles")))
    assert [(f"{f.busy.start:%d %H:%M}", f"{f.busy.end:%d %H:%M}") for f in found] == busy


async def failing(desk: Desk) -> CalendarFailed:
    with pytest.raises(CalendarFailed) as failed:
        await desk.diary.tried(MAYA)
    told = str(failed.value)
    assert "PRIVATE" not in told and MAYA.email in told
    return failed.value


async def test_what_an_administrator_has_to_do_is_named(desk):
    assert await desk.diary.tried(MAYA) == f"{MAYA.email} at Google"
    desk.server.roles[MAYA.email] = "reader"
    assert "cannot be written" in str(await failing(desk))
    desk.server.switched_off = True
    failed = await failing(desk)
    assert "enable the Google Calendar API" in str(failed) and not failed.retryable


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        (lambda s: s.delegated.clear(), f"give client {CLIENT} the scope {SCOPE}"),
        (lambda s: s.events.clear(), "Correct `email` or `calendar`"),
        (lambda s: setattr(s, "public", made_key(1).public_key()), "the key was withdrawn"),
    ],
)
async def test_why_there_is_no_token_is_named(desk, wrong, remedy):
    wrong(desk.server)
    failed = await failing(desk)
    assert remedy in str(failed) and not failed.retryable


async def test_who_asks_too_often_waits_as_long_as_google_says(desk):
    desk.server.retry_after = "30"
    for fault in ("429", "503"):
        desk.server.fail(fault, "GET")
        with pytest.raises(CalendarFailed) as failed:
            await desk.busy()
        assert failed.value.retryable and failed.value.after_s == 30
    assert await desk.busy() == []


def test_a_key_file_that_is_none_stops_the_boot_with_the_remedy(tmp_path):
    with GoogleCalendar() as server:
        path = server.key_file(tmp_path)
        account = read_key(path)
        assert account.email == ACCOUNT and "key=" not in repr(account)
        wrong = {
            "type": "authorized_user",
            "private_key": "PRIVATE",
            "token_uri": "http://x.example",
        }
        for name, value in wrong.items():
            server.key_file(tmp_path, **{name: value})
            with pytest.raises(ConfigError, match="VOICE_AGENT_GOOGLE_CALENDAR_KEY") as failed:
                read_key(path)
            assert "PRIVATE" not in str(failed.value)
    for text in ("", "[]", "{}"):
        path.write_text(text)
        with pytest.raises(ConfigError, match="VOICE_AGENT_GOOGLE_CALENDAR_KEY"):
            read_key(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_key(tmp_path / "none.json")
